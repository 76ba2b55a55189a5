"""What the builds of one template stop for: set in Compose and on the Build screen, and no part of its text.

A breakpoint belongs to its step: it goes with it wherever that is moved and however it is edited, and goes away
with it; it never comes to stand at another step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from oxtui.build.following import TemplateStep, followed
from oxtui.build.stops import Stopping
from oxtui.component.commands import SetBreakpoint, SetStop
from oxtui.component.debugger_events import StopKind, StopSet
from oxtui.component.events import BreakpointPlace, BreakpointSet, Event

if TYPE_CHECKING:
    from oxtui.build.plan import Plan
    from oxtui.build.state import SessionState

_REMEMBERED = 50
"""Steps with breakpoints that are gone; one that comes back, by undo or from a clipboard, has them again."""

Places = frozenset[BreakpointPlace]
NOWHERE: Places = frozenset()


@dataclass(frozen=True, slots=True)
class Lost:
    """A step that is gone, and where it had breakpoints."""

    step: TemplateStep
    places: Places

    def __str__(self) -> str:
        return f"{places_words(self.places)} {self.step.title}"


class TemplateStops:
    """The stops of one template; its steps have numbers of their own that stay theirs.

    `error`, `cleanup`, `outputs` and `exits` are as in `Stopping`.
    """

    def __init__(self) -> None:
        self.steps: Sequence[TemplateStep] = ()
        self.error = True
        self.cleanup = False
        self.outputs: dict[str, None] = {}
        self.exits: dict[str, None] = {}
        self.others: dict[tuple[BreakpointPlace, str], None] = {}
        """Breakpoints at steps that are not of its text, by id: `cleanup`."""
        self._numbers: list[int] = []
        """Of the steps."""
        self._next = count(1)
        self._places: dict[int, Places] = {}
        """Where there are breakpoints, by the number of the step."""
        self._gone: dict[str, Places] = {}
        """Breakpoints of steps that are gone, by their texts."""
        self._outline: Callable[[str], str] | None = None
        self.changed: Callable[[], object] = lambda: None
        """Called when any was set or taken away."""

    def begin(
        self,
        steps: Sequence[TemplateStep],
        places: Sequence[Places],
        outline: Callable[[str], str],
    ) -> None:
        """Of steps that an earlier run knew only outlines are known, which that function makes of a text."""
        self.steps, self._outline = steps, outline
        self._numbers = [next(self._next) for _ in steps]
        pairs = zip(self._numbers, places, strict=True)
        self._places = {number: each for number, each in pairs if each}

    @property
    def outlined(self) -> bool:
        """Whether the steps have outlines for texts: those that they have now were not seen yet."""
        return self._outline is not None

    def follow(self, steps: Sequence[TemplateStep]) -> list[Lost]:
        """The template has these steps now: which of them went with breakpoints."""
        if steps == self.steps:
            self.steps = steps
            return []
        outline, self._outline = self._outline, None
        seen = steps if outline is None else [_seen(step, outline) for step in steps]
        found = followed(self.steps, seen)
        numbers = {new: self._numbers[old] for old, new in found.items()}
        lost = [
            Lost(step, places)
            for old, step in enumerate(self.steps)
            if old not in found and (places := self._places.pop(self._numbers[old], NOWHERE))
        ]
        self._numbers = [numbers.get(new) or next(self._next) for new in range(len(steps))]
        self.steps = steps
        for new, (number, step) in enumerate(zip(self._numbers, steps, strict=True)):
            if new not in numbers and (places := self._gone.pop(step.text, NOWHERE)):
                self._places[number] = places
        for each in lost:
            self._gone[each.step.text] = each.places
            self._gone = dict(list(self._gone.items())[-_REMEMBERED:])
        return lost

    def places(self, id_: str) -> Places:
        """Where the step of that id has breakpoints."""
        return self._places.get(self._number(id_), NOWHERE)

    @property
    def marks(self) -> dict[str, Places]:
        """The same of all that have any, by id."""
        pairs = zip(self._numbers, self.steps, strict=True)
        return {step.id: self._places[number] for number, step in pairs if number in self._places}

    @property
    def count(self) -> int:
        """How many stops there are beside that at failures."""
        at_steps = sum(len(places) for places in self._places.values()) + len(self.others)
        return at_steps + self.cleanup + len(self.outputs) + len(self.exits)

    @property
    def kinds(self) -> list[tuple[StopKind, str]]:
        """The stops that are at no step: of which kind, and the pattern."""
        found: list[tuple[StopKind, str]] = [("error", "")] if self.error else []
        found += [("cleanup", "")] if self.cleanup else []
        found += [("output", pattern) for pattern in self.outputs]
        return [*found, *(("exit", statuses) for statuses in self.exits)]

    def apply(self, command: SetBreakpoint | SetStop) -> None:
        """Sets or takes away; the step of a breakpoint is told by its id in the template."""
        if isinstance(command, SetStop):
            self.set(command.kind, command.pattern, on=command.on)
        elif number := self._number(command.step):
            self.mark(number, command.when, on=command.on)
        else:
            self.hold(command.when, command.step, on=command.on)

    def _number(self, id_: str) -> int:
        pairs = zip(self._numbers, self.steps, strict=True)
        return next((number for number, step in pairs if step.id == id_), 0)

    def _at_place(self, file: str, offset: int) -> int:
        """The number of the step that the offset lies in."""
        pairs = zip(self._numbers, self.steps, strict=True)
        inside = (n for n, step in pairs if step.file == file and step.contains(offset))
        return next(inside, 0)

    def at(self, number: int) -> Places:
        """Where the step of that number has breakpoints."""
        return self._places.get(number, NOWHERE)

    def mark(self, number: int, when: BreakpointPlace, *, on: bool) -> None:
        """A breakpoint at the step of that number, or none; nothing where that is gone."""
        before = self.at(number)
        places = before | {when} if on else before - {when}
        self._places.pop(number, None)
        if places and number in self._numbers:
            self._places[number] = places
        if self.at(number) != before:
            self.changed()

    def hold(self, when: BreakpointPlace, step: str, *, on: bool) -> None:
        """A breakpoint at a step that is not of the template's text, or none."""
        before = list(self.others)
        if on:
            self.others[when, step] = None
        else:
            self.others.pop((when, step), None)
        if list(self.others) != before:
            self.changed()

    def set(self, kind: StopKind, pattern: str, *, on: bool) -> None:
        """A stop that is at no step, or none."""
        before = set(self.kinds)
        match kind:
            case "error":
                self.error = on
            case "cleanup":
                self.cleanup = on
            case "output" | "exit":
                held = self.outputs if kind == "output" else self.exits
                held.pop(pattern, None)
                if on:
                    held[pattern] = None
        if set(self.kinds) != before:
            self.changed()

    def session(self, plan: Plan) -> SessionStops:
        """The same for a session that builds the template as it is now."""
        found: dict[tuple[str, str], int] = {}
        for build in plan.builds:
            places = {
                "provision": [each.place for each in build.provisioners],
                "post-process": [each.place for chain in build.post_processors for each in chain],
            }
            for kind, begins in places.items():
                for index, place in enumerate(begins, 1):
                    if number := self._at_place(*place):
                        found[build.name, f"{kind}-{index}"] = number
        return SessionStops(self, found)


