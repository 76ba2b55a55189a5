"""Text made safe for where it goes: Go's quoted strings, HTML, JavaScript, the query of a URL."""

from __future__ import annotations

from typing import Final

_SHORT: Final = {
    7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\",
}  # fmt: skip
_HTML: Final = {0: "\ufffd", 34: "&#34;", 38: "&amp;", 39: "&#39;", 60: "&lt;", 62: "&gt;"}
_JS_MARKS: Final = {39: "\\'", 34: '\\"', 92: "\\\\"}


class _Table(dict[int, str]):
    """Code points and what stands for them, found out when one is first met."""

    def __init__(self, known: dict[int, str], *, ascii_only: bool = False) -> None:
        super().__init__(known)
        self.ascii_only = ascii_only

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = character.isprintable() and not (self.ascii_only and code > 0x7F)
        if not plain:
            character = self.escape(code)
        self[code] = character
        return character

    def escape(self, code: int) -> str:
        """For a code point that does not stand for itself."""
        if code < 0x80:
            return f"\\x{code:02x}"
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Script(_Table):
    def escape(self, code: int) -> str:
        return "\x7f" if code == 0x7F else f"\\u{code:04X}"


_QUOTED: Final = _Table(_SHORT)
_ASCII: Final = _Table(_SHORT, ascii_only=True)
_JS: Final = _Script(_JS_MARKS | {ord(mark): f"\\u{ord(mark):04X}" for mark in "<>&="})


def quoted(text: str, *, ascii_only: bool = False, raw: bool = False) -> str:
    """The text as a string of Go; `raw` prefers backquotes, where they can hold it."""
    if raw and "`" not in text and all(c == "\t" or c.isprintable() for c in text):
        return f"`{text}`"
    return f'"{text.translate(_ASCII if ascii_only else _QUOTED)}"'


def quoted_character(code: int, *, ascii_only: bool = False) -> str:
    """A code point as a character constant of Go."""
    character = chr(code)
    if character in "'\"":
        return "'\\''" if character == "'" else "'\"'"
    return f"'{quoted(character, ascii_only=ascii_only)[1:-1]}'"


def html(text: str) -> str:
    """For the text and the attributes of HTML."""
    return text.translate(_HTML)


def javascript(text: str) -> str:
    """For a string of JavaScript."""
    return text.translate(_JS)


def query(text: str) -> str:
    """For the query of a URL."""
    from urllib.parse import quote_plus

    return quote_plus(text, errors="surrogatepass")
