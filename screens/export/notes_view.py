"""What is to be known of an export: problems first, then what was changed and what it needs."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from oxtui.export.exported import Exported
from oxtui.logs.sanitise import plain


class NotesView(VerticalScroll, can_focus=True):
    """A list of sentences."""

    DEFAULT_CSS = """
    NotesView {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & Static { margin-bottom: 1; }
    }
    """

    def show(self, exported: Exported) -> None:
        """Show the sentences of an export."""
        self.remove_children()
        verdict = (
            "✗ This would not do what the session did, so it is not saved."
            if exported.problems
            else "✓ Read back and planned again: it does what the session did."
        )
        tone = "$text-error" if exported.problems else "$text-success"
        lines = [Content.styled(verdict, f"bold {tone}")]
        lines += [Content.styled(f"✗ {plain(text)}", "$text-error") for text in exported.problems]
        lines += [Content(f"· {plain(text)}") for text in exported.notes]
        self.mount_all(Static(line) for line in lines)
