"""What one shell's hooks have reported so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from oxtui.build.recording.commands import RecordedCommand
from oxtui.build.recording.stream import ReportFilter

KEPT = 1000
"""Commands of one shell that are held; older ones are in the session's journal."""
_UNANSWERED = 3
"""Commands that began one after the other without a report before the prompt is said to be changed."""

Phase = Literal["starting", "on", "off"]


@dataclass(slots=True)
class Recording:
    """The commands of one shell, as its hooks tell them; `feed` takes the shell's output."""

    nonce: str = field(repr=False)
    phase: Phase = "starting"
    shell: str = ""
    """Path of the shell's program."""
    user: str = ""
    """The number of its user."""
    home: str = ""
    commands: list[RecordedCommand] = field(default_factory=list)
    running: bool = False
    """A command runs; what is typed into it is not recorded."""
    refused: str = ""
    """Why this shell cannot be recorded."""
    unseen: int = 0
    """Commands that the operator kept out of the history, by a blank before them."""
    lost: int = 0
    """Commands that ran and whose report was too long, torn or no text."""
    reported: Callable[[RecordedCommand], None] = lambda command: None
    changed: Callable[[], None] = lambda: None
    _unanswered: int = 0
    _filter: ReportFilter = field(init=False)

    def __post_init__(self) -> None:
        self._filter = ReportFilter(self.nonce)

    @property
    def prompt_changed(self) -> bool:
        """Commands run and none is reported any more: something took the hooks out of the prompt."""
        return self._unanswered >= _UNANSWERED

    def feed(self, data: bytes) -> bytes:
        """Takes the shell's output; gives what of it is to be drawn."""
        torn = self._filter.torn
        shown, reports = self._filter.feed(data)
        if self._filter.torn != torn:
            self.lost += self._filter.torn - torn
        for report in reports:
            self._take(report)
        if reports:
            self.changed()
        return shown

    def stop(self) -> None:
        """From now on nothing is taken; reports are still kept out of what is drawn."""
        self.phase = "off"
        self.changed()

    def _take(self, report: list[bytes]) -> None:
        try:
            kind, *fields = (each.decode() for each in report)
        except UnicodeDecodeError:
            self.running, self._unanswered = False, 0
            self.lost += self.phase == "on"
            return
        match kind, fields:
            case "h", [_, shell, user, home, _]:
                self.shell, self.user, self.home = shell, user, home
                self.phase = "on" if self.phase == "starting" else self.phase
            case "x", [why, *_]:
                self.refused, self.phase = why, "off"
            case "o", _:
                self.phase, self.running = "off", False
            case "b", _:
                self.running = True
                self._unanswered += 1
            case (("r" | "u" | "l"), _):
                self.running, self._unanswered = False, 0
                if self.phase == "on":
                    self._ended(kind, fields)

    def _ended(self, kind: str, fields: list[str]) -> None:
        if kind == "u":
            self.unseen += 1
            return
        command = _command(fields) if kind == "r" else None
        if command is None:
            self.lost += 1
            return
        self.commands.append(command)
        del self.commands[:-KEPT]
        self.reported(command)


def _command(fields: list[str]) -> RecordedCommand | None:
    if len(fields) != 6 or not fields[0].strip():
        return None
    text, status, directory, after, took, alias = fields
    microseconds = int(took) if took.isdecimal() else 0
    return RecordedCommand(
        text.rstrip("\n"),
        int(status) if status.isdecimal() and len(status) <= 3 else None,
        directory,
        after,
        microseconds / 1e6 if microseconds else None,
        alias,
    )
