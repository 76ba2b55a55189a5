"""Uploads in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from screens.wording import plural, size

if TYPE_CHECKING:
    from oxtui.build.state import StepState
    from screens.upload.uploads import Upload

Severity = Literal["information", "warning", "error"]


def in_short(upload: Upload) -> str:
    """For the top line: glyph, image, step and how far it is."""
    step = upload.state.current
    if step is None:
        return f"◐ {upload.name} uploading"
    share = percent(step)
    return f"◐ {upload.name} {step.plan.title}{'' if share is None else f' {share} %'}"


def percent(step: StepState) -> int | None:
    """How far a step is; None where it does not tell."""
    if step.progress is None or step.progress.done is None or not step.progress.total:
        return None
    return int(100 * step.progress.done / step.progress.total)


def amount(step: StepState, now: float) -> str:
    """`920 MiB of 2 GiB, 55 MiB/s`; empty where the step does not tell."""
    if step.progress is None or step.progress.done is None or not step.progress.total:
        return ""
    text = f"{size(int(step.progress.done))} of {size(int(step.progress.total))}"
    seconds = 0.0 if step.started is None else now - step.started
    return f"{text}, {size(int(step.progress.done / seconds))}/s" if seconds >= 1 else text


def outcome(upload: Upload) -> tuple[str, Severity]:
    """What came of an upload that is over."""
    left = upload.session.leftovers
    stays = (
        f" {plural(left, 'thing')} could not be removed: `oxtui sweep` lists it." if left else ""
    )
    if upload.task.cancelled():
        return f"The upload of {upload.name} was cancelled.{stays or ' Nothing is left of it.'}", (
            "warning" if left else "information"
        )
    if upload.error:
        return upload.error, "error"
    where = (
        "for every project" if upload.session.promote else f"in {upload.session.request.project}"
    )
    return f"The image {upload.name} is there, {where}.{stays}", (
        "warning" if left else "information"
    )
