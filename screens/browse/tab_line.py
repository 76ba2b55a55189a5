"""The line of tabs, with filter and count at its right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive

from screens.actions.tabs import OXIDE, Tabs
from screens.widgets.action_line import ActionLine

if TYPE_CHECKING:
    from screens.browse.filter_field import FilterField

_WIDTHS = (14, 17, 24)
"""Cells of the filter, with the slash before it: the least that shows its text. Few, as each lays out anew."""


class TabLine(ActionLine):
    """All tabs by name where there is room, else their numbers and the name of the present one."""

    DEFAULT_CSS = """
    TabLine { height: 1; background: $surface; align-horizontal: right; }
    """

    tabs: reactive[Tabs] = reactive(OXIDE)
    current: reactive[str] = reactive(OXIDE.first)
    count: reactive[str] = reactive("")
    """How many rows there are."""
    filtering: reactive[int] = reactive(0)
    """Cells that the filter takes; 0 where there is none."""

    def __init__(self, typed: Callable[[str], None]) -> None:
        """`typed` is told of each new text of the filter at once: its rows come in the same frame."""
        super().__init__()
        self._typed = typed

    def pieces(self, room: int) -> Sequence[tuple[Content, str]]:
        """A piece a tab, a gap, and the count."""
        room -= self.filtering
        count = Content.styled(f" {self.count} ", "$text-muted")
        for every_name in (True, False):
            tabs = self._tabs(every_name)
            gap = room - sum(tab.cell_length for tab, _ in tabs) - count.cell_length
            if gap >= 0:
                break
        pieces = [*tabs, (Content(" " * max(0, gap)), ""), (count, "")]
        return [*pieces, (Content.styled("/", "$text-accent"), "")] if self.filtering else pieces

    def _tabs(self, every_name: bool) -> Sequence[tuple[Content, str]]:
        tabs = []
        for number, (id_, title) in enumerate(self.tabs.titles.items(), 1):
            here = id_ == self.current
            label = f" {number} {title} " if here or every_name else f" {number} "
            style = (
                "bold $block-cursor-foreground on $block-cursor-background"
                if here
                else "$text-muted"
            )
            tabs.append((Content.styled(label, style), self.tabs.of(id_)))
        return tabs

    def give_room(self, text: str | None) -> None:
        """Make room for a filter with this text; None: for none."""
        needed = 0 if text is None else cell_len(text) + 3
        fitting = next((width for width in _WIDTHS if needed <= width), _WIDTHS[-1])
        self.filtering = 0 if text is None else fitting
        for field in self.query("FilterField"):
            field.styles.width = max(1, self.filtering - 1)

    @property
    def is_typing(self) -> bool:
        """The filter has the focus."""
        return any(field.has_focus for field in self.query("FilterField"))

    def type_filter(self) -> None:
        """Let the operator type."""
        self._field().start()

    def show_filter(self, text: str, problem: str) -> None:
        """The filter of the present table, if it has one or is being typed."""
        if text or self.query("FilterField"):
            self._field().show(text, wrong=bool(problem))

    def _field(self) -> FilterField:
        """The field, which comes when it is first wanted, so that the first frame need not wait."""
        from screens.browse.filter_field import FilterField

        for field in self.query(FilterField):
            return field
        field = FilterField(self._typed)
        self.mount(field)
        return field
