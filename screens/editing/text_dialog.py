"""Edits a text that is taken, or sent somewhere, rather than run again."""

from __future__ import annotations

from typing import ClassVar

from screens.editing.dialog import EditDialog


class TextDialog(EditDialog):
    """The edit dialog for any text."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("text", "dialog")
