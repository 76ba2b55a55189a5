"""A session as Packer's `-machine-readable` has it: `UNIX,TARGET,TYPE,DATA...`, one record a line (packer.md 6).

The target stays empty in lines of the user interface, as Packer documents: who parses them finds the
build in the text. Records of artifacts and errors have it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from oxtui.build.report.narrator import Narrator
from oxtui.build.report.output import Place
from oxtui.build.report.said import Fact, Said, SayingKind
from oxtui.component import events as e
from oxtui.logs.sanitise import plain_lines

_ESCAPES = str.maketrans({",": "%!(PACKER_COMMA)", "\r": "\\r", "\n": "\\n"})


def record(moment: float, target: str, kind: str, *data: str) -> str:
    """One line; `moment` in Unix seconds."""
    fields = (plain_lines(field).translate(_ESCAPES) for field in data)
    return ",".join((str(int(moment)), target, kind, *fields))


def ui_record(moment: float, kind: SayingKind, text: str) -> str:
    """A line that is for people."""
    return record(moment, "", "ui", kind, text)


class MachineReadable:
    """Writes each record by `write`; `now` is the clock, in Unix seconds."""

    def __init__(
        self,
        place: Place,
        write: Callable[[str], None],
        *,
        builds: Sequence[str] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        self._narrator = Narrator(place, builds)
        self._write = write
        self._now = now

    def __call__(self, event: e.Event) -> None:
        """Takes an event of the session."""
        for each in self._narrator.heard(event):
            self._tell(each)

    def interrupted(self, signal: str, builds: Sequence[str], time: float) -> None:
        """A signal asks the running builds to end."""
        for each in self._narrator.interrupted(signal, builds, time):
            self._tell(each)

    def close(self) -> None:
        """Closes all files."""
        self._narrator.close()

    def _tell(self, each: Said | Fact) -> None:
        if isinstance(each, Fact):
            self._write(record(self._now(), each.target, each.type, *each.data))
        else:
            moment = self._now() if each.time is None else each.time
            self._write(ui_record(moment, each.kind, each.text))
