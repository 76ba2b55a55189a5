"""What is in output but not to be seen: a colour that begins in the middle of a word parts it in bytes only."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

_SEQUENCE = rb"[0-9:;<=>?]*[ -/]*(?:[@-~]|\Z)"
_STRING = rb"(?:[^\x07\x1b\n\xc2]|\xc2(?![\x90-\x9f]))*(?:\x07|\x1b\\|\xc2\x9c)"
_BEGUN = {
    rb"\x1b": rb"\[" + _SEQUENCE + rb"|[\]PX^_]" + _STRING + rb"|[ -/]*[0-~]?",
    rb"\xc2": rb"\x9b" + _SEQUENCE + rb"|[\x90\x98\x9d-\x9f]" + _STRING + rb"|[\x80-\x9f\xad]|\Z",
    rb"\xe2": rb"\x80[\x8b-\x8f\xaa-\xae]|\x81[\xa0-\xaf]|[\x80\x81]?\Z",
    rb"\xef": rb"\xb8[\x80-\x8f]|\xbb\xbf|[\xb8\xbb]?\Z",
    rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]": rb"",
}
"""What `oxtui.logs.sanitise` removes, in bytes: a first byte, and what follows it; the end may cut it.

Line ends and tabs stay. Escape codes come first, then other controls, then characters that only format.
"""
_FIRST = bytes({*range(32), *b"\x7f\xc2\xe2\xef"} - {*b"\t\n\r"})
_UNSEEN = re.compile(
    rb"[%s](?:" % re.escape(_FIRST)
    + rb"|".join(rb"(?<=%s)(?:%s)" % begun for begun in _BEGUN.items())
    + rb")"
)
"""Begins with a set of bytes: `re` seeks that ten times as fast as one of several beginnings."""


class Seen:
    """The bytes of `data` that are seen, and where each of them was."""

    def __init__(self, data: bytes) -> None:
        self.data = _UNSEEN.sub(b"", data)
        self._all = data

    @cached_property
    def _raw(self) -> list[int]:
        """Where each stretch of seen bytes begins in the data: known only to who has found something."""
        return [0, *(match.end() for match in _UNSEEN.finditer(self._all))]

    @cached_property
    def _seen(self) -> list[int]:
        """How many bytes are seen before each stretch."""
        removed = accumulate(len(match[0]) for match in _UNSEEN.finditer(self._all))
        return [0, *(end - gone for end, gone in zip(self._raw[1:], removed, strict=True))]

    def before(self, raw: int) -> int:
        """How many bytes before place `raw` of the data are seen."""
        piece = bisect_right(self._raw, raw) - 1
        if piece < 0:
            return 0
        end = self._seen[piece + 1] if piece + 1 < len(self._seen) else len(self.data)
        return min(self._seen[piece] + raw - self._raw[piece], end)

    def place(self, seen: int) -> int:
        """Where byte `seen` of those that are seen is in the data; `seen` may be their number."""
        piece = bisect_right(self._seen, seen) - 1
        return self._raw[piece] + seen - self._seen[piece]


def seen(data: bytes) -> Seen | None:
    """What is seen of `data`; None where that is all of it."""
    if len(data.translate(None, _FIRST)) == len(data):
        return None
    found = Seen(data)
    return found if len(found.data) < len(data) else None
