"""While an instance boots: its serial console beside the log, and what that tells of a boot that fails."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from oxtui.build.state import BuildState, StepState
from oxtui.component.events import BootTroubleSeen
from oxtui.logs.sanitise import plain
from screens.build.grid import GridPane, Pane

_OVER = ("done", "skipped", "reused", "cancelled")


def boots(build: BuildState) -> bool:
    """Whether there is an instance that nobody has logged in to yet."""
    connect = next((s for s in build.steps.values() if s.plan.kind == "connect"), None)
    return (
        connect is not None
        and connect.phase not in _OVER
        and bool(build.instance or build.serial_lines)
        and build.instance_state != "destroyed"
        and build.phase in ("running", "paused")
    )


def troubles(build: BuildState, step: StepState | None) -> list[BootTroubleSeen]:
    """What the console told while that step ran; while the instance boots, all that it told."""
    if step is None:
        return []
    if boots(build) and step.plan.kind in ("prepare", "connect"):
        return list(build.troubles)
    if step.started is None:
        return []
    end = float("inf") if step.seconds is None else step.started + step.seconds
    return [each for each in build.troubles if step.started <= each.time <= end]


class SerialBeside(GridPane):
    """The serial console under the log of the step that waits for it."""

    DEFAULT_CSS = "SerialBeside { display: none; height: 2fr; border-left: none; }"

    def __init__(self) -> None:
        super().__init__(Pane("", serial=True))
        self.id = "serial-beside"


class BootLines(Static):
    """Says where the console is, where it finds no room beside the log, and what it tells of troubles."""

    DEFAULT_CSS = """
    BootLines { height: auto; max-height: 6; padding: 0 1; display: none; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._drawn: object = None

    def show(self, told: list[BootTroubleSeen], *, hint: str) -> None:
        """Draw the troubles (the first that is fatal, and the last), and a hint if there is one."""
        fatal = [each for each in told if each.fatal][:1]
        shown = fatal + [each for each in told[-1:] if each not in fatal]
        if (shown, hint) == self._drawn:
            return
        self._drawn = (shown, hint)
        lines = [_line(each) for each in shown]
        if hint:
            lines.append(Content.styled(hint, "$text-muted"))
        self.display = bool(lines)
        self.update(Content("\n").join(lines))


def _line(trouble: BootTroubleSeen) -> Content:
    look = ("✗", "$text-error") if trouble.fatal else ("!", "$text-warning")
    return Content.assemble((f"{look[0]} ", look[1]), (plain(trouble.text), look[1]))
