"""Asks for a value that the rack or the file system can offer; what is typed will do as well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.dialogs.choice import Choice
from screens.dialogs.dialog import Dialog
from screens.failures import sentence
from screens.tables.cell import clean
from screens.tables.row_filter import Haystack, RowFilter
from screens.widgets.text_line import TextLine

Find = Callable[[str], AsyncIterator[list[Choice]]]
"""Gives values page by page; told what is typed."""
_MOST = 200
"""Values listed at once; typing narrows them."""


class LookupDialog(Dialog[str]):
    """A list that fills while it is read, and that typing narrows."""

    CONTEXTS = ("lookup", "dialog")
    DEFAULT_CSS = """
    LookupDialog {
        & OptionList {
            height: auto; max-height: 14; border: none; padding: 0; margin-top: 1;
            background: $surface; scrollbar-size-vertical: 1;
        }
        & .lookup--state { color: $text-muted; height: auto; max-height: 3; margin-top: 1; }
        & .lookup--state.-bad { color: $text-error; }
    }
    """

    def __init__(
        self, title: str, find: Find, *, text: str = "", paths: bool = False, note: str = "",
        service: str = "rack",
    ) -> None:  # fmt: skip
        super().__init__(title)
        self._find = find
        self._text = text
        self._paths = paths
        """The values are paths: each folder that is typed has others."""
        self._service = service
        """What is asked, in a word."""
        self._note = note or "There is nothing to choose from."
        self._choices: list[Choice] = []
        self._listed: str | None = None
        """What was typed when the list was made."""
        self._awaited: tuple[str, Callable[[], None]] | None = None
        """What was typed, and what is done with the list of it: keys may be faster than the list."""

    def body(self) -> ComposeResult:
        """Field and list."""
        hint = "a path; tab completes" if self._paths else "type to find, or write a value"
        yield TextLine(self._text, placeholder=hint, compact=True, select_on_focus=False)
        yield OptionList(compact=True)

    def below(self) -> ComposeResult:
        """How the reading goes."""
        yield Static("", classes="lookup--state", markup=False)

    def on_mount(self) -> None:
        """Begin to read."""
        super().on_mount()
        self.query_one(TextLine).focus()
        self._read()

    def _read(self) -> None:
        typed = self.query_one(TextLine).value
        read: Callable[[], Awaitable[object]] = partial(self._reading, typed)
        self.run_worker(read, group="find", exclusive=True, exit_on_error=False)

    async def _reading(self, typed: str) -> None:
        self._choices, self._listed = [], None
        self._tell("reading…" if self._paths else f"asking the {self._service}…")
        try:
            async for page in self._find(typed):
                self._choices += page
                self._list()
        except Exception as error:
            self._tell(f"{sentence(error)} Write the value.", bad=True)
        else:
            none = "" if self._paths else f"{self._note} Write the value."
            self._tell("" if self._choices else none)
        self._list()
        self._listed = typed
        if self._awaited is not None and self._awaited[0] == typed:
            self._awaited[1]()

    def _tell(self, text: str, *, bad: bool = False) -> None:
        line = self.query_one(".lookup--state", Static)
        line.update(text)
        line.display = bool(text)
        line.set_class(bad, "-bad")

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._paths:
            self._read()
        else:
            self._list()

    def _list(self) -> None:
        value = self.query_one(TextLine).value
        if not self._paths:
            self._listed = value
        typed = value.strip()
        wanted = RowFilter("" if self._paths else typed)
        options = self.query_one(OptionList)
        options.clear_options()
        shown = [
            choice
            for choice in self._choices
            if wanted.matches(Haystack({"": f"{choice.label} {choice.note} {choice.key}"}))
        ][:_MOST]
        options.add_options(Option(_line(choice), id=f"={choice.key}") for choice in shown)
        exact = any(typed in (choice.key, choice.label) for choice in shown)
        if typed and not exact:
            options.add_option(Option(Content(f"use “{clean(typed)}” as it is"), id=f"={typed}"))
        options.highlighted = 0 if options.option_count else None

    def do_take(self) -> None:
        """Answer with the highlighted value; a folder is opened first."""
        self._once_listed(self._take_highlighted)

    def _once_listed(self, act: Callable[[], None]) -> None:
        typed = self.query_one(TextLine).value
        self._awaited = None
        if typed == self._listed:
            act()
        elif self._paths:
            self._awaited = (typed, act)
        else:
            self._list()
            act()

    def _take_highlighted(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._take(options.get_option_at_index(options.highlighted).id or "")

    def _take(self, id_: str) -> None:
        value = id_[1:]
        typed = self.query_one(TextLine)
        if self._paths and value.endswith("/") and value not in (typed.value, "./"):
            typed.value = value
            typed.cursor_position = len(value)
        else:
            self.dismiss(value)

    def do_complete(self) -> None:
        """Write the highlighted value into the field."""
        self._once_listed(self._complete)

    def _complete(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            typed = self.query_one(TextLine)
            typed.value = (options.get_option_at_index(options.highlighted).id or "")[1:]
            typed.cursor_position = len(typed.value)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option.id or "")

    def do_up(self) -> None:
        """One value up while typing."""
        self.query_one(OptionList).action_cursor_up()

    def do_down(self) -> None:
        """One value down while typing."""
        self.query_one(OptionList).action_cursor_down()


def _line(choice: Choice) -> Content:
    note = f"  {clean(choice.note)}" if choice.note else ""
    return Content.assemble(clean(choice.label), (note, "$text-muted")).truncate(66, ellipsis=True)
