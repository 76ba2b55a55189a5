"""The dialog that says what a build stops for: of a build that runs, or of a template before it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Static

from oxtui.build.state import BuildState
from oxtui.build.stops import stop_problem, stop_words
from oxtui.component.commands import SetBreakpoint, SetStop
from oxtui.component.debugger_events import StopKind
from oxtui.logs.sanitise import plain
from screens.dialogs.dialog import Dialog
from screens.widgets.text_line import TextLine
from screens.widgets.tick import Tick

_NEW: dict[StopKind, tuple[str, str]] = {
    "output": (
        "a line with",
        "A regular expression (RE2); the build stops behind the step that prints such a line.",
    ),
    "exit": (
        "exit status",
        "Of a script, even one that is accepted: 3, or a list with ranges, 3,64-78.",
    ),
}
"""What can be added: label and help."""


StopCommand = SetBreakpoint | SetStop


@dataclass(frozen=True, slots=True)
class StopTick:
    """A stop that can be ticked: in words, and the command that sets it; `is_set`: it is ticked already."""

    words: str
    command: StopCommand
    is_set: bool = True


def stop_ticks(set_: Sequence[tuple[StopKind, str]], build: str = "") -> list[StopTick]:
    """Of the stops that are at no step: those that are set, and those that can be without a pattern."""
    always: list[tuple[StopKind, str]] = [("error", ""), ("cleanup", "")]
    return [
        StopTick(
            plain((words := stop_words(kind, pattern))[0].upper() + words[1:]),
            SetStop(build=build, kind=kind, on=True, pattern=pattern),
            (kind, pattern) in set_,
        )
        for kind, pattern in [*always, *(each for each in set_ if each[1])]
    ]


def build_stops(build: BuildState) -> StopsDialog:
    """The dialog for a build that runs."""
    ticks = stop_ticks([(stop.kind, stop.pattern) for stop in build.stops], build.name)
    return StopsDialog(plain(build.name), ticks, build.name)


class StopsDialog(Dialog[Sequence[StopCommand]]):
    """Ticks for what there is, and fields for more; enter answers with what is to be changed.

    Args:
        name: of what stops. ticks: of the stops. build: to which commands for more stops go.
    """

    CONTEXTS = ("form", "dialog")
    DEFAULT_CSS = """
    StopsDialog {
        & .stops--text { color: $text-muted; margin-bottom: 1; }
        & .stops--row { height: 1; margin-top: 1; }
        & .stops--row Label { width: 14; color: $text-muted; }
        & .stops--row Input { width: 1fr; background: $panel; }
        & .stops--help { height: 2; color: $text-muted; margin-top: 1; }
        & .stops--help.-wrong { color: $text-error; }
    }
    """

    def __init__(self, name: str, ticks: Sequence[StopTick], build: str = "") -> None:
        super().__init__("Stops")
        self._name = name
        self._build = build
        self._ticks = [(each, Tick(each.words)) for each in ticks]
        for each, tick in self._ticks:
            tick.set_reactive(Tick.value, each.is_set)

    def body(self) -> ComposeResult:
        """What it stops for now, and what else it may."""
        told = f"{self._name} stops where that is ticked; space ticks."
        yield Static(told, classes="stops--text", markup=False)
        yield from (tick for _, tick in self._ticks)
        for kind, (label, _) in _NEW.items():
            with Horizontal(classes="stops--row"):
                yield Label(label)
                yield TextLine("", compact=True, id=kind)

    def below(self) -> ComposeResult:
        """Help of the field, or what is wrong with it."""
        yield Static("", classes="stops--help", markup=False)

    def on_descendant_focus(self) -> None:
        """Another field: its help."""
        self._tell()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._tell()

    def do_accept(self) -> None:
        """Answer, or go to the field that is wrong."""
        changes: list[StopCommand] = [
            replace(each.command, on=tick.value)
            for each, tick in self._ticks
            if tick.value != each.is_set
        ]
        for kind in _NEW:
            if self._problem(kind):
                self.query_one(f"#{kind}").focus()
                self._tell()
                return
            if text := self._text(kind):
                changes.append(SetStop(build=self._build, kind=kind, pattern=text, on=True))
        self.dismiss(changes)

    def _text(self, kind: StopKind) -> str:
        return self.query_one(f"#{kind}", Input).value.strip()

    def _problem(self, kind: StopKind) -> str | None:
        text = self._text(kind)
        return stop_problem(kind, text) if text else None

    def _tell(self) -> None:
        """Of the field that has the focus; one that is wrong says so while it is typed."""
        kind = next((each for each in _NEW if self.query_one(f"#{each}").has_focus), None)
        problem = self._problem(kind) if kind is not None else None
        line = self.query_one(".stops--help", Static)
        help_ = _NEW[kind][1] if kind is not None else ""
        line.update(f"✗ {plain(problem)}" if problem else help_)
        line.set_class(bool(problem), "-wrong")
