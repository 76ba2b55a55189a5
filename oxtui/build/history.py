"""How long the steps of a template took in its earlier runs, read from the journal.

Of a journal with many sessions only the newest of that template are read, and of these only the few
events that tell of steps: the output that grew and the calls stay unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from oxtui.build.journal import Journal, JournalReader
from oxtui.component.debugger_events import ProvisionerAdded
from oxtui.component.events import BuildPlanned, Event, StepFinished, StepPlan

RUNS = 20
"""Sessions that are looked at, the newest of the template."""
_TELLING = (BuildPlanned, ProvisionerAdded, StepFinished)
_SLOW = 1.5
"""Times as long as usual is worth to be told..."""
_NOTICED = 3.0
"""...where it is also so many seconds longer."""

Durations = Mapping[str, float]
"""Seconds by id of the step."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a step took in earlier runs, in seconds: the last of them, and the median of all `runs`."""

    last: float
    median: float
    runs: int


@dataclass(frozen=True, slots=True)
class StepRun:
    """A step that was done, and the seconds of its last attempt."""

    plan: StepPlan
    seconds: float


@dataclass(frozen=True, slots=True)
class History:
    """Earlier runs of a template, newest first: the steps that were done, by build."""

    runs: Sequence[Mapping[str, Sequence[StepRun]]] = ()

    def of(self, build: str, plans: Iterable[StepPlan]) -> dict[str, Past]:
        """The past of these steps of a build, by id; a step that was never done has none.

        A step is found again by what it is (`shell base.sh`), wherever it stood in that run; one that was
        renamed, by its id, if that run has nothing else to do with it.
        """
        plans = list(plans)
        found: dict[str, list[float]] = {}
        for run in self.runs:
            for id_, seconds in _matched(plans, run.get(build, ())).items():
                found.setdefault(id_, []).append(seconds)
        return {id_: Past(all_[0], median(all_), len(all_)) for id_, all_ in found.items()}


NOTHING = History()


async def history(
    journal: Journal | JournalReader, template: str, before: int | None = None, runs: int = RUNS
) -> History:
    """The newest `runs` sessions of `template` (with `before`: of those whose number is smaller).

    However a session ended, what its steps took until they were done counts.

    Raises:
        JournalError: the journal cannot be read.
    """
    numbers = await journal.numbers_of(template, before, runs)
    read = [await journal.events_of(number, _TELLING) for number in numbers]
    return History([_done(stored.event for stored in events) for events in read])


def is_slower(seconds: float, usual: float) -> bool:
    """Whether a step took clearly longer than usual."""
    return seconds > usual * _SLOW and seconds - usual > _NOTICED


def is_faster(seconds: float, usual: float) -> bool:
    """Whether a step was clearly quicker than usual."""
    return is_slower(usual, seconds)


def _done(events: Iterable[Event]) -> dict[str, list[StepRun]]:
    """The steps of one session that were done, in the order of its plan."""
    plans: dict[str, dict[str, StepPlan]] = {}
    seconds: dict[str, dict[str, float]] = {}
    for event in events:
        match event:
            case BuildPlanned():
                plans.setdefault(event.build, {}).update({plan.id: plan for plan in event.steps})
            case ProvisionerAdded():
                plans.setdefault(event.build, {})[event.plan.id] = event.plan
            case StepFinished(status="done"):
                seconds.setdefault(event.build, {})[event.step] = event.seconds
    return {
        build: [
            StepRun(plan, seconds[build][id_])
            for id_, plan in known.items()
            if id_ in seconds.get(build, {})
        ]
        for build, known in plans.items()
    }


def _matched(plans: Sequence[StepPlan], run: Sequence[StepRun]) -> dict[str, float]:
    """Seconds of an earlier run by the ids of the present steps."""
    by_name: dict[tuple[str, str, int], StepRun] = {}
    for key, one in zip(_names(one.plan for one in run), run, strict=True):
        by_name[key] = one
    names = dict(zip((plan.id for plan in plans), _names(plans), strict=True))
    matched = {id_: by_name[name].seconds for id_, name in names.items() if name in by_name}
    taken = {by_name[name].plan.id for name in names.values() if name in by_name}
    left = {one.plan.id: one for one in run if one.plan.id not in taken}
    for plan in plans:
        other = left.get(plan.id)
        if plan.id not in matched and other is not None and _kind(plan) == _kind(other.plan):
            matched[plan.id] = other.seconds
    return matched


def _names(plans: Iterable[StepPlan]) -> list[tuple[str, str, int]]:
    """What each step is, and which of its like it is."""
    seen: dict[tuple[str, str], int] = {}
    names = []
    for plan in plans:
        what = (_kind(plan), plan.detail)
        seen[what] = seen.get(what, -1) + 1
        names.append((*what, seen[what]))
    return names


def _kind(plan: StepPlan) -> str:
    """`shell` of `2 shell`: a number is where a provisioner stands, not what it is."""
    number, _, rest = plan.title.partition(" ")
    return rest if number.isdecimal() and rest else plan.title
