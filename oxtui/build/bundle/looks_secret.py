"""Text that looks like a secret that nobody told oxtui of: private keys, tokens, passwords in URLs.

What a session knew to be secret was masked before it was written. This is the second look, at what
programs printed by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from oxtui.logs.redact import MARK
from oxtui.logs.unseen import seen

_MARK: Final = MARK.encode()
_SECRET: Final = re.compile(
    rb"""
      oxide-token-[0-9A-Za-z_-]{8,}
    | \b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b                       # ids of AWS keys
    | \bgh[pousr]_[0-9A-Za-z]{30,} | \bgithub_pat_[0-9A-Za-z_]{30,}
    | \bglpat-[0-9A-Za-z_-]{20,}
    | \bxox[abeoprs]-[0-9A-Za-z-]{10,}
    | \bhv[sbr]\.[0-9A-Za-z_-]{20,}                                  # Vault
    | \beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,} # JSON web tokens
    | (?<=://)[^\s/@:'"]{0,256}:(?P<url>[^\s/@'"]{1,256})(?=@)
    | (?i:[?&;](?:password|passwd|pwd|pass|token|access_token|secret|api_?key|signature|sig)
        =(?P<query>[^\s&;'"\#]+))
    | (?i:aws_secret_access_key|secretaccesskey)["']?\s{0,4}[=:]\s{0,4}["']?(?P<aws>[0-9A-Za-z/+=]{40})
    | (?i:authorization:\s{0,4}(?:bearer|basic|token)\s{1,4})
        (?!\$(?:[A-Za-z_]\w{0,99}|\{[A-Za-z_]\w{0,99}\})(?:["'\s\\]|$))  # a shell's variable tells nothing
        (?P<header>[^\s'"]{6,})
    """,
    re.VERBOSE,
)
_GROUPS: Final = ("url", "query", "aws", "header")
_BEGIN: Final = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_END: Final = re.compile(rb"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
LONGEST_KEY: Final = 400
"""Lines of a private key at most; a larger RSA key than any has fewer."""


class SecretSeeker:
    """Masks what looks like a secret, line by line; `count` says how often.

    A private key goes over several lines, so lines of one text are given in their order, to one
    seeker of their own (`begin`).
    """

    def __init__(self) -> None:
        self.count = 0
        self._key_lines = 0

    def begin(self) -> None:
        """Another text begins: no key goes over from the one before."""
        self._key_lines = 0

    def line(self, line: bytes) -> bytes:
        """A line without secrets; it stays one line."""
        if self._key_lines:
            return self._in_key(line)
        plain = seen(line)
        data = line if plain is None else plain.data
        if b"PRIVATE KEY" in data and (begun := _BEGIN.search(data)) is not None:
            self.count += 1
            start = begun.start() if plain is None else plain.place(begun.start())
            ended = _END.search(data, begun.end())
            if ended is None:
                self._key_lines = LONGEST_KEY
                return self._masked(line[:start]) + _MARK
            end = ended.end() if plain is None else plain.place(ended.end() - 1) + 1
            return self._masked(line[:start]) + _MARK + self._masked(line[end:])
        return self._masked(line)

    def text(self, text: str) -> str:
        """A text of any number of lines without secrets; it keeps their number."""
        self.begin()
        data = text.encode("utf-8", "surrogatepass")
        found = b"\n".join(map(self.line, data.split(b"\n")))
        self.begin()
        return text if found == data else found.decode("utf-8", "replace")

    def texts(self, texts: Sequence[str]) -> list[str]:
        """Texts that follow one another, such as the last lines of a log."""
        if not any("PRIVATE KEY" in text for text in texts):
            return [self.text(text) for text in texts]
        counts = [text.count("\n") + 1 for text in texts]
        lines = self.text("\n".join(texts)).split("\n")
        found, at = [], 0
        for count in counts:
            found.append("\n".join(lines[at : at + count]))
            at += count
        return found

    def _in_key(self, line: bytes) -> bytes:
        self._key_lines -= 1
        ended = _END.search(line)
        if ended is None:
            return _MARK
        self._key_lines = 0
        return _MARK + self._masked(line[ended.end() :])

    def _masked(self, line: bytes) -> bytes:
        plain = seen(line)
        data = line if plain is None else plain.data
        pieces, done = [], 0
        for match in _SECRET.finditer(data):
            group = next((name for name in _GROUPS if match[name] is not None), None)
            start, end = match.span(group) if group else match.span()
            if data[start:end] == _MARK:
                continue
            self.count += 1
            if plain is not None:
                start, end = plain.place(start), plain.place(end - 1) + 1
            pieces += [line[done:start], _MARK]
            done = end
        return b"".join([*pieces, line[done:]])
