"""Checkpoints that hold work of a build which goes on, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from oxtui.build.checkpoints.chain import Link
from oxtui.build.checkpoints.continuing import fits, own
from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.build.state import BuildState, StepState


@dataclass(frozen=True, slots=True)
class Candidate:
    """A checkpoint, and the provisioners whose work is in it, in their order."""

    checkpoint: Checkpoint
    held: tuple[str, ...]
    links: tuple[Link, ...] = ()
    """Its states, where they are those of the template alone."""


async def candidates(
    keeper: Keeper, build: BuildState, done: Collection[str]
) -> Sequence[Candidate]:
    """Those of the session itself, and those of other sessions that came to the same; the best first.

    done: ids of steps that need not run again.

    Raises:
        StepError, OxideError, OSError, JournalError: it cannot be told.
    """
    ids = [step.plan.id for step in keeper.steps]
    found: dict[str, Candidate] = {}
    for checkpoint, links, steps in await fits(keeper):
        if all(_ran_as_written(build.steps.get(each)) for each in steps):
            found[checkpoint.id] = Candidate(checkpoint, tuple(steps), tuple(links))
    for checkpoint in await own(keeper):
        if checkpoint.step in ids and checkpoint.id not in found:
            held = tuple(ids[: ids.index(checkpoint.step) + 1])
            if is_of_last_run(checkpoint, [build.steps.get(each) for each in held]):
                found[checkpoint.id] = Candidate(checkpoint, held)
    idle = {step.plan.id for step in keeper.steps if step.inputs().changes_nothing} & set(done)
    whole = [_with_idle(each, ids, idle) for each in found.values()]
    fit = [each for each in whole if set(each.held) <= set(done)]
    fit.sort(key=lambda each: (len(each.held), each.checkpoint.taken), reverse=True)
    return [each for each in fit if await keeper.starting.there(each.checkpoint)]


def _with_idle(candidate: Candidate, ids: Sequence[str], idle: Collection[str]) -> Candidate:
    """Steps right behind it that change no disk count as held."""
    more = list(takewhile(lambda each: each in idle, ids[len(candidate.held) :]))
    return replace(candidate, held=(*candidate.held, *more))


def _ran_as_written(step: StepState | None) -> bool:
    return step is not None and step.phase in ("done", "reused") and not step.by_hand


def is_of_last_run(checkpoint: Checkpoint, steps: Iterable[StepState | None]) -> bool:
    """Whether no step ran again since; a build that went back may have done so."""
    return all(
        step is not None and (step.started is None or step.started <= checkpoint.taken)
        for step in steps
    )


def behind(build: BuildState, candidate: Candidate, done: Mapping[str, object]) -> list[str]:
    """Titles of provisioners that are done and not in a checkpoint."""
    return [
        step.plan.title
        for name, step in build.steps.items()
        if step.plan.kind == "provision" and name in done and name not in candidate.held
    ]


def by_hand_since(build: BuildState, moment: float) -> bool:
    """Whether the operator has changed the guest since then."""
    acts = [act.time for step in build.steps.values() for act in step.by_hand]
    return any(time > moment for time in [*acts, *(each.time for each in build.recorded)])
