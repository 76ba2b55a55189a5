"""Edits one text and answers with it; what is wrong with it is said below before it is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from screens.compose.script_dialog import ScriptEditor
from screens.editing.outside import EditsOutside
from screens.tables.cell import clean
from screens.widgets.code.spans import Language


class EditDialog(EditsOutside):
    """A text to edit. `check` is asked off the event loop: a sentence, or None where the text will do."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("edit", "dialog")
    DEFAULT_CSS = """
    EditDialog {
        & > .dialog--frame { width: 100; height: 90%; }
        & .dialog--body { height: 1fr; }
        & ScriptEditor, & ScriptEditor:focus { height: 100%; min-height: 5; background: $panel; }
        & .edit--text { color: $text-muted; }
        & .edit--wrong { height: auto; max-height: 3; color: $text-error; }
    }
    """

    def __init__(
        self,
        title: str,
        text: str,
        *,
        language: Language,
        help: str = "",  # noqa: A002 - the term of all dialogs
        check: Callable[[str], str | None] = lambda text: None,
        again: bool = True,
    ) -> None:
        """`again`: what is edited runs once the text is taken."""
        super().__init__(title)
        self._again = again
        self.language = language
        self._help = help
        self._check = check
        self._area = ScriptEditor(text, language)

    def contexts(self) -> tuple[str, ...]:
        """What taking the text does is another thing where nothing runs."""
        return self.CONTEXTS if self._again else ("edit-later", "dialog")

    def above(self) -> ComposeResult:
        """What the text is."""
        if self._help:
            yield Static(clean(self._help), classes="edit--text", markup=False)

    def body(self) -> ComposeResult:
        """The text."""
        yield self._area

    def below(self) -> ComposeResult:
        """What is wrong with it."""
        yield Static("", classes="edit--wrong", markup=False)

    def on_mount(self) -> None:
        """The text has the keys."""
        super().on_mount()
        self._area.focus()

    def do_accept(self) -> None:
        """Take the text if nothing is wrong with it."""
        self.run_worker(self._accept(), exclusive=True, exit_on_error=False)

    async def _accept(self) -> None:
        text = self._area.text
        problem = await asyncio.to_thread(self._check, text)
        if problem is None:
            self.dismiss(text)
        else:
            self.query_one(".edit--wrong", Static).update(clean(problem))
