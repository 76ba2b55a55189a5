"""The steps of an upload as a session tells them: one begins when the one before it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from oxtui.component.events import (
    Event,
    Failure,
    StepFinished,
    StepKind,
    StepPlan,
    StepProgress,
    StepStarted,
    StepStatus,
)
from oxtui.oxide.upload import Progress, Step

PROMOTE = "promote"

_STEPS: dict[Step, tuple[str, StepKind, str]] = {
    Step.CHECK: ("check", "prepare", "check"),
    Step.DISK: ("disk", "prepare", "disk"),
    Step.WRITE: ("write", "capture", "write"),
    Step.FINALIZE: ("finalize", "capture", "snapshot"),
    Step.IMAGE: ("image", "capture", "image"),
    Step.CLEAN_UP: ("clean-up", "cleanup", "clean up"),
}


def plan(*, promote: bool) -> tuple[StepPlan, ...]:
    """All steps, in order."""
    steps = [
        StepPlan(id=id_, kind=kind, title=title, detail=step.value)
        for step, (id_, kind, title) in _STEPS.items()
    ]
    if promote:
        detail = "make the image visible in every project"
        steps.append(StepPlan(id=PROMOTE, kind="post-process", title="promote", detail=detail))
    return tuple(steps)


class StepTeller:
    """Turns how far an upload is into events of its steps.

    Args:
        build: name of the upload.
        journal: takes what begins and ends, which is kept.
        tell: takes how far the writing is, which only those who look now need.
        now: the clock, in Unix seconds.
    """

    def __init__(
        self,
        build: str,
        journal: Callable[[Event], None],
        tell: Callable[[Event], None],
        now: Callable[[], float],
    ) -> None:
        self._build = build
        self._journal = journal
        self._tell = tell
        self._now = now
        self._step = ""
        self._begun = 0.0
        self._broken = False

    def __call__(self, progress: Progress) -> None:
        """It is this far."""
        step = _STEPS[progress.step][0]
        if step != self._step:
            self.end(progress.error)
            self.begin(step)
            self._broken = progress.error is not None
        if progress.step is Step.WRITE:
            self._tell(
                StepProgress(
                    time=self._now(), build=self._build, step=step, text=progress.step.value,
                    done=progress.done, total=progress.total,
                )
            )  # fmt: skip

    def begin(self, step: str) -> None:
        """A step begins."""
        self._step, self._begun = step, self._now()
        self._journal(StepStarted(time=self._begun, build=self._build, step=step))

    def end(self, error: BaseException | None = None) -> None:
        """The step at hand ended, well or with an error; where none is at hand nothing happens.

        The error that a clean-up was for is not an error of the clean-up.
        """
        if not self._step:
            return
        if self._broken:
            error = None
        status: StepStatus = "done"
        failure = None
        if isinstance(error, asyncio.CancelledError):
            status = "cancelled"
        elif error is not None:
            status, failure = "failed", Failure(summary=str(error))
        now = self._now()
        self._journal(
            StepFinished(
                time=now, build=self._build, step=self._step, status=status,
                seconds=now - self._begun, failure=failure,
            )
        )  # fmt: skip
        self._step = ""
