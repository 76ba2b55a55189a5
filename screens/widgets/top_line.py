"""The line at the top of every screen: where one is, on which rack, and what runs."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from screens.tables.cell import Cell

TONES = {
    "": "$text",
    "good": "$text-success",
    "busy": "$text-secondary",
    "warn": "$text-warning",
    "bad": "$text-error",
    "muted": "$text-muted",
    "accent": "$text-accent",
}


class TopLine(Widget):
    """One line; red all over on a rack that is marked as production or trusts any certificate."""

    DEFAULT_CSS = """
    TopLine {
        height: 1;
        background: $panel;
        color: $text;
        padding: 0 1;
        &.-alarm { background: $alarm-background; color: $alarm-foreground; text-style: bold; }
    }
    """

    crumbs: reactive[str] = reactive("")
    """The way to this place, nearest last."""
    rack: reactive[str] = reactive("")
    """Profile and silo."""
    warnings: reactive[tuple[str, ...]] = reactive(())
    """What makes this rack dangerous; not empty: the line is red."""
    notes: reactive[tuple[str, ...]] = reactive(())
    """What else is particular, such as read-only."""
    rack_color: reactive[str] = reactive("")
    """A colour of the operator's that marks this rack; empty for none."""
    running: reactive[tuple[Cell, ...]] = reactive(())
    """Builds and other work in flight."""

    def watch_warnings(self, warnings: tuple[str, ...]) -> None:
        """Red or not."""
        self.set_class(bool(warnings), "-alarm")

    def render(self) -> Content:
        """Crumbs and rack at the left, what runs at the right; the middle gives way."""
        alarm = bool(self.warnings)
        width = self.content_size.width
        right = Content("  ").join(
            Content.styled(cell.text, "" if alarm else TONES[cell.tone]) for cell in self.running
        )
        marks = [*(text.upper() for text in self.warnings), *self.notes]
        pieces = [text for text in (self.crumbs, *marks, self.rack) if text]
        room = width - (cell_len(right.plain) + 2 if right.plain else 0)
        left = Content(" · ".join(pieces)).truncate(max(0, room), ellipsis=True)
        if not alarm:
            left = left.stylize("bold", 0, min(len(self.crumbs), len(left)))
            left = left.stylize("$text-muted", min(len(self.crumbs), len(left)))
        if self.rack_color and not alarm:
            # Blocks in that colour: as a colour of text it might not be readable.
            left = Content.assemble(Content.styled("▌", self.rack_color), left)
        gap = " " * max(0, width - cell_len(left.plain) - cell_len(right.plain))
        return Content.assemble(left, gap, right)
