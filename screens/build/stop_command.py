"""Asks for one command to run in the guest; those of this session are an arrow away."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from oxtui.component.debugger_events import CommandRan
from screens.dialogs.dialog import Dialog
from screens.tables.cell import clean
from screens.widgets.text_line import TextLine

_SHOWN = 5
"""Earlier commands that are listed."""


class CommandDialog(Dialog[str]):
    """A field; enter answers with its command. `ran` are the commands of this session, the oldest first."""

    CONTEXTS = ("command", "dialog")
    DEFAULT_CSS = """
    CommandDialog {
        & .command--text { color: $text-muted; margin-bottom: 1; }
        & TextLine { background: $panel; }
        & .command--ran { margin-top: 1; }
    }
    """

    def __init__(self, place: str, step: str, ran: Sequence[CommandRan]) -> None:
        super().__init__("Run a command in the guest")
        self._text = (
            f"By the login shell of {place}, into the log of {step}. "
            "It can ask for nothing: for that, s opens a shell."
        )
        self._ran = ran
        # A command that was masked is not what was typed, and would run as something else.
        self._history = list(
            dict.fromkeys(each.command for each in ran if "<sensitive>" not in each.command)
        )
        self._at = len(self._history)
        self._typed = ""
        """What was in the field before an older command was looked for."""

    def body(self) -> ComposeResult:
        """What happens, the field, what ran before."""
        yield Static(clean(self._text), classes="command--text", markup=False)
        yield TextLine(placeholder="systemctl status nginx", compact=True)
        if self._ran:
            yield Static(
                Content("\n").join(_line(each) for each in self._ran[-_SHOWN:]),
                classes="command--ran",
            )

    def on_mount(self) -> None:
        """The field has the keys."""
        super().on_mount()
        self.query_one(TextLine).focus()

    def do_accept(self) -> None:
        """Answer with what is typed, if anything is."""
        command = self.query_one(TextLine).value.strip()
        if command:
            self.dismiss(command)

    def do_older(self) -> None:
        """The command before."""
        self._go(self._at - 1)

    def do_newer(self) -> None:
        """The command after; behind the last one what was typed."""
        self._go(self._at + 1)

    def _go(self, at: int) -> None:
        if not 0 <= at <= len(self._history):
            return
        field = self.query_one(TextLine)
        if self._at == len(self._history):
            self._typed = field.value
        self._at = at
        field.value = self._typed if at == len(self._history) else self._history[at]
        field.cursor_position = len(field.value)


def _line(ran: CommandRan) -> Content:
    """One that ran, and how it ended."""
    if ran.status == 0:
        glyph, tone, told = "✓", "$text-success", ""
    elif ran.status is None:
        glyph, tone, told = "⊘", "$text-muted", "  cut off"
    else:
        glyph, tone, told = "✗", "$text-error", f"  exit {ran.status}"
    return Content.assemble(
        (f"{glyph} ", tone), (clean(ran.command), "$text-muted"), (told, tone)
    ).truncate(66, ellipsis=True)
