"""How far one build of a session had come when its process ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.resume.choices import Choices
from oxtui.build.reused import Reused
from oxtui.build.session import SessionFolder
from oxtui.build.state import BuildState, StepState
from oxtui.build.steps import ProvisionerStep
from oxtui.component.events import BuildFinished, BuildStatus, Event, Noted, StepPlan

_PASSED = {"done": "Done", "skipped": "Skipped", "reused": "Done"}
"""Phases of steps that need not run again, and what is said of them."""
_REDONE = ("cleanup", "connect")
"""Kinds of steps of which every process has its own."""
RESUME = StepPlan(id="resume", kind="prepare", title="resume")
"""Looks how far the build really is; first of a build that another process began."""

Standing = Literal["over", "new", "open", "gone"]


def standing(build: BuildState | None) -> Standing:
    """Whether a build can go on.

    `over`: it succeeded. `new`: it had not begun. `open`: there is something to go on with. `gone`: what
    it made was cleaned up.
    """
    if build is None or not any(step.attempt for step in build.steps.values()):
        return "new"
    if build.phase == "succeeded":
        return "over"
    made = build.resources.values()
    if made and all(each.phase == "deleted" for each in made):
        return "gone"
    return "open"


def needs_its_machine(build: BuildState) -> bool:
    """Whether a build that is `open` was provisioned, and more is to be done in its guest."""
    done = Resumption(build).done()
    to_run = [step.plan.kind for name, step in build.steps.items() if name not in done]
    provisioned = any(build.steps[name].plan.kind == "provision" for name in done)
    return provisioned and ("provision" in to_run or "seal" in to_run)


def key_is_lost(build: BuildState, folder: SessionFolder) -> bool:
    """Whether that is so, and the temporary key of its instance is nowhere any more."""
    known = build.memory.get("builder", {})
    has_key = bool(known.get("key_id") or known.get("keypair"))
    return has_key and needs_its_machine(build) and not folder.key(build.name).exists()


def stays_ended(build: BuildState, emit: Callable[[Event], None], now: float) -> BuildStatus:
    """Tells that nothing is left of a build to go on with; how it ended."""
    text = "What this build made was cleaned up when it ended, so it does not go on."
    emit(Noted(time=now, build=build.name, text=text, level="warning"))
    if build.phase in ("failed", "cancelled", "kept"):
        return build.phase
    emit(BuildFinished(time=now, build=build.name, status="failed", seconds=0.0, error=text))
    return "failed"


@dataclass(frozen=True, slots=True)
class Resumption:
    """A build that goes on; `private_key` is that of its instance, if it was kept with it."""

    build: BuildState
    private_key: str = field(default="", repr=False)
    now: Callable[[], float] = time.time
    choices: Choices = field(default_factory=Choices)

    @classmethod
    def read(
        cls,
        build: BuildState,
        folder: SessionFolder,
        now: Callable[[], float],
        choices: Choices | None = None,
    ) -> Resumption:
        """With the private key of its instance, if that was kept."""
        path = folder.key(build.name)
        key = path.read_text() if path.exists() else ""
        return cls(build, key, now, choices or Choices())

    @property
    def memory(self) -> Mapping[str, Any]:
        """What the runner remembered last."""
        return self.build.memory

    @property
    def status(self) -> BuildStatus:
        """How the build ends if it cannot go on after all: an instance that was kept stays kept."""
        return "kept" if self.build.phase == "kept" else "failed"

    @property
    def attempts(self) -> dict[str, int]:
        """How often each step ran."""
        return {name: step.attempt for name, step in self.build.steps.items()}

    def done_at(self, steps: Iterable[str]) -> float:
        """When the last of these was done, in Unix seconds; 0.0 where none is."""
        known = [self.build.steps[name] for name in steps if name in self.build.steps]
        ends = [(step.started or 0.0) + (step.seconds or 0.0) for step in known]
        by_hand = [act.time for step in known for act in step.by_hand]
        ran = [end for step, end in zip(known, ends, strict=True) if step.phase in _PASSED]
        return max([*ran, *by_hand], default=0.0)

    def restore(self, steps: Iterable[ProvisionerStep | PostProcessorStep]) -> None:
        """What the operator edited holds on."""
        for step in steps:
            if (known := self.build.steps.get(step.plan.id)) is not None:
                step.changes.update(known.changes)

    def done(self, chains: Sequence[Collection[str]] = ()) -> dict[str, Reused]:
        """Steps that need not run, with the reason.

        What stands in a chain of post-processors behind one that must run does run as well.
        """
        passed = {
            name: self._reused(step)
            for name, step in self.build.steps.items()
            if step.phase in _PASSED and step.plan.kind not in _REDONE and name != RESUME.id
        }
        for chain in chains:
            is_whole = True
            for name in chain:
                is_whole = is_whole and name in passed
                if not is_whole:
                    passed.pop(name, None)
        return passed

    def _reused(self, step: StepState) -> Reused:
        seconds = step.seconds or 0.0
        if step.phase == "reused" and step.reason:
            return Reused(step.reason, seconds)
        at = "" if step.started is None else f" at {_clock(step.started + seconds, self.now())}"
        return Reused(f"{_PASSED[step.phase]} in this session{at}.", seconds)


def _clock(moment: float, now: float) -> str:
    """Hour and minute here; with the day where that is another."""
    then = datetime.fromtimestamp(moment)
    same = then.date() == datetime.fromtimestamp(now).date()
    return then.strftime("%H:%M" if same else "%Y-%m-%d %H:%M")
