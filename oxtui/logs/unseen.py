"""What is in output but not to be seen: a colour that begins in the middle of a word parts it in bytes only."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_ESCAPES = (
    rb"(?:\x1b\[|\xc2\x9b)[0-9:;<=>?]*[ -/]*(?:[@-~]|\Z)"
    rb"|(?:\x1b[\]PX^_]|\xc2[\x90\x98\x9d-\x9f])"
    rb"(?:[^\x07\x1b\n\xc2]|\xc2(?![\x90-\x9f]))*(?:\x07|\x1b\\|\xc2\x9c)"
    rb"|\x1b[ -/]*[0-~]?"
)
_CONTROLS = rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]"
_FORMATS = (
    rb"\xc2\xad|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xb8[\x80-\x8f]|\xef\xbb\xbf"
)
_CUT = rb"(?:\xc2|\xe2[\x80\x81]?|\xef[\xb8\xbb]?)\Z"
_UNSEEN = re.compile(rb"(?:" + rb"|".join((_ESCAPES, _CONTROLS, _FORMATS, _CUT)) + rb")+")
"""What `oxtui.logs.sanitise` removes, in bytes; line ends and tabs stay. The end may cut it."""
_BEGINNINGS = bytes(
    byte
    for byte in range(256)
    if (byte < 32 and byte not in b"\t\n\r") or byte in b"\x7f\xc2\xe2\xef"
)
_BEGINNING = re.compile(b"[" + re.escape(_BEGINNINGS) + b"]")
"""Sought first: a set of bytes is found ten times as fast as what may follow it."""


class Seen:
    """The bytes of `data` that are seen, and where each of them was."""

    def __init__(self, data: bytes) -> None:
        pieces, starts, at = [], [], 0
        place = 0
        while begun := _BEGINNING.search(data, place):
            match = _UNSEEN.match(data, begun.start())
            if match is None:
                place = begun.end()
                continue
            if match.start() > at:
                pieces.append(data[at : match.start()])
                starts.append(at)
            at = place = match.end()
        pieces.append(data[at:])
        starts.append(at)
        self.data = b"".join(pieces)
        self._raw = starts
        self._seen = [0, *accumulate(map(len, pieces[:-1]))]

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
    if len(data.translate(None, _BEGINNINGS)) == len(data):
        return None
    found = Seen(data)
    return found if len(found.data) < len(data) else None
