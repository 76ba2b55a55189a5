"""A text of several lines in an editor: a script, a list, a file's content."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from screens.editing.outside import EditsOutside
from screens.widgets.code.editor import CodeEditor
from screens.widgets.code.spans import Language


class ScriptEditor(CodeEditor, inherit_bindings=False):
    """Has an undo of its own, since its text is nobody's until it is accepted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CodeEditor.BINDINGS,
        Binding("ctrl+z", "undo", show=False),
        Binding("ctrl+y", "redo", show=False),
    ]


class ScriptDialog(EditsOutside):
    """Ctrl+s answers with the text, esc with nothing."""

    CONTEXTS = ("script", "dialog")
    DEFAULT_CSS = """
    ScriptDialog {
        & > .dialog--frame { width: 100; height: 80%; padding: 0 1; }
        & .dialog--body { height: 1fr; }
        & ScriptEditor, & ScriptEditor:focus { height: 1fr; background: $surface; }
        & .script--note { color: $text-muted; height: auto; padding: 0 1; }
    }
    """

    def __init__(self, title: str, text: str, language: Language, note: str) -> None:
        super().__init__(title)
        self._text, self.language, self._note = text, language, note

    def above(self) -> ComposeResult:
        """What the text is."""
        yield Static(self._note, classes="script--note", markup=False)

    def body(self) -> ComposeResult:
        """The editor."""
        yield ScriptEditor(self._text, self.language)

    def on_mount(self) -> None:
        """The editor has the focus."""
        super().on_mount()
        editor = self.query_one(TextArea)
        editor.focus()
        editor.move_cursor(editor.document.end)

    def do_accept(self) -> None:
        """Answer with the text."""
        self.dismiss(self.query_one(TextArea).text)
