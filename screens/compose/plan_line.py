"""The line above the template: its file, whether it is saved, and which rack its builds go to."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from screens.tables.cell import clean


@dataclass(frozen=True, slots=True)
class RackOfTemplate:
    """Where the builds of a template go; `other`: not to the rack that the screens work with."""

    text: str = ""
    other: bool = False
    name: str = ""
    """Of another rack: its host, if that is known."""
    service: str = "rack"
    """What it is, in a word."""

    @property
    def unasked(self) -> str:
        """Why the connected rack is not asked about what is built on this other one."""
        if self.name:
            return f"not asked; this is built on {self.name}, which is not connected"
        return f"not asked; which {self.service} this is built on is not known yet"


class PlanLine(Widget):
    """One line; its right half is red if builds would go to another rack."""

    DEFAULT_CSS = """
    PlanLine { height: 1; background: $surface; padding: 0 1; }
    """

    file: reactive[str] = reactive("")
    state: reactive[str] = reactive("")
    """`saved`, `unsaved`, or `draft` for what is in no file."""
    stops: reactive[str] = reactive("")
    """How many stops its builds have, in words; empty: none."""
    rack: reactive[RackOfTemplate] = reactive(RackOfTemplate())

    def render(self) -> Content:
        """File at the left, rack at the right."""
        width = self.content_size.width
        if not self.file:
            return Content("")
        state, tone = {
            "saved": ("✓ saved", "$text-success"),
            "unsaved": ("● unsaved", "$text-warning"),
        }.get(self.state, ("● in no file yet", "$text-warning"))
        told = Content.assemble("  ", (state, tone))
        if self.stops:
            told = Content.assemble(told, "  ", (self.stops, "$text-warning"))
        # What is not saved is told in any case; of a long name the beginning has to do.
        name = Content.styled(clean(self.file), "bold").truncate(
            max(1, width - told.cell_length), ellipsis=True
        )
        left = Content.assemble(name, told)
        style = "bold $alarm-foreground on $alarm-background" if self.rack.other else "$text-muted"
        text = f" ⚠ {clean(self.rack.text)} " if self.rack.other else clean(self.rack.text)
        right = Content.styled(text, style).truncate(
            max(0, width - left.cell_length - 2), ellipsis=True
        )
        gap = max(1, width - left.cell_length - cell_len(right.plain))
        return Content.assemble(left, " " * gap, right)
