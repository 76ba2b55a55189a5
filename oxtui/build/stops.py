"""What a build stops for beside its operator's word: breakpoints, failures, the clean-up, lines, exit statuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oxtui.build.output_pattern import OutputPattern, PatternError
from oxtui.component.debugger_events import StopKind
from oxtui.component.events import BreakpointPlace, StepPlan

HIGHEST_STATUS = 255


class StopError(ValueError):
    """A stop cannot be set; the text says what is wrong with it."""


class UnknownStep(LookupError):
    """No build has a step of that name; the text lists those there are."""

    def __init__(self, name: str, builds: Mapping[str, Sequence[StepPlan]]) -> None:
        steps = dict.fromkeys(f"{s.id} ({s.title})" for plans in builds.values() for s in plans)
        super().__init__(f'There is no step "{name}". The steps are: {", ".join(steps)}.')


@dataclass(frozen=True, slots=True)
class Stopping:
    """Stops that are set before a build runs.

    Attributes:
        steps: before or after which steps, by id, number, title or name (`found_steps`).
        marked: before or after which steps of a build of that name, by id; not of another one.
        error: at failures. cleanup: before the clean-up.
        outputs: regular expressions. exits: lists of exit statuses.
        seconds: how long a build stands still before it ends by itself; None: for ever.
        required: a step that no build has is an error.
    """

    steps: tuple[tuple[BreakpointPlace, str], ...] = ()
    marked: Mapping[str, Sequence[tuple[BreakpointPlace, str]]] = field(default_factory=dict)
    error: bool = False
    cleanup: bool = False
    outputs: tuple[str, ...] = ()
    exits: tuple[str, ...] = ()
    seconds: float | None = None
    required: bool = True

    @property
    def asked(self) -> bool:
        """Whether there are any."""
        steps = self.steps or any(self.marked.values())
        return bool(steps or self.error or self.cleanup or self.outputs or self.exits)


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Before a step. `note` says why; `asked`: of the operator, not of the template."""

    note: str = ""
    asked: bool = True


@dataclass(slots=True)
class Stops:
    """The stops of one build, as they stand now; steps by id."""

    before: dict[str, Breakpoint] = field(default_factory=dict)
    after: set[str] = field(default_factory=set)
    error: bool = False
    cleanup: bool = False
    patterns: dict[str, OutputPattern] = field(default_factory=dict)
    statuses: dict[str, tuple[range, ...]] = field(default_factory=dict)

    def set_breakpoint(self, step: str, when: BreakpointPlace, *, on: bool) -> None:
        """Before or after a step, or no longer."""
        if when == "after":
            (self.after.add if on else self.after.discard)(step)
        elif on:
            self.before[step] = Breakpoint(self.before.get(step, Breakpoint()).note)
        else:
            self.before.pop(step, None)

    def set(self, kind: StopKind, pattern: str, *, on: bool) -> tuple[str, ...]:
        """Sets or takes away; the patterns that changed (of `error` and `cleanup` an empty one).

        Without a pattern all of the kind are taken away.

        Raises:
            StopError: the pattern is wrong.
        """
        match kind:
            case "error":
                self.error = on
            case "cleanup":
                self.cleanup = on
            case "output" if on:
                self.patterns[pattern] = output_pattern(pattern)
            case "exit" if on:
                self.statuses[pattern] = exit_statuses(pattern)
            case "output" | "exit":
                held: dict[str, Any] = self.patterns if kind == "output" else self.statuses
                gone = tuple(each for each in held if pattern in ("", each))
                for each in gone:
                    del held[each]
                return gone
        return (pattern if kind in ("output", "exit") else "",)

    def exit(self, status: int) -> bool:
        """Whether it stops for that exit status."""
        return any(status in each for ranges in self.statuses.values() for each in ranges)


def output_pattern(text: str) -> OutputPattern:
    """The regular expression, in RE2's syntax, that lines of output are searched for.

    Raises:
        StopError: it is none, or matches every line.
    """
    try:
        compiled = OutputPattern(text)
    except PatternError as error:
        raise StopError(str(error)) from None
    if compiled.finds("") and compiled.finds("x"):
        raise StopError(f'"{text}" matches every line; write what is to be found in one')
    return compiled


def exit_statuses(text: str) -> tuple[range, ...]:
    """Exit statuses and ranges of them, parted by commas: `3,64-78`.

    Raises:
        StopError: it is no such list.
    """
    ranges = []
    for part in text.split(","):
        first, dash, last = (each.strip() for each in part.partition("-"))
        ends = [first, last if dash else first]
        if not all(each.isascii() and each.isdigit() for each in ends):
            raise StopError(f'"{text}" is no list of exit statuses; write them like 3,64-78')
        low, high = map(int, ends)
        if not low <= high <= HIGHEST_STATUS:
            raise StopError(
                f'"{part.strip()}" is no exit status: they go from 0 to {HIGHEST_STATUS}'
            )
        ranges.append(range(low, high + 1))
    return tuple(ranges)


def stop_problem(kind: StopKind, pattern: str) -> str | None:
    """What is wrong with the pattern of a stop, as a sentence; None if nothing is."""
    try:
        Stops().set(kind, pattern, on=True)
    except StopError as error:
        return f"{error}."
    return None


def found_steps(steps: Iterable[StepPlan], name: str) -> list[StepPlan]:
    """The steps that a name stands for: an id, a provisioner's number, a title, or one without its number."""
    plans = list(steps)
    exact = [step for step in plans if name in (step.id, step.title)]
    if exact:
        return exact
    if name.isascii() and name.isdigit():
        return [step for step in plans if step.id == f"provision-{int(name)}"]
    return [step for step in plans if _bare(step) == name]


def _bare(step: StepPlan) -> str:
    """The title without the number that it is counted by."""
    number, _, rest = step.title.partition(" ")
    return rest if number.isdigit() else step.title


def stop_words(kind: StopKind, pattern: str) -> str:
    """A stop in words, for a sentence that begins with "stops"."""
    return {
        "error": "when a step fails",
        "cleanup": "before the clean-up",
        "output": f"after a step that prints a line with {pattern}",
        "exit": f"after a script that ends with exit status {pattern}",
    }[kind]
