"""A session as plain text in Packer's form, appended line by line.

It is the way to follow a build for CI logs and for screen readers: no cursor moves, colour only where asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from oxtui.build.report.narrator import Narrator
from oxtui.build.report.output import Place
from oxtui.build.report.said import Said
from oxtui.build.state import SessionState
from oxtui.component import events as e

_COLORS = (32, 36, 35, 33, 34)
"""Green, cyan, magenta, yellow, blue, in turn (packer.md c03)."""
_ERROR = "1;31"


class PlainLog:
    """Writes lines of the form `==> BUILD: text`, as Packer's users know them.

    Args:
        place: gives the output file of a build's step.
        write: takes one line.
        color: each build has a colour of its own; what it says is bold, and what went wrong is red.
        timestamps: the local time (RFC 3339) stands before what a build says.
        builds: names of the builds, where they are known.
        header: each build says first which colour it has.
        goes_on: whether another process can go on with the session that has just ended.
    """

    def __init__(
        self,
        place: Place,
        write: Callable[[str], None],
        *,
        color: bool = False,
        timestamps: bool = False,
        builds: Sequence[str] = (),
        header: bool = False,
        goes_on: Callable[[], bool] = lambda: False,
    ) -> None:
        self._narrator = Narrator(place, builds, header=header, goes_on=goes_on)
        self._write = write
        self._color = color
        self._timestamps = timestamps
        self._colors = {
            name: _COLORS[at % len(_COLORS)] for at, name in enumerate(dict.fromkeys(builds))
        }

    def __call__(self, event: e.Event) -> None:
        """Takes an event of the session."""
        for each in self._narrator.heard(event):
            if isinstance(each, Said):
                self._write(self.drawn(each))

    def joined(self, state: SessionState) -> None:
        """Joins a session on its way: what was before is not told."""
        self._narrator.joined(state)

    def interrupted(self, signal: str, builds: Sequence[str], time: float) -> None:
        """A signal asks the running builds to end."""
        for each in self._narrator.interrupted(signal, builds, time):
            self._write(self.drawn(each))

    def cut_off(self, state: SessionState) -> None:
        """What was told was all: the session, in its last state, has no end."""
        for each in self._narrator.cut_off(state):
            self._write(self.drawn(each))

    def close(self) -> None:
        """Closes all files."""
        self._narrator.close()

    def drawn(self, said: Said) -> str:
        """A line as it is written."""
        text = said.text
        if self._timestamps and said.time is not None:
            text = f"{_moment(said.time)}: {text}"
        if not self._color or not said.build:
            return text
        build = self._colors.get(said.build, _COLORS[0])
        code = {"error": _ERROR, "say": f"1;{build}", "message": f"0;{build}"}[said.kind]
        return f"\x1b[{code}m{text}\x1b[0m"


def _moment(seconds: float) -> str:
    """The local time as Go writes RFC 3339, with Z for UTC."""
    text = datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
    return f"{text.removesuffix('+00:00')}Z" if text.endswith("+00:00") else text