class SessionStops:
    """The stops of a template in one session of it: what is set there counts for the next one as well.

    Args:
        stops: of the template.
        numbers: of its steps, by the name of a build and the step's id there.
    """

    def __init__(self, stops: TemplateStops, numbers: Mapping[tuple[str, str], int]) -> None:
        self._stops = stops
        self._numbers = numbers

    def stopping(self) -> Stopping:
        """What the session begins with."""
        stops = self._stops
        marked: dict[str, list[tuple[BreakpointPlace, str]]] = {}
        for (build, step), number in self._numbers.items():
            marked.setdefault(build, []).extend((when, step) for when in sorted(stops.at(number)))
        return Stopping(
            steps=tuple(stops.others), marked=marked, cleanup=stops.cleanup,
            outputs=tuple(stops.outputs), exits=tuple(stops.exits), required=False,
        )  # fmt: skip

    def heard(self, event: Event, state: SessionState) -> None:
        """An event of the session, whose state holds it: what any of its builds stops for is set."""
        match event:
            case StopSet():
                key = (event.kind, event.pattern)
                builds = state.builds.values()
                on = any((s.kind, s.pattern) == key for build in builds for s in build.stops)
                self._stops.set(*key, on=on)
            case BreakpointSet():
                self._breakpoint(event, state)

    def _breakpoint(self, event: BreakpointSet, state: SessionState) -> None:
        when, number = event.when, self._numbers.get((event.build, event.step))
        plan = state.builds[event.build].steps[event.step].plan
        if number is not None and not (when == "before" and plan.breakpoint):
            alike = [place for place, each in self._numbers.items() if each == number]
            self._stops.mark(number, when, on=_set(state, alike, when))
        elif number is None and plan.kind not in ("provision", "post-process"):
            alike = [(build, event.step) for build in state.builds]
            self._stops.hold(when, event.step, on=_set(state, alike, when))


def _seen(step: TemplateStep, outline: Callable[[str], str]) -> TemplateStep:
    return replace(step, text=outline(step.text))


def _set(state: SessionState, places: Iterable[tuple[str, str]], when: BreakpointPlace) -> bool:
    """Whether one of these steps, by build and id, has a breakpoint."""
    builds = state.builds
    steps = [builds[b].steps[s] for b, s in places if b in builds and s in builds[b].steps]
    return any(step.break_after if when == "after" else step.breakpoint for step in steps)


def places_words(places: Places) -> str:
    """Where breakpoints are, in front of a step's name: `before`, `after`, `before and after`."""
    return " and ".join(sorted(places, reverse=True))


def lost_words(lost: Sequence[Lost]) -> str:
    """What is said of breakpoints that went with their steps."""
    many = len(lost) > 1 or any(len(each.places) > 1 for each in lost)
    where = ", ".join(map(str, lost))
    step = "their steps are" if len(lost) > 1 else "the step is"
    return f"Breakpoint{'s' if many else ''} {where} gone: {step} no longer in the template."
