"""The line of views, and at its right whether the export is sound."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from oxtui.export.exported import Exported
from screens.actions.export import TABS
from screens.widgets.action_line import ActionLine
from screens.wording import plural


class ExportTabs(ActionLine):
    """Template, changes and notes, with their numbers."""

    DEFAULT_CSS = "ExportTabs { background: $surface; color: $text-muted; }"

    def __init__(self) -> None:
        super().__init__()
        self._tab = TABS[0][0]
        self._exported: Exported | None = None

    def show(self, tab: str, exported: Exported | None) -> None:
        """Draw the views of an export, `tab` being open."""
        self._tab, self._exported = tab, exported
        self.refresh()

    def pieces(self, room: int) -> Sequence[tuple[Content, str]]:
        """The views, a gap, the verdict."""
        views = [self._view(number, id_, title) for number, (id_, title) in enumerate(TABS, 1)]
        verdict = self._verdict()
        taken = sum(piece.cell_length for piece, _ in views) + verdict.cell_length
        if taken > room:
            return views
        return [*views, (Content(" " * (room - taken)), ""), (verdict, "export.notes")]

    def _view(self, number: int, id_: str, title: str) -> tuple[Content, str]:
        here = id_ == self._tab
        style = "bold $text-accent on $block-cursor-background" if here else "$text-muted"
        count = self._count(id_)
        label = f" {number} {title} {count} " if count else f" {number} {title} "
        return Content.styled(label, style), f"export.{id_}"

    def _count(self, id_: str) -> str:
        if self._exported is None:
            return ""
        if id_ == "changes":
            lines = self._exported.diff.splitlines()[2:]
            plus = sum(line.startswith("+") for line in lines)
            minus = sum(line.startswith("-") for line in lines)
            return f"+{plus} −{minus}"
        if id_ == "notes":
            return str(len(self._exported.notes) + len(self._exported.problems))
        return ""

    def _verdict(self) -> Content:
        if self._exported is None:
            return Content("")
        if self._exported.problems:
            return Content.styled(
                f"✗ {plural(len(self._exported.problems), 'problem')} ", "$text-error"
            )
        return Content.styled("✓ verified ", "$text-success")
