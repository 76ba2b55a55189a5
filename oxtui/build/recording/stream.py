"""Takes the reports of a shell's hooks out of its output, whatever the borders of its chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST = 64 * 1024
"""Bytes of a report; what is longer is no report of ours."""
_OURS = re.compile(rb"[A-Za-z0-9/._;%-]*")
"""All that a report may hold: any other byte tells that it was cut off, and ends it."""
_END = b"\x07"
_ESCAPED = re.compile(rb"%([0-9A-F]{2})")


@dataclass(slots=True)
class ReportFilter:
    """Parts the output of one shell into what is drawn and what its hooks report.

    Only sequences with the nonce are taken, so output cannot forge a report: no program of the guest but
    the shell itself has seen the nonce. A report that other output cut in two is dropped, and `torn` counts it.
    """

    nonce: str = field(repr=False)
    torn: int = 0
    _held: bytes = b""

    @property
    def _start(self) -> bytes:
        return b"\x1b]5713;" + self.nonce.encode() + b";"

    def feed(self, data: bytes) -> tuple[bytes, list[list[bytes]]]:
        """What is to be drawn, and the reports: the fields of each, the first of which is its kind."""
        start = self._start
        data, self._held = self._held + data, b""
        shown: list[bytes] = []
        reports: list[list[bytes]] = []
        at = 0
        while (found := data.find(start, at)) >= 0:
            shown.append(data[at:found])
            body = _OURS.match(data, found + len(start))
            end = len(data) if body is None else body.end()
            if end - found > LONGEST:
                self.torn += 1
            elif end == len(data):
                self._held = data[found:]
                return b"".join(shown), reports
            elif data[end : end + 1] == _END:
                text = data[found + len(start) : end]
                reports.append([_decoded(part) for part in text.split(b";")])
                end += 1
            else:
                self.torn += 1
            at = end
        rest = data[at:]
        kept = _beginning(rest, start)
        self._held = rest[len(rest) - kept :]
        shown.append(rest[: len(rest) - kept])
        return b"".join(shown), reports

    def flush(self) -> bytes:
        """What was held back when the output ended; a report that has begun is not shown."""
        held, self._held = self._held, b""
        return b"" if held.startswith(self._start) else held


def _beginning(data: bytes, start: bytes) -> int:
    """How many bytes at the end of `data` may be the beginning of `start`."""
    longest = min(len(data), len(start) - 1)
    return next((n for n in range(longest, 0, -1) if start.startswith(data[-n:])), 0)


def _decoded(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
