"""The template that is being composed: its document, read and changed in threads, one change after another."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from oxtui.template.document import Document
from oxtui.template.hcl.edit.text_edit import TextEdit
from screens.compose.read import read_document
from screens.compose.reading import Reading

Change = Callable[[Document], TextEdit | None]


class Workbench:
    """A document and what the screen shows of it. The screen looks at `reading` alone."""

    def __init__(self, document: Document, reading: Reading, path: Path | None) -> None:
        self.reading = reading
        self.path = path
        """Where it is saved; None for a template that never was."""
        self.values: dict[str, str] = {}
        """Values of variables for builds that are started here; never written anywhere."""
        self._document = document
        self._turn = asyncio.Lock()
        self._tried = False

    @classmethod
    async def of_file(cls, path: Path) -> Workbench:
        """Reads a template. Raises OSError, and UnicodeDecodeError for what is no text."""

        def read() -> tuple[Document, Reading]:
            document = Document.open(path)
            return document, read_document(document)

        return cls(*await asyncio.to_thread(read), path)

    @classmethod
    async def of_text(cls, text: str, filename: str, path: Path | None = None) -> Workbench:
        """A template that is in no file, or that differs from what is in its file."""

        def read() -> tuple[Document, Reading]:
            document = Document(text, filename)
            return document, read_document(document)

        return cls(*await asyncio.to_thread(read), path)

    @property
    def name(self) -> str:
        """How messages call it."""
        return self._document.filename

    @property
    def draft(self) -> str:
        """The name under which its unsaved text is kept."""
        return str(self.path.resolve()) if self.path else f"untitled-{os.getpid()}"

    @property
    def is_saved(self) -> bool:
        """Whether the file has what is shown here."""
        return self._document.is_saved

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._document.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return self._document.can_redo

    async def change(self, change: Change) -> bool:
        """Makes a change; False if it changed nothing.

        Raises AddressError and TemplateError, as the document does.
        """
        async with self._turn:
            self._tried = False
            return await self._make(change)

    async def try_out(self, change: Change) -> bool:
        """Makes a change that the next one of its kind replaces, so that both are one to undo."""
        async with self._turn:
            return await self._try(change)

    async def settle(self) -> None:
        """What was tried out stays."""
        async with self._turn:
            self._tried = False

    async def withdraw(self) -> None:
        """What was tried out goes."""
        async with self._turn:
            if self._tried:
                self._tried = False
                await self._make(Document.undo)

    async def _try(self, change: Change) -> bool:
        if self._tried:
            self._tried = False
            await self._make(Document.undo)
        before = self.reading
        try:
            return await self._make(change)
        finally:
            self._tried = self.reading is not before

    async def _make(self, change: Change) -> bool:
        document, before = self._document, self.reading

        def make() -> Reading:
            change(document)
            return before if document.text == before.text else read_document(document)

        # A change that has begun is made to its end, whatever becomes of who asked for it.
        made = asyncio.ensure_future(asyncio.to_thread(make))
        try:
            self.reading = await asyncio.shield(made)
        except asyncio.CancelledError:
            await asyncio.wait([made])
            if made.exception() is None:
                self.reading = made.result()
            raise
        return self.reading is not before

    async def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Writes the file. Raises OSError, DocumentChangedError."""
        async with self._turn:
            await asyncio.to_thread(self._document.save, path, overwrite=overwrite)
            self._document.filename = str(path)
            self.path = path
            self.reading = await asyncio.to_thread(read_document, self._document)


def together(*changes: Change) -> Change:
    """Several changes as one to undo."""

    def change(document: Document) -> TextEdit | None:
        scratch = Document(document.text, document.filename)
        for each in changes:
            each(scratch)
        return document.replace_text(scratch.text)

    return change
