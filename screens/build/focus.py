"""Where the operator is in a session: which build, step and tab; pure data."""

from __future__ import annotations

from pathlib import Path

from oxtui.build.state import BuildState, SessionState
from oxtui.logs.sanitise import plain
from screens.build.look import STEPS
from screens.build.source import SERIAL


class BuildFocus:
    """Goes along with the step that runs until the operator selects another one.

    A stop leads to the step that the build stands at, wherever the operator was; selecting the running
    step goes along again.
    """

    def __init__(self) -> None:
        self.name = ""
        """Of the build that is shown."""
        self.step = ""
        self.tab = "steps"
        self.zoomed = False
        self.output: tuple[str, str, Path | None] | None = None
        """Build, step and file of the output that is drawn."""
        self._along = True
        self._stop: object = None

    def build(self, state: SessionState) -> BuildState | None:
        """The build that is shown, if there is any."""
        return state.builds.get(self.name)

    def settle(self, state: SessionState) -> None:
        """Bring build, step and tab in line with what there is."""
        if self.name not in state.builds:
            stopped = [name for name, build in state.builds.items() if build.pause]
            self.name = next(iter([*stopped, *state.builds]), "")
        build = self.build(state)
        if build is None:
            return
        stop = build.pause and build.pause.time  # its deadline may move, which makes no other stop
        if stop is not None and stop != self._stop:
            self._along = True
        self._stop = stop
        if self._along or self.step not in build.steps:
            self.step = present_step(build)
        if self.tab not in self.tabs(state):
            self.tab = "steps"

    def tabs(self, state: SessionState) -> frozenset[str]:
        """Tabs that have something to show."""
        build = self.build(state)
        found = {"steps"}
        if build is not None:
            local = build.address is not None and build.address.is_local
            has = {
                "grid": True,
                "serial": build.serial_lines > 0 or (bool(build.instance) and not local),
                "timeline": build.started is not None,
                "resources": bool(build.resources),
                "calls": bool(state.calls),
                "changes": build.changes is not None,
            }
            found |= {tab for tab, there in has.items() if there}
        return frozenset(found)

    def show(self, name: str) -> None:
        """Another build, at its present step."""
        self.name, self._along, self._stop = name, True, None

    def select(self, build: BuildState, step: str) -> None:
        """The operator wants to see a step."""
        self.step = step
        self._along = step == present_step(build)
        self._stop = build.pause and build.pause.time  # it is known to whoever selects


def present_step(build: BuildState) -> str:
    """The step that a build stands at, runs, failed at, or else did last."""
    if build.pause is not None and build.pause.step in build.steps:
        return build.pause.step
    if build.current is not None:
        return build.current.plan.id
    failed = [name for name, step in build.steps.items() if step.phase == "failed"]
    begun = [name for name, step in build.steps.items() if step.started is not None]
    return next(iter([*failed, *reversed(begun), *build.steps]), "")


def read_step(build: BuildState, selected: str) -> str:
    """Whose output is read: the selected step's, or at a stop before it that of the step before the stop.

    What the operator did there is output of the step, too.
    """
    step = build.steps.get(selected)
    if step is None or step.phase != "paused" or step.started is not None or step.lines:
        return selected
    ids = list(build.steps)
    before = [id_ for id_ in ids[: ids.index(selected)] if build.steps[id_].started is not None]
    return before[-1] if before else selected


def silence(build: BuildState, source: str) -> str:
    """What is said in place of the output of a step, or of the serial console."""
    if source == SERIAL:
        return "The instance has said nothing yet."
    step = build.steps.get(source)
    if step is None:
        return "No step has begun yet."
    if step.phase in ("waiting", "paused"):
        return f"{plain(step.plan.title)} has not begun yet; ↑ goes to the step before it."
    if step.phase == "not_run":
        return f"{plain(step.plan.title)} was not run: the build ended before it."
    word = STEPS[step.phase].word
    return "No output yet." if step.phase == "running" else f"No output: the step is {word}."
