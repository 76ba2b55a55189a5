"""A unified diff, its lines in the colours of what they mean; the first character says it too."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.widgets import Static

from screens.tables.cell import clean

_STYLES = (
    ("+++", "$text-muted"),
    ("---", "$text-muted"),
    ("@@", "$text-secondary"),
    ("+", "$text-success"),
    ("-", "$text-error"),
)


def coloured(diff: str) -> Content:
    """The lines of a diff."""
    lines = [
        Content.styled(clean(line), next((s for mark, s in _STYLES if line.startswith(mark)), ""))
        for line in diff.splitlines()
    ]
    return Content("\n").join(lines)


class DiffView(ScrollableContainer, can_focus=True):
    """Shows a diff; the keys of movement scroll it."""

    DEFAULT_CSS = """
    DiffView {
        padding: 0 1;
        scrollbar-size: 1 1;
        & Static { width: auto; min-width: 100%; }
    }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - as of all widgets
        super().__init__(id=id)
        self._lines = Static(markup=False)

    def compose(self) -> ComposeResult:
        """The lines."""
        yield self._lines

    def show(self, diff: str) -> None:
        """Show a diff; an empty one says so."""
        self._lines.update(coloured(diff) if diff else "The session changed nothing.")
