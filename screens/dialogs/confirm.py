"""Asks before something is lost, and says what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from screens.dialogs.dialog import Dialog
from screens.tables.cell import clean
from screens.widgets.text_line import TextLine
from screens.widgets.tick import Tick


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes; `extra` if what was offered along with it is wanted too."""

    extra: bool = False


class ConfirmDialog(Dialog[Answer]):
    """Yes or no; where something is lost for ever, yes is a word to type.

    Keys that were pressed before the dialog came up cannot answer it: the word is typed into a
    field of its own, and a plain yes needs enter on this screen.
    """

    CONTEXTS = ("confirm", "dialog")
    DEFAULT_CSS = """
    ConfirmDialog {
        & .confirm--line { margin-bottom: 1; }
        & .confirm--effect { height: auto; }
        & .confirm--effect Static { width: 2; color: $text-muted; }
        & .confirm--effect .confirm--text { width: 1fr; color: $text; }
        & .confirm--ask { margin-top: 1; color: $text-muted; }
        & .confirm--wrong { color: $text-warning; height: auto; }
        & Tick { margin-top: 1; }
    }
    """

    def __init__(
        self,
        title: str,
        text: str,
        *,
        effects: Sequence[str] = (),
        word: str = "",
        extra: str = "",
    ) -> None:
        super().__init__(title, grave=bool(word))
        self._text = text
        self._effects = effects
        self._word = word
        self._extra = extra

    def body(self) -> ComposeResult:
        """The question, what follows from a yes, and what may be added to it."""
        yield Static(clean(self._text), classes="confirm--line", markup=False)
        for effect in self._effects:
            with Horizontal(classes="confirm--effect"):
                yield Static("·")
                yield Static(clean(effect), classes="confirm--text", markup=False)
        if self._extra:
            yield Tick(clean(self._extra))

    def below(self) -> ComposeResult:
        """The field for the word."""
        if self._word:
            yield Static(f"Type {self._word} and press enter", classes="confirm--ask", markup=False)
            yield TextLine(compact=True)
            yield Static("", classes="confirm--wrong", markup=False)

    def on_mount(self) -> None:
        """The field has the focus."""
        super().on_mount()
        if self._word:
            self.query_one(TextLine).focus()

    def do_yes(self) -> None:
        """Answer with yes, if the word is right."""
        typed = self.query_one(TextLine).value.strip() if self._word else ""
        if typed != self._word:
            told = f"That is not {self._word}; esc leaves everything as it is."
            self.query_one(".confirm--wrong", Static).update(told)
            return
        self.dismiss(Answer(bool(self._extra) and self.query_one(Tick).value))
