"""The forms in which a session can be followed without a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from oxtui.build.report.json_lines import JsonLines
from oxtui.build.report.machine_readable import MachineReadable
from oxtui.build.report.output import Place
from oxtui.build.report.plain import PlainLog
from oxtui.component.events import Event

FormName = Literal["plain", "json", "machine-readable"]


class Report(Protocol):
    """Writes down what a session tells."""

    def __call__(self, event: Event) -> None:
        """Takes an event of the session."""

    def interrupted(self, signal: str, builds: Sequence[str], time: float) -> None:
        """A signal asks the running builds to end."""

    def close(self) -> None:
        """Closes all files."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a session is written down; all but the name are of the plain log."""

    name: FormName = "plain"
    color: bool = False
    timestamps: bool = False
    header: bool = False
    """Each build says first which colour it has."""

    def report(
        self,
        place: Place,
        builds: Sequence[str],
        write: Callable[[str], None],
        goes_on: Callable[[], bool] = lambda: False,
    ) -> Report:
        """A report of that form: `place` gives output files, `builds` are their names, `write` takes lines.

        goes_on: whether another process can go on with the session that has just ended.
        """
        match self.name:
            case "json":
                return JsonLines(place, write)
            case "machine-readable":
                return MachineReadable(place, write, builds=builds)
        return PlainLog(
            place, write, color=self.color, timestamps=self.timestamps, builds=builds,
            header=self.header, goes_on=goes_on,
        )  # fmt: skip
