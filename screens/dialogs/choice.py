"""Asks for one of several things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.dialogs.dialog import Dialog
from screens.tables.cell import clean
from screens.tables.row_filter import Haystack, RowFilter
from screens.widgets.text_line import TextLine

_NONE = "nothing that fits"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things; `key` is the answer."""

    key: str
    label: str
    note: str = ""


class ChoiceDialog(Dialog[str]):
    """A list that typing narrows; enter answers with the key of the choice."""

    CONTEXTS = ("choice", "dialog")
    DEFAULT_CSS = """
    ChoiceDialog {
        & OptionList {
            height: auto; max-height: 14; border: none; padding: 0; margin-top: 1;
            background: $surface; scrollbar-size-vertical: 1;
        }
        & .choice--text { color: $text-muted; margin-bottom: 1; }
    }
    """

    def __init__(self, title: str, choices: Sequence[Choice], *, text: str = "") -> None:
        super().__init__(title)
        self._choices = choices
        self._text = text

    def body(self) -> ComposeResult:
        """What is asked, the field, the list."""
        if self._text:
            yield Static(self._text, classes="choice--text", markup=False)
        yield TextLine(placeholder="type to find", compact=True)
        yield OptionList(compact=True)

    def on_mount(self) -> None:
        """Everything is listed at first."""
        super().on_mount()
        self._list("")
        self.query_one(TextLine).focus()

    @on(Input.Changed)
    def _list_matching(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, text: str) -> None:
        wanted = RowFilter(text)
        options = self.query_one(OptionList)
        options.clear_options()
        for choice in self._choices:
            if wanted.matches(Haystack({"": f"{choice.label} {choice.note}"})):
                options.add_option(Option(_line(choice), id=choice.key))
        if not options.option_count:
            options.add_option(Option(Content.styled(_NONE, "$text-muted"), disabled=True))
            return
        options.highlighted = 0

    def do_take(self) -> None:
        """Answer with the highlighted choice."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def do_up(self) -> None:
        """One choice up while typing."""
        self.query_one(OptionList).action_cursor_up()

    def do_down(self) -> None:
        """One choice down while typing."""
        self.query_one(OptionList).action_cursor_down()


def _line(choice: Choice) -> Content:
    return Content.assemble(
        clean(choice.label), ("  " + clean(choice.note) if choice.note else "", "$text-muted")
    )
