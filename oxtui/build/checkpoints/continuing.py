"""The checkpoints of a build that goes on in another process: which it can begin from, and where its disk stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from oxtui.build.checkpoints.chain import Link, Step, next_link
from oxtui.build.checkpoints.course import TROUBLE
from oxtui.build.checkpoints.lookup import fitting, prefix
from oxtui.build.journal.checkpoint_rows import Checkpoint

if TYPE_CHECKING:
    from oxtui.build.checkpoints.keeper import Keeper

OWN = "the session was resumed"


async def fits(keeper: Keeper) -> list[tuple[Checkpoint, Sequence[Link], Sequence[str]]]:
    """Checkpoints of the template as it is now, with their states, and the ids of the steps that they hold.

    Raises:
        StepError, OxideError, OSError, JournalError: as of `TROUBLE`.
    """
    course = keeper.course
    if not course.settings.cache:
        return []
    known = await course.known(keeper.disk.place())
    if not known:
        return []
    base = await keeper.activate()
    planned = [await keeper.planned(step) for step in keeper.steps]
    found = prefix(base, [replace(each, stops=False) for each in planned])
    limits = {each.step: each.directives.ttl for each in planned}
    ids = [each.step for each in planned]
    good, _ = fitting(found, known, limits.get, keeper.services.now())
    return [
        (
            fit.checkpoint,
            found.links[: fit.links + 1],
            ids[: ids.index(found.links[fit.links].step) + 1],
        )
        for fit in good
    ]


async def own(keeper: Keeper) -> list[Checkpoint]:
    """Those that this build of this session took.

    Raises:
        JournalError: the journal cannot be read.
    """
    course, build = keeper.course, keeper.services.build
    known = await course.known(keeper.disk.place())
    return [each for each in known if (each.session, each.build) == (course.session, build)]


async def begin_from(
    keeper: Keeper, begins: Checkpoint, done: Collection[str], links: Sequence[Link] = ()
) -> None:
    """The next machine begins from that checkpoint, which holds the work of these steps.

    links: those that led to it, where they are known.

    Raises:
        StepError, OxideError, OSError, JournalError: it cannot.
    """
    states = list(links)
    if not states:
        states = await _states(keeper, done, {begins.step: begins.key})
        ids = [link.step for link in states]
        states = states[: ids.index(begins.step) + 1]
    await keeper.starting.start(begins, states)


async def stand(keeper: Keeper, done: Collection[str], valid: Callable[[Checkpoint], bool]) -> None:
    """Called in place of `Keeper.begin` where the work of these steps is on the machine's disk already.

    What led to it is not known here as it was, so its states are this session's own; the checkpoints that the
    session took before, where they are `valid`, are found all the same.
    """
    if not keeper.course.is_followed:
        return
    try:
        taken = {each.step: each.key for each in await own(keeper) if valid(each)}
        states = await _states(keeper, done, taken)
    except TROUBLE as error:
        keeper.services.note(f"The build cannot go back behind where it was resumed: {error}")
        return
    keeper.history.begin(states)
    keeper.history.disturb(OWN)


async def _states(keeper: Keeper, done: Collection[str], taken: Mapping[str, str]) -> list[Link]:
    """From the source image by way of the steps that are done; `taken` are keys of checkpoints by steps."""
    links, session = [await keeper.activate()], str(keeper.course.session)
    for step in keeper.steps:
        if step.plan.id in done:
            made = Step(step.plan.id, step.plan.title)
            link = next_link(links[-1], made, own=OWN, session=session)
            links.append(replace(link, key=taken.get(step.plan.id, link.key)))
    return links
