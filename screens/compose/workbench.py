"""The template that is being composed: its documents, read and changed in threads, one change after another."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from oxtui.template.document_kinds import document_of
from oxtui.template.documents import Change, Documents
from screens.compose.read import read_document
from screens.compose.reading import FileReading, Reading, gathered
from screens.template_stops import TemplateStops


class Workbench:
    """The files of a template and what the screen shows of them. The screen looks at `reading` alone."""

    def __init__(self, documents: Documents, path: Path | None) -> None:
        self.path = path
        """The file or folder where it is saved; None for a template that never was."""
        self.values: dict[str, str] = {}
        """Values of variables for builds that are started here; never written anywhere."""
        self.value_files: tuple[Path, ...] = ()
        """Variable files for builds that are started here, as of `-var-file`."""
        self.stops = TemplateStops()
        """What builds of it stop for; no part of its text."""
        self.touched: Sequence[str] = ()
        """The names of the files that the last undo or redo changed."""
        self._documents = documents
        self._files: dict[str, FileReading] = {}
        self._turn = asyncio.Lock()
        self._tried = False
        self.reading = self._read()

    @classmethod
    async def of_path(cls, path: Path) -> Workbench:
        """Reads a template: a file, or a folder of files. Raises OSError."""
        return await asyncio.to_thread(lambda: cls(Documents.open(path), path))

    @classmethod
    async def of_text(cls, text: str, filename: str) -> Workbench:
        """A template that is in no file."""
        return await asyncio.to_thread(lambda: cls(Documents([document_of(text, filename)]), None))

    @property
    def name(self) -> str:
        """How messages call it."""
        return str(self.path) if self.path is not None else self.files[0]

    @property
    def files(self) -> list[str]:
        """The names of its files, in the order in which Packer reads them."""
        return self._documents.names

    @property
    def is_folder(self) -> bool:
        """Whether a folder was opened."""
        return self._documents.folder is not None

    def draft(self, file: str) -> str:
        """The name under which the unsaved text of a file is kept."""
        return str(Path(file).resolve()) if self.path else f"untitled-{os.getpid()}"

    @property
    def unsaved(self) -> list[str]:
        """The names of the files that do not have what is shown here."""
        return self._documents.unsaved

    async def changed_on_disk(self) -> list[str]:
        """The names of files that another program changed since they were read or saved. Raises OSError."""
        return await asyncio.to_thread(self._documents.changed_on_disk) if self.path else []

    @property
    def is_saved(self) -> bool:
        """Whether all files have what is shown here."""
        return not self.unsaved

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._documents.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return self._documents.can_redo

    async def change(self, change: Change, file: str = "") -> bool:
        """Makes a change of a file, or of the first one; False if it changed nothing.

        Raises AddressError and TemplateError, as the document does.
        """
        return await self.change_all([(file or self.files[0], change)])

    async def change_all(self, changes: Sequence[tuple[str, Change]]) -> bool:
        """Makes changes of several files as one to undo."""
        async with self._turn:
            self._tried = False
            return await self._make(lambda: self._documents.change_all(changes))

    async def undo(self) -> bool:
        """Takes back the last change, in whichever file; False if there is none."""
        return await self._step(self._documents.undo)

    async def redo(self) -> bool:
        """Does again what was taken back last; False if nothing was."""
        return await self._step(self._documents.redo)

    async def _step(self, step: Callable[[], Sequence[str]]) -> bool:
        def stepped() -> None:
            self.touched = step()

        async with self._turn:
            self._tried = False
            return await self._make(stepped)

    async def try_out(self, change: Change, file: str = "") -> bool:
        """Makes a change that the next one of its kind replaces, so that both are one to undo."""
        async with self._turn:
            if self._tried:
                self._tried = False
                await self._make(self._documents.undo)
            before = self.reading
            try:
                return await self._make(
                    lambda: self._documents.change(file or self.files[0], change)
                )
            finally:
                self._tried = self.reading is not before

    async def settle(self) -> None:
        """What was tried out stays."""
        async with self._turn:
            self._tried = False

    async def withdraw(self) -> None:
        """What was tried out goes."""
        async with self._turn:
            if self._tried:
                self._tried = False
                await self._make(self._documents.undo)

    async def _make(self, doing: Callable[[], object]) -> bool:
        before = self.reading

        def make() -> Reading:
            doing()
            return self._read()

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

    def _read(self) -> Reading:
        """The reading of what there is now: only files that changed are read anew."""
        known, documents = self._files, self._documents
        self._files = {}
        for name, text in documents.texts.items():
            found = known.get(name)
            if found is None or found.source.text != text:
                found = read_document(documents[name])
            self._files[name] = found
        if all(known.get(name) is file for name, file in self._files.items()):
            return self.reading
        return gathered(list(self._files.values()), documents.folder)

    async def save(self, file: str, *, overwrite: bool = False) -> None:
        """Writes a file. Raises OSError, DocumentChangedError."""
        async with self._turn:
            await asyncio.to_thread(self._documents.save, file, overwrite=overwrite)

    async def save_as(self, path: Path, *, overwrite: bool = False) -> None:
        """Writes a single file to another place. Raises OSError, DocumentChangedError."""
        async with self._turn:
            first = self.files[0]
            await asyncio.to_thread(self._documents.save_as, first, path, overwrite=overwrite)
            self.path = path
            self.reading = await asyncio.to_thread(self._read)
