"""The command palette: every action of the focused place by name, and places to go to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.dialogs.dialog import Dialog
from screens.widgets.text_line import TextLine

_KEY, _TEXT, _LINE = 8, 22, 66
"""Cells: for the key, for the name, for all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    text: str
    """One to three words."""
    run: Callable[[], None]
    key: str = ""
    help: str = ""
    """A sentence; its words find it too."""
    reason: str | None = None
    """Why it cannot be done now."""


class _Ghost(Suggester):
    """Shows behind the cursor how the text may go on; the right arrow takes it over."""

    def __init__(self, completed: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._completed = completed

    async def get_suggestion(self, value: str) -> str | None:
        """The whole text, completed."""
        return self._completed(value)


class PaletteDialog(Dialog[Entry]):
    """Typing narrows the list, the best match first; enter answers with the entry."""

    CONTEXTS = ("palette", "dialog")
    DEFAULT_CSS = """
    PaletteDialog {
        align: center top;
        & > .dialog--frame { margin-top: 2; padding: 0 1; }
        & OptionList {
            height: auto; max-height: 13; border: none; padding: 0; margin-top: 1;
            background: $surface; scrollbar-size-vertical: 1;
        }
        & .palette--told { height: 2; margin-top: 1; color: $text-muted; }
        & .palette--told.-off { color: $text-warning; }
        & KeyFooter { margin-top: 0; }
    }
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        further: Callable[[str], Sequence[Entry]] = lambda _text: (),
        completed: Callable[[str], str | None] = lambda _text: None,
    ) -> None:
        super().__init__("Commands")
        self._entries = entries
        self._further = further
        """Asked with the text for what only the text can say, such as a place."""
        self._completed = completed
        """Asked with the text for what it is the beginning of."""
        self._listed: list[Entry] = []

    def body(self) -> ComposeResult:
        """Field and list."""
        yield TextLine(
            placeholder="an action, or a place: images web /ubuntu",
            compact=True,
            suggester=_Ghost(self._completed),
        )
        yield OptionList(compact=True)

    def below(self) -> ComposeResult:
        """All that there is to say about the highlighted entry."""
        yield Static("", classes="palette--told", markup=False)

    def on_mount(self) -> None:
        """Everything is listed at first."""
        super().on_mount()
        self._list("")
        self.query_one(TextLine).focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, text: str) -> None:
        scored = [(score(text, entry), entry) for entry in self._entries]
        best = max((each[0] for each in scored), default=0)
        scored = [each for each in scored if each[0] > (1 if best > 1 else 0)]
        scored.sort(key=lambda each: (each[1].reason is not None, -each[0]))
        self._listed = [*self._further(text), *(entry for _, entry in scored)]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(_line(entry)) for entry in self._listed)
        options.highlighted = 0 if self._listed else None
        self._tell()

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        entry = self._listed[highlighted] if highlighted is not None else None
        told = "" if entry is None else entry.reason or entry.help
        line = self.query_one(".palette--told", Static)
        line.update(f"✗ {told}" if entry is not None and entry.reason else told)
        line.set_class(entry is not None and entry.reason is not None, "-off")

    def do_complete(self) -> None:
        """Take over what the text is the beginning of."""
        found = self._completed(self.query_one(TextLine).value)
        if found is not None:
            field = self.query_one(TextLine)
            field.value = found
            field.cursor_position = len(found)

    def do_take(self) -> None:
        """Answer with the highlighted entry."""
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._listed[highlighted])

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._listed[event.option_index])

    def do_up(self) -> None:
        """One entry up while typing."""
        self.query_one(OptionList).action_cursor_up()

    def do_down(self) -> None:
        """One entry down while typing."""
        self.query_one(OptionList).action_cursor_down()


def score(text: str, entry: Entry) -> float:
    """How well an entry answers a text, 4 to 0: by its beginning, the beginnings of words, words,
    letters in order, not at all.
    """
    wanted = text.strip().lstrip(":").lower()
    if not wanted:
        return 1
    name, all_words = entry.text.lower(), f"{entry.text} {entry.help}".lower()
    if name.startswith(wanted):
        return 4
    words = all_words.replace("-", " ").split()
    typed = wanted.split()
    if all(any(word.startswith(part) for word in words) for part in typed):
        return 3
    if all(part in all_words for part in typed):
        return 2
    letters = iter(name)
    return 1 if all(letter in letters for letter in wanted if letter != " ") else 0


def _line(entry: Entry) -> Content:
    off = entry.reason is not None
    text = Content.assemble(
        (entry.key.ljust(_KEY), "$text-muted" if off else "bold $text-accent"),
        (entry.text.ljust(_TEXT), "$text-muted" if off else ""),
        (f"✗ {entry.reason}" if entry.reason else entry.help, "$text-muted"),
    )
    return text.truncate(_LINE, ellipsis=True)
