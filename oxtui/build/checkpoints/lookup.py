"""Which steps of a build need not run, as a checkpoint holds their work; and why the next one must.

The prefix ends before a step whose effect is not in the guest alone (a `shell-local`, a download): it is never
passed over silently, as it may have to do with this machine or with another, and what follows may need what it
made. `# oxtui: cache = true` above it says that it may be. A `breakpoint` and a `sleep` change nothing, so they
are no reason to end it; but a build that somebody follows stops where it was told to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from oxtui.build.checkpoints.chain import Link, Step, changed, next_link
from oxtui.build.checkpoints.contents import Contents, Directives
from oxtui.build.journal.checkpoint_rows import Checkpoint, StepParts
from oxtui.build.report.durations import in_words


@dataclass(frozen=True, slots=True)
class Planned:
    """A provisioner as it would run now."""

    step: str
    title: str
    contents: Contents
    directives: Directives = field(default_factory=Directives)
    stops: bool = False
    """The build stops before it."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """The states that could be begun from: the first link is the source image."""

    links: tuple[Link, ...]
    ends: str = ""
    """Why no later step can be passed over, as a sentence; empty where all can."""
    at: str = ""
    """Id of the first step that cannot."""


def prefix(base: Link, steps: Sequence[Planned]) -> Prefix:
    """The states that an unchanged build would go through, as far as they could be begun from."""
    links = [base]
    for each in steps:
        if ends := _must_run(each):
            return Prefix(tuple(links), ends, each.step)
        if not each.contents.inputs.changes_nothing:
            links.append(next_link(links[-1], Step(each.step, each.title, each.contents.parts)))
    return Prefix(tuple(links))


def _must_run(planned: Planned) -> str:
    """Why a step can never be passed over, as a sentence; empty if it can."""
    contents = planned.contents
    if planned.stops:
        return "The build stops before it."
    if planned.directives.cache is False:
        return "The template says cache = false of it."
    if contents.inputs.outside:
        return f"It always runs: {contents.inputs.outside}."
    if contents.problem:
        return f"{contents.problem[:1].upper()}{contents.problem[1:]}."
    return ""


@dataclass(frozen=True, slots=True)
class Fits:
    """A checkpoint that can be begun from, with the number of links of the prefix that it holds."""

    checkpoint: Checkpoint
    links: int


def fitting(
    found: Prefix, known: Iterable[Checkpoint], ttl: Callable[[str], float | None], now: float
) -> tuple[list[Fits], Mapping[str, str]]:
    """Checkpoints of the prefix's states, the longest first, newer before older; and why others are too old.

    Args:
        found: of the build as it would run now.
        known: those that can be used in this place.
        ttl: seconds for which a step's result is good, by its id; None: for ever.
        now: Unix seconds.

    Returns:
        What fits, and sentences by the id of the step that made a checkpoint too old.
    """
    at = {link.key: index for index, link in enumerate(found.links) if index}
    fits, old = [], {}
    for each in known:
        if each.key not in at or each.own:
            continue
        links = found.links[1 : at[each.key] + 1]
        late = [
            (link.step, limit, now - run.ran)
            for link, run in zip(links, each.runs, strict=False)
            if (limit := ttl(link.step)) is not None and now - run.ran > limit
        ]
        if late:
            step, limit, age = late[0]
            old[step] = (
                f"It ran {in_words(int(age))} ago, longer than its cache_ttl of {in_words(limit)}."
            )
            continue
        fits.append(Fits(each, at[each.key]))
    fits.sort(key=lambda fit: (fit.links, fit.checkpoint.taken), reverse=True)
    return fits, old


def why_missed(found: Prefix, held: int, last: Sequence[StepParts], old: Mapping[str, str]) -> str:
    """Why the first step behind the `held` ones must run; a sentence.

    last: what the build was made of the last time, the beginning first.
    """
    if held + 1 >= len(found.links):
        return found.ends
    if told := old.get(found.links[held + 1].step):
        return told
    if not last:
        return "There is no checkpoint of this template."
    # What is held is the same as in a run before, if not in the last one.
    for place in sorted({0, held + 1} if not held else {held + 1}):
        if place >= len(last):
            return "No earlier run came so far."
        if differences := changed(last[place].parts, found.links[place].parts):
            told = ", ".join(differences[:3]) + (", …" if len(differences) > 3 else "")
            return f"{told[:1].upper()}{told[1:]}."
    return "No checkpoint was taken behind it, or it is gone."
