"""What was changed, so that it can be taken back and done again."""

from __future__ import annotations

from typing import Final

from oxtui.template.hcl.edit.text_edit import TextEdit, difference

MAX_CHANGES: Final = 1000


class History:
    """Changes of a text, each with its inverse."""

    def __init__(self) -> None:
        self._done: list[tuple[TextEdit, TextEdit]] = []
        self._undone: list[tuple[TextEdit, TextEdit]] = []
        self._mergeable = False

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return bool(self._undone)

    def record(self, before: str, edit: TextEdit, *, merge: bool = False) -> None:
        """Remembers a change of the text `before`.

        With `merge` it becomes one with the change before it, if that could be merged too.
        """
        if merge and self._mergeable and self._done:
            inverse = self._done.pop()[1]
            after = edit.apply(before)
            before = inverse.apply(before)
            edit = difference(before, after)
        self._done.append((edit, edit.inverse(before)))
        del self._done[:-MAX_CHANGES]
        self._undone.clear()
        self._mergeable = merge

    def undo(self) -> TextEdit | None:
        """The edit that takes back the last change, or None."""
        if not self._done:
            return None
        self._mergeable = False
        change = self._done.pop()
        self._undone.append(change)
        return change[1]

    def redo(self) -> TextEdit | None:
        """The edit that does again what was taken back last, or None."""
        if not self._undone:
            return None
        self._mergeable = False
        change = self._undone.pop()
        self._done.append(change)
        return change[0]
