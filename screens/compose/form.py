"""The form of one part: its fields, those of a group together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from screens.compose.problems import Problem
from screens.compose.reading import Field, Part
from screens.compose.row import FieldRow
from screens.tables.cell import clean


class Form(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Holds a row for each field."""

    DEFAULT_CSS = """
    Form {
        width: 1fr;
        scrollbar-size-vertical: 1;
        & .form--heading { color: $text-muted; text-style: bold; padding: 0 2; margin-top: 1; height: 1; }
        & .form--heading.-first { margin-top: 0; }
        & .form--problem { color: $text-error; padding: 0 2; height: auto; display: none; }
        & .form--empty { color: $text-muted; padding: 0 2; height: auto; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, tuple[str, ...]] | None = None

    @property
    def rows(self) -> list[FieldRow]:
        """The rows, from top to bottom."""
        return [child for child in self.children if isinstance(child, FieldRow)]

    @property
    def row(self) -> FieldRow | None:
        """The row that has the focus."""
        # The screen knows it at once, the row itself only once it has got the message.
        focused = self.screen.focused
        return next((row for row in self.rows if row is focused or row.is_editing), None)

    def row_of(self, name: str) -> FieldRow | None:
        """The row of a field."""
        return next((row for row in self.rows if row.field.name == name), None)

    async def show(self, part: Part | None, problems: Iterable[Problem], empty: str) -> None:
        """Draw a part; where it is the same as before, its rows stay, with focus and input."""
        fields = () if part is None else part.fields
        shown = (empty if part is None else part.id, tuple(field.name for field in fields))
        by_field: dict[str, list[Problem]] = {}
        problems = list(problems)
        for problem in problems:
            if part is not None and problem.part == part.id and problem.field:
                by_field.setdefault(problem.field, []).append(problem)
        if shown != self._shown:
            await self._rebuild(shown, fields, by_field, empty)
        notice = self.query_one(".form--problem", Static)
        whole = [
            problem.text
            for problem in problems
            if part and (problem.part, problem.field) == (part.id, "")
        ]
        told = "\n".join(f"✗ {clean(text)}" for text in whole)
        if told != notice.content:  # an update is a new layout
            notice.update(told)
        notice.display = bool(whole)
        for row, field in zip(self.rows, fields, strict=True):
            row.show(field, by_field.get(field.name, ()))

    async def _rebuild(
        self,
        shown: tuple[str, tuple[str, ...]],
        fields: Sequence[Field],
        problems: Mapping[str, Sequence[Problem]],
        empty: str,
    ) -> None:
        focused = self.row
        name = focused.field.name if focused and self._shown and shown[0] == self._shown[0] else ""
        had_focus = focused is not None
        self._shown = shown
        widgets: list[Widget] = [Static("", classes="form--problem", markup=False)]
        for group, members in groupby(fields, lambda field: field.spec.group):
            first = " -first" if len(widgets) == 1 else ""
            widgets.append(Static(group, classes=f"form--heading{first}", markup=False))
            widgets += [FieldRow(field) for field in members]
        if not fields:
            widgets.append(Static(empty, classes="form--empty", markup=False))
        with self.app.batch_update():
            await self.remove_children()
            await self.mount_all(widgets)
        self.scroll_home(animate=False)
        if had_focus and self.rows:
            (self.row_of(name) or self.rows[0]).focus()

    def on_resize(self) -> None:
        """What is below takes or gives lines: the field in hand stays in sight."""
        if (row := self.row) is not None:
            row.scroll_visible(animate=False)

    def step(self, row: FieldRow, by: int) -> None:
        """Give the focus to the field above or below."""
        rows = self.rows
        if row in rows:
            at = max(0, min(len(rows) - 1, rows.index(row) + by))
            rows[at].focus()
            if at == 0:
                self.scroll_home(animate=False)
