"""The dialog that says what a build stops for beside its breakpoints."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Static

from oxtui.build.state import BuildState
from oxtui.build.stops import stop_problem, stop_words
from oxtui.component.commands import SetStop
from oxtui.component.debugger_events import StopKind
from oxtui.logs.sanitise import plain
from screens.dialogs.dialog import Dialog
from screens.widgets.text_line import TextLine
from screens.widgets.tick import Tick

_NEW: dict[StopKind, tuple[str, str]] = {
    "output": (
        "a line with",
        "A regular expression; the build stops behind the step that prints such a line.",
    ),
    "exit": (
        "exit status",
        "Of a script, even one that is accepted: 3, or a list with ranges, 3,64-78.",
    ),
}
"""What can be added: label and help."""


class StopsDialog(Dialog[Sequence[SetStop]]):
    """Ticks for what there is, and fields for more; enter answers with what is to be changed."""

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

    def __init__(self, build: BuildState) -> None:
        super().__init__("Stops")
        self._build = build
        set_ = {(stop.kind, stop.pattern) for stop in build.stops}
        always: list[tuple[StopKind, str]] = [("error", ""), ("cleanup", "")]
        self._ticks: list[tuple[StopKind, str, bool, Tick]] = []
        for kind, pattern in [*always, *((s.kind, s.pattern) for s in build.stops if s.pattern)]:
            words = stop_words(kind, pattern)
            tick = Tick(plain(words[0].upper() + words[1:]))
            on_ = (kind, pattern) in set_
            tick.set_reactive(Tick.value, on_)
            self._ticks.append((kind, pattern, on_, tick))

    def body(self) -> ComposeResult:
        """What it stops for now, and what else it may."""
        told = f"{plain(self._build.name)} stops where that is ticked; space ticks."
        yield Static(told, classes="stops--text", markup=False)
        yield from (tick for *_, tick in self._ticks)
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
        changes = [
            SetStop(build=self._build.name, kind=kind, pattern=pattern, on=tick.value)
            for kind, pattern, was, tick in self._ticks
            if tick.value != was
        ]
        for kind in _NEW:
            if self._problem(kind):
                self.query_one(f"#{kind}").focus()
                self._tell()
                return
            if text := self._text(kind):
                changes.append(SetStop(build=self._build.name, kind=kind, pattern=text, on=True))
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
