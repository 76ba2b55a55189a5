"""What is asked before a session goes on: what will happen, and what takes the place of a machine that is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.sessions.lost_machines import LostMachine
from screens.wording import age, plural

if TYPE_CHECKING:
    from oxtui.build.resume.continued import Continued
    from oxtui.build.state import BuildState


def question(continued: Continued, lost: Sequence[LostMachine]) -> ConfirmDialog:
    """Whether the session shall go on."""
    return ConfirmDialog(
        f"Resume session {continued.number}",
        f"{continued.given.template} goes on where it ended:",
        effects=list(_effects(continued, lost)),
    )


def is_chosen(lost: Sequence[LostMachine]) -> bool:
    """Whether there are two things that the next instance may begin with."""
    return any(each.replaced and each.disk and each.checkpoint for each in lost)


def beginning(lost: Sequence[LostMachine], now: float) -> ChoiceDialog:
    """What the next instance begins with; the keys are those of `oxtui resume --from`."""
    each = next(each for each in lost if each.disk and each.checkpoint)
    names = ", ".join(each.name for each in lost if each.disk and each.checkpoint)
    taken = each.checkpoint
    behind = "the last of its work"
    if taken is not None and len(lost) == 1:
        ago = age(datetime.fromtimestamp(taken.taken, UTC), now)
        behind = f'behind "{taken.title}", {ago}'
    return ChoiceDialog(
        "What the next instance begins with",
        [
            Choice("auto", "whichever holds more", "of what was done, as far as that is sure"),
            Choice("disk", "the disk", "as the process left it"),
            Choice("checkpoint", "the checkpoint", behind),
        ],
        text=f"It takes the place of {names}.",
    )


def _effects(continued: Continued, lost: Sequence[LostMachine]) -> Iterator[str]:
    from oxtui.build.resume.resumption import standing

    known = {each.build: each for each in lost}
    for name, build in continued.state.builds.items():
        if standing(build) in ("open", "new"):
            yield _goes_on(build)
        if name in known:
            yield _instead(known[name])
    if any(build.resources for build in continued.state.builds.values()):
        yield "What the session left belongs to it again, and is removed in the end."


def _goes_on(build: BuildState) -> str:
    from oxtui.build.resume.resumption import Resumption

    done = Resumption(build).done()
    own = ("connect", "cleanup")
    left = [
        step.plan.title
        for name, step in build.steps.items()
        if name not in done and step.plan.kind not in own
    ]
    at = f'"{left[0]}"' if left else "its end"
    if not done:
        return f"{build.name} begins at {at}."
    before = f"the {plural(len(done), 'step')} before it {'is' if len(done) == 1 else 'are'} done"
    return f"{build.name} goes on at {at}; {before} and {'does' if len(done) == 1 else 'do'} not run again."


def _instead(lost: LostMachine) -> str:
    if lost.gone:
        why = f"The {lost.title} {lost.name} is gone"
        why += "." if lost.disk or not lost.replaced else ", and its disk with it."
    else:
        why = (
            f"Nobody can log in to the {lost.title} {lost.name} any more: its temporary key was lost "
            "with the process."
        )
    if not lost.replaced:
        return (
            f"{why} What the steps have done went with it, so this build cannot go on; build again."
        )
    another = "Another one takes its place"
    if lost.disk and lost.checkpoint:
        return f"{why} {another}, with its disk or from a checkpoint: you choose next."
    if lost.disk:
        return f"{why} {another}, with its disk. If that may lack what was done last, the build begins anew."
    if lost.checkpoint:
        return f'{why} {another}, from the checkpoint behind "{lost.checkpoint.title}".'
    return f"{why} Without a checkpoint that fits, this build cannot go on; build again then."
