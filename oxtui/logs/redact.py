"""Redaction: secrets are replaced before a byte reaches a spool, a log or a screen."""

from __future__ import annotations

import builtins
import re
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager

from oxtui.logs.secret_forms import SHORTEST, forms
from oxtui.logs.unseen import seen

MARK = "<sensitive>"
_MARK = MARK.encode()
_BORNE = "_oxtui_redactor"
_LONGEST_CODES = 4096
"""Bytes of escape codes and the like that may part a secret where its stream is cut."""


class Redactor:
    """Replaces every form of the known secrets by `<sensitive>`.

    Known forms: as it is, each line of a multi-line secret, with CRLF line ends, base64 (also inside a
    longer text and wrapped at 64 or 76 columns), JSON-escaped, shell-quoted, URL-encoded; each also with
    escape codes in it, such as the colours of `grep`. Secrets of fewer than three characters are ignored:
    replacing them would make ordinary text unreadable.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[bytes] = set()
        self._learning = threading.Lock()  # stores tell what they found from threads of their own
        self.patterns = Patterns(())
        self._add(secrets)

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._forms)} forms>"

    def add(self, secret: str) -> None:
        """Learn a secret; streams that are open already know it from their next bytes on."""
        self._add((secret,))

    def text(self, text: str) -> str:
        """`text` without secrets."""
        if not self._forms:
            return text
        return self.bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def bytes(self, data: builtins.bytes) -> builtins.bytes:
        """`data` without secrets."""
        return RedactingStream(self).whole(data)

    def secrets_in(self, text: str) -> list[str]:
        """Every stretch of `text` that holds a secret, in its order; those that overlap are one."""
        data = text.encode("utf-8", "surrogatepass")
        found: list[tuple[int, int]] = []
        for start, end in self.patterns.spans(data, len(data)) if self._forms else ():
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return [data[start:end].decode("utf-8", "surrogatepass") for start, end in found]

    def beginning(self, text: str) -> str:
        """`text` that was cut off at its end, without secrets and without what may be the start of one."""
        return (
            RedactingStream(self)
            .feed(text.encode("utf-8", "surrogatepass"))
            .decode("utf-8", "surrogatepass")
        )

    @asynccontextmanager
    async def of_errors(self) -> AsyncIterator[None]:
        """Errors that leave the block bear the redactor, so that a report of them knows the secrets."""
        try:
            yield
        except Exception as error:
            self.borne_by(error)
            raise

    def borne_by(self, error: Exception) -> None:
        """Let an error bear the redactor, so that a report of it knows the secrets."""
        error.__dict__[_BORNE] = self

    def _add(self, secrets: Iterable[str]) -> None:
        made = {form for secret in secrets for form in forms(secret)}
        with self._learning:
            new = made - self._forms
            if new:
                self._forms |= new
                self.patterns = Patterns(self._forms)


def redactors_of(error: BaseException | None) -> Iterator[Redactor]:
    """What an error, its causes and the errors of its group bear."""
    waiting, seen_errors = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen_errors:
            continue
        seen_errors.add(id(each))
        found = each.__dict__.get(_BORNE)
        if isinstance(found, Redactor):
            yield found
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions


class Patterns:
    """The forms of all secrets, made ready for search; immutable."""

    def __init__(self, found: Iterable[bytes]) -> None:
        self._all = sorted(found, key=lambda form: (-len(form), form))
        self._longest = len(self._all[0]) if self._all else 0
        self._by_head: dict[bytes, list[bytes]] = {}
        for form in self._all:
            self._by_head.setdefault(form[:SHORTEST], []).append(form)
        # One search finds where any secret could begin; only there are the forms compared.
        self._heads = re.compile(b"|".join(map(re.escape, self._by_head)))

    def __bool__(self) -> bool:
        return bool(self._all)

    def spans(self, data: bytes, end: int) -> list[tuple[int, int]]:
        """Every (start, end) of a secret in `data` that starts before `end`, by start, the longest at each."""
        found = self._spans(data, end)
        parted = seen(data)
        if parted is not None and (parts := self._spans(parted.data, len(parted.data))):
            before = parted.before(end)
            found += [
                (parted.place(first), parted.place(last - 1) + 1)
                for first, last in parts
                if first < before
            ]
            found.sort()
        return found

    def _spans(self, data: bytes, end: int) -> list[tuple[int, int]]:
        found = []
        for start, candidates in self._candidates(data, 0, end + SHORTEST - 1):
            for form in candidates:
                if data.startswith(form, start):
                    found.append((start, start + len(form)))
                    break
        return found

    def undecided(self, data: bytes) -> int:
        """Where the end of `data` begins that could be the beginning of a secret; `len(data)` if none."""
        found = self._undecided(data)
        begin = max(0, len(data) - self._longest - _LONGEST_CODES)
        if (parted := seen(data[begin:])) is not None:
            begun = self._undecided(parted.data)
            if begun < len(parted.data):
                found = min(found, begin + parted.place(begun))
        return found

    def _undecided(self, data: bytes) -> int:
        length = len(data)
        for start, candidates in self._candidates(data, max(0, length - self._longest + 1), length):
            tail = data[start:]
            if any(len(form) > len(tail) and form.startswith(tail) for form in candidates):
                return start
        for start in range(max(0, length - SHORTEST + 1), length):
            tail = data[start:]
            if any(head.startswith(tail) for head in self._by_head):
                return start
        return length

    def _candidates(self, data: bytes, begin: int, end: int) -> Iterator[tuple[int, list[bytes]]]:
        while match := self._heads.search(data, begin, end):
            yield match.start(), self._by_head[match[0]]
            begin = match.start() + 1


class RedactingStream:
    """Redacts a stream that comes in pieces, wherever the pieces are cut.

    Bytes that may be the beginning of a secret are held back until the next bytes decide it. A secret
    without a line end in it is always decided at a line end, so whole lines are never held back by it.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = b""
        self._covered = 0
        """How many of the held bytes belong to a secret whose mark is out already."""

    def feed(self, data: bytes) -> bytes:
        """Take `data`; returns what is safe to show so far."""
        patterns = self._redactor.patterns
        if not patterns:
            return data
        whole = self._held + data
        return self._decide(patterns, whole, patterns.undecided(whole))

    def whole(self, data: bytes) -> bytes:
        """All of a stream at once: nothing follows that could decide an end otherwise."""
        patterns = self._redactor.patterns
        return self._decide(patterns, data, len(data)) if patterns else data

    def flush(self) -> bytes:
        """What was held back; the stream is at its end."""
        patterns = self._redactor.patterns
        return self._decide(patterns, self._held, len(self._held)) if patterns else b""

    def _decide(self, patterns: Patterns, data: bytes, cut: int) -> bytes:
        out = []
        done = self._covered
        for start, end in patterns.spans(data, cut):
            if start >= done:
                out += [data[done:start], _MARK]
            done = max(done, end)
        if done < cut:
            out.append(data[done:cut])
        self._held = data[cut:]
        self._covered = max(0, done - cut)
        return b"".join(out)
