"""What a build and its screen look like to the actions of the Build screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oxtui.build.state import BuildState, StepState


@dataclass(frozen=True, slots=True)
class BuildSituation:
    """What decides which actions are possible."""

    build: BuildState | None = None
    step: StepState | None = None
    """The selected one."""
    live: bool = True
    packer: bool = False
    """Packer runs the build."""
    shell: bool = False
    files: bool = False
    edit: bool = False
    no_again: str = ""
    """Why its template cannot be built again from here; empty if it can."""
    builds: int = 0
    tabs: frozenset[str] = frozenset()
    """Tabs that have something to show."""
    tab: str = "steps"
    log_pane: Any = None
    """The log on the screen, if there is one."""
    row: bool = False
    """A row of a table is under the cursor."""
    position: int | None = None
    """Of a session that is played again: how many of its `events` have come by."""
    events: int = 0
    no_export: str = ""
    """Why it cannot be exported from here."""

    @property
    def key(self) -> object:
        """Equal as long as the same actions are possible."""
        build, step = self.build, self.step
        return (
            build and (build.name, build.phase, build.pause, build.instance_state, build.address),
            build and (build.beside, any(each.edit for each in build.steps.values())),
            step and (step.plan, step.phase, step.breakpoint, step.break_after),
            self.builds,
            self.no_again,
            self.packer,
            self.tabs,
            self.tab,
            self.row,
            self.position == 0,
            self.position == self.events,
            self.log_pane is not None and (self.log_pane.has_lines, self.log_pane.searching),
        )


Check = Callable[[BuildSituation], str | None]


def running(situation: BuildSituation) -> str | None:
    """Why the build takes no commands, if it takes none."""
    if situation.build is None:
        return "There is no build here yet."
    if not situation.live:
        return "This is a record of a session; it takes no commands."
    if situation.build.phase not in ("planned", "running", "paused"):
        return "The build is over."
    return None


def choice(situation: BuildSituation, command: str) -> bool:
    """Whether the build stands still and offers the command of that name."""
    build = situation.build
    return build is not None and build.pause is not None and command in build.pause.choices


def waits(situation: BuildSituation) -> str | None:
    """Why the stop cannot end just now, if something is done meanwhile."""
    build = situation.build
    if build is None or build.beside is None:
        return None
    return "Something is done in the guest just now; esc cancels it."


def edits_failed(situation: BuildSituation) -> bool:
    """Whether an edit is of the step that failed, which then runs again."""
    pause = situation.build.pause if situation.build is not None else None
    return pause is not None and pause.reason == "failure" and not edits_later(situation)


def edits_later(situation: BuildSituation) -> bool:
    """Whether an edit is of the selected step: one that is still to run, or one that the build can go back to."""
    build, step = situation.build, situation.step
    if build is None or step is None or step.phase in ("waiting", "paused"):
        return step is not None
    stands_at = build.pause is not None and build.pause.step == step.plan.id
    return step.plan.kind == "provision" and choice(situation, "rewind") and not stands_at
