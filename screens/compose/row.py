"""One row of a form: label, value, state; below it, while it has the focus, all about the field."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Self

from rich.cells import cell_len
from textual import events, on
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from screens.acting import Acts
from screens.compose.delegating import Delegates
from screens.compose.field_words import (
    default_text,
    fitted,
    label_width,
    row_label,
    state_cell,
    type_text,
    value_cell,
)
from screens.compose.problems import Problem
from screens.compose.reading import Field
from screens.compose.value_text import is_expression
from screens.tables.cell import Cell, clean
from screens.widgets.text_line import TextLine
from screens.widgets.top_line import TONES

_STATE = 9


class FieldInput(Acts, TextLine):
    """Where a value is typed."""

    CONTEXTS = ("compose.input",)

    @property
    def row(self) -> FieldRow:
        """The row that it is in."""
        assert isinstance(self.parent, FieldRow)  # noqa: S101 - made there and nowhere else
        return self.parent

    def do_accept(self) -> None:
        """Keep the value; one that is wrong has to be mended first, or left with esc."""
        if self.row.wrong:
            self.app.bell()
        else:
            self.row.finish(keep=True)

    def do_up(self) -> None:
        """Keep the value; one field up."""
        self.row.finish(keep=True, go=-1)

    def do_down(self) -> None:
        """Keep the value; one field down."""
        self.row.finish(keep=True, go=1)

    def can_step_back(self) -> bool:
        """Esc leaves the value as it was."""
        return True

    def step_back(self) -> bool:
        """Leave the value as it was."""
        self.row.finish(keep=False)
        return True


class FieldRow(Delegates, Widget, can_focus=True):
    """A field. The screen decides what its keys do; the row draws, and holds what is typed."""

    CONTEXTS = ("compose.field",)
    DEFAULT_CSS = """
    FieldRow {
        height: auto;
        padding: 0 1 0 0;
        &:focus, &.-editing { background: $surface; }
        & FieldInput {
            width: 1fr; height: 1; padding: 0;
            background: $panel; color: $text;
        }
    }
    """

    class Typed(Message):
        """The text in a row's input changed."""

        def __init__(self, row: FieldRow, text: str) -> None:
            super().__init__()
            self.row, self.text = row, text

    class Finished(Message):
        """A row's input was left; `keep` if the text is to stay, `go` rows are to be gone then."""

        def __init__(self, row: FieldRow, text: str, keep: bool, go: int) -> None:
            super().__init__()
            self.row, self.text, self.keep, self.go = row, text, keep, go

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.problems: Sequence[Problem] = ()
        self.answer = Cell("")
        """What the rack says; drawn while the row has the focus."""
        self.teller = ""
        """Who says it, in a word."""
        self.wrong = ""
        """Why what is being typed is no value."""
        self._input: FieldInput | None = None

    def contexts(self) -> tuple[str, ...]:
        """None of its own while a value is typed: the input has other keys."""
        return () if self.is_editing else self.CONTEXTS

    @property
    def is_editing(self) -> bool:
        """Whether something is being typed."""
        return self._input is not None

    def show(self, field: Field, problems: Sequence[Problem]) -> None:
        """Draw another state of the field."""
        if (field, tuple(problems)) != (self.field, tuple(self.problems)):
            self.field, self.problems = field, problems
            self.refresh(layout=True)

    def tell(self, answer: Cell, teller: str = "") -> None:
        """Draw what the rack says, or whatever else `teller` is."""
        if (answer, teller) != (self.answer, self.teller):
            self.answer, self.teller = answer, teller
            self.refresh(layout=True)

    def on_resize(self) -> None:
        """Its lines are more or fewer: all of them are to be seen while it is in hand."""
        if self._is_open:
            self.scroll_visible(animate=False)

    def focus(self, scroll_visible: bool = False) -> Self:
        """Take the keys; the row comes into sight with all of its lines, and moves no more than that takes."""
        return super().focus(scroll_visible)

    # typing

    async def edit(self, text: str, *, hidden: bool = False) -> None:
        """Take a value from the keyboard."""
        if self._input is None:
            self._input = FieldInput(text, password=hidden, compact=True, select_on_focus=False)
            self._input.styles.margin = (0, _STATE + 1, 0, label_width(self.field.spec) + 2)
            self.wrong = ""
            self.add_class("-editing")
            await self.mount(self._input)
            # the row is in sight, and the input has no place yet
            self._input.focus(scroll_visible=False)
            self._input.cursor_position = len(text)
            self.refresh(layout=True)

    def finish(self, *, keep: bool, go: int = 0) -> None:
        """Take the input away."""
        box, self._input = self._input, None
        if box is None:
            return
        self.wrong = ""
        self.remove_class("-editing")
        if box.has_focus:
            self.focus()
        box.remove()
        self.refresh(layout=True)
        self.post_message(self.Finished(self, box.value, keep, go))

    def warn(self, wrong: str) -> None:
        """Say why what is typed is no value."""
        if wrong != self.wrong:
            self.wrong = wrong
            self.refresh(layout=True)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._input is not None:
            self.post_message(self.Typed(self, event.value))

    def on_descendant_blur(self) -> None:
        """What was typed is kept when the focus goes elsewhere."""
        self.finish(keep=True)

    def on_focus(self) -> None:
        """More is drawn."""
        self.refresh(layout=True)

    def on_blur(self) -> None:
        """Less is drawn."""
        self.refresh(layout=True)

    async def on_click(self, event: events.Click) -> None:
        """A second click changes the value."""
        if event.chain == 2:
            await self.run_action(f"app.perform({'compose.field.edit'!r})")

    # drawing

    @property
    def _is_open(self) -> bool:
        return self.has_focus or self.is_editing

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """One line; more while it has the focus."""
        del container, viewport
        return 1 + (len(self._about(width)) if self._is_open else 0)

    def render(self) -> Content:
        """All of its lines."""
        width = self.content_size.width
        lines = [self._line(width)]
        if self._is_open:
            lines += self._about(width)
        return Content("\n").join(lines)

    def _severity(self) -> str:
        severities = {problem.severity for problem in self.problems}
        return "error" if "error" in severities else "warning" if severities else ""

    def _line(self, width: int) -> Content:
        field = self.field
        state = state_cell(field, self._severity())
        labels = label_width(field.spec)
        room = max(4, width - 2 - labels - _STATE - 1)
        computed = is_expression(field.text) and not field.raw
        value = value_cell(field, expression=computed, room=room)
        cursor = "› " if self._is_open else "  "
        text = Content.styled(clean(value.text), TONES[value.tone]).truncate(room, ellipsis=True)
        pad = " " * (room - text.cell_length + 1)
        name = row_label(field.spec)
        return Content.assemble(
            (cursor, "$text-accent"),
            (fitted(name, labels), "bold" if self._is_open else "$text-muted"),
            text,
            pad,
            (state.text.ljust(_STATE), TONES[state.tone]),
        )

    def _about(self, width: int) -> list[Content]:
        spec = self.field.spec
        default = default_text(spec)
        facts = [spec.name, type_text(spec)]
        facts.append("needed" if spec.required else f"default {default}" if default else "optional")
        lines = [(line, "$text") for line in _wrapped(spec.help, width)]
        if not self.field.run:
            lines += [(line, "$text-muted") for line in _wrapped(" · ".join(facts), width)]
        if self.answer.text:
            told = f"{self.teller}: {self.answer.text}"
            lines += [(line, TONES[self.answer.tone]) for line in _wrapped(clean(told), width)]
        if self.wrong:
            lines += [(line, "$text-error") for line in _wrapped(f"✗ {self.wrong}", width)]
        for problem in () if self.wrong else self.problems:
            glyph, tone = ("✗", "$text-error") if problem.is_error else ("!", "$text-warning")
            told = clean(f"{glyph} {problem.text.replace(f': {spec.help}', '.')}")
            lines += [(line, tone) for line in _wrapped(told, width)]
        return [Content.styled(f"    {text}", style) for text, style in lines]


def _wrapped(text: str, width: int) -> list[str]:
    room = max(10, width - 5)
    return textwrap.wrap(text, room) if cell_len(text) > room else [text]
