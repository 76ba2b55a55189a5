"""The Compose screen's other view: the text itself, edited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from textual import on
from textual.document._document import Document as TextDocument
from textual.widgets import TextArea

from oxtui.template.hcl.edit.text_edit import difference
from screens.compose.arranging import Arranging
from screens.compose.code_language import code_language
from screens.compose.reading import Part
from screens.compose.workbench import Workbench
from screens.tables.cell import clean

_PAUSE = 0.12
"""Seconds without a key before what is typed is taken over."""


class TextMode(Arranging):
    """Keeps editor and template the same."""

    def __init__(self) -> None:
        super().__init__()
        self._edited = ""
        """Name of the file that the operator edits as text."""
        self._loaded = ""
        """Name of the file whose text is in the editor."""

    @property
    def file(self) -> str:
        """In the text: the file that is edited."""
        bench = self.bench
        if self.in_text and bench is not None and bench.reading.has_file(self._edited):
            return self._edited
        return super().file

    async def take(self, bench: Workbench) -> None:
        """What was typed into the template before is of it alone."""
        self.workers.cancel_group(self, "take")
        await super().take(bench)

    async def look_at(self, part: Part | None) -> None:
        """In the text: its file, at its place."""
        await super().look_at(part)
        if self.in_text and part is not None and self.bench is not None:
            self._edited = part.file
            line = self.bench.reading.source(part.file).line_number(part.span.start)
            self.show_text()
            self.editor.move_cursor((line - 1, 0), center=True)

    def do_swap(self) -> None:
        """From form to text, or back."""
        self.start(partial(self.in_turn, self.swap), "swap", exclusive=False)

    async def in_turn(self, move: Callable[[], Awaitable[None]]) -> None:
        """Take the operator somewhere, after what was asked for before; `moving` is held meanwhile."""
        async with self.moving:
            await move()
            arrived = asyncio.Event()
            self.app.call_later(arrived.set)  # behind the focus, which Textual gives later, too
            await arrived.wait()

    async def swap(self, line: int | None = None, file: str = "") -> None:
        """From form to text, at a line of a file; or back, to the part that the cursor is in.

        Called with `moving` held.
        """
        if self.bench is None:
            return
        if self.in_text and line is None:
            await self.flush()
            offset = self._offset()
            found = next(self.bench.reading.at(self.file, offset), None)
            self.remove_class("-text")
            if found is not None:
                self.outline.select(found[0].id)
            await self.redraw()
            self.focus_row(found[1].name if found is not None and found[1] is not None else "")
            return
        if line is None:
            line = self._line_of_field()
        file = file or self.file
        if self.in_text and file != self.file:
            await self.flush()
        self._edited = file
        self.add_class("-text")
        self.show_text()
        self.editor.move_cursor((max(0, line - 1), 0), center=True)
        self.editor.focus()

    def _line_of_field(self) -> int:
        part, row, bench = self.part, self.form.row, self.bench
        if part is None or bench is None:
            return 1
        field = part.field(row.field.name) if row is not None else None
        span = field.span if field is not None and field.span is not None else part.span
        return bench.reading.source(part.file).line_number(span.start)

    def _offset(self) -> int:
        """Where the line of the cursor begins, behind its blanks."""
        bench, (line, _) = self.bench, self.editor.cursor_location
        if bench is None:
            return 0
        source = bench.reading.source(self.file)
        number = min(line + 1, source.line_count)
        text = source.line_text(number)
        return source.line_start(number) + len(text) - len(text.lstrip())

    def show_text(self) -> None:
        """Make the editor show what the template has; cursor and place stay."""
        bench = self.bench
        if bench is None:
            return
        source = bench.reading.source(self.file)
        self.editor.border_title = clean(Path(source.name).name) if bench.is_folder else None
        self.editor.speak(code_language(source))
        old, new = self.editor.text, _as_edited(source.text)
        fresh = bench.is_folder and self._loaded != source.name
        self._loaded = source.name
        if old == new:
            return
        with self.editor.prevent(TextArea.Changed):
            if isinstance(document := self.editor.document, TextDocument) and old and not fresh:
                edit = difference(old, new)
                place = document.get_location_from_index
                self.editor.replace(edit.text, place(edit.start), place(edit.end))
            else:
                self.editor.load_text(new)

    def summary(self) -> str:
        """In the text: what is wrong with the line of the cursor."""
        line = self.editor.cursor_location[0] + 1
        if not self.in_text:
            return super().summary()
        here = [p for p in self.problems if (p.file, p.line) == (self.file, line)]
        return f"line {line}: {here[0].text}" if here else super().summary()

    @on(TextArea.SelectionChanged, "#editor")
    def _moved_in_text(self) -> None:
        self.show_problems()

    async def redraw(self) -> None:
        """The editor too."""
        await super().redraw()
        if self.in_text and not self._at_work("take"):
            self.show_text()

    def _at_work(self, group: str) -> bool:
        """Whether work of that kind is under way."""
        return any(worker.group == group and not worker.is_finished for worker in self.workers)

    @on(TextArea.Changed, "#editor")
    def _typed_text(self) -> None:
        self.start(self._take, "take")

    async def _take(self) -> None:
        await asyncio.sleep(_PAUSE)
        await self._take_over()

    async def _take_over(self) -> None:
        bench = self.bench
        if bench is None:
            return
        edited, source = self.editor.text, bench.reading.source(self._loaded)
        if edited != _as_edited(source.text):
            await bench.change(lambda d: d.replace_text(_spliced(d.text, edited)), source.name)
            await self.changed()

    async def flush(self) -> None:
        """Take over what is still being typed."""
        if self.in_text:
            self.workers.cancel_group(self, "take")
            await self._take_over()


def _as_edited(text: str) -> str:
    """The text with the one kind of line break that an editor knows of."""
    newline = "\r\n" if "\r\n" in text else "\n"
    return newline.join(text.splitlines() + [""] * text.endswith(("\n", "\r")))


def _spliced(text: str, edited: str) -> str:
    """The text with the change that an editor made to what it shows of it; other line breaks stay."""
    shown = _as_edited(text)
    edit = difference(shown, edited)
    lines, shown_lines = text.splitlines(keepends=True), shown.splitlines(keepends=True)

    def place(offset: int) -> int:
        at = 0
        for line, shown_line in zip(lines, shown_lines, strict=True):
            if offset < len(shown_line):
                return at + min(offset, len(line))
            at, offset = at + len(line), offset - len(shown_line)
        return at + offset

    return text[: place(edit.start)] + edit.text + text[place(edit.end) :]
