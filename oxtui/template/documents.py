"""The files of a template that are edited together, with one undo: all of a folder, or a single file."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.document_kinds import open_document
from oxtui.template.editing.history import MAX_CHANGES
from oxtui.template.read.files import HCL_SUFFIX, template_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from oxtui.template.editing.template_document import TemplateDocument
    from oxtui.template.hcl.edit.text_edit import TextEdit


Change: TypeAlias = "Callable[[TemplateDocument], TextEdit | None]"
"""Something that is done to one document, at most one entry of its history."""


class Documents:
    """Documents with one history. Not for use by several threads at once.

    Each document remembers its own changes; here is remembered which of them changed when, so that
    undo and redo go through all changes in the order in which they were made. A document must be
    changed through `change` and `change_all` alone.
    """

    def __init__(self, documents: Iterable[TemplateDocument], folder: Path | None = None) -> None:
        self.folder = folder
        """The folder whose files they are; None for a single file."""
        self._documents = {document.filename: document for document in documents}
        self._done: list[tuple[str, ...]] = []
        self._undone: list[tuple[str, ...]] = []

    @classmethod
    def open(cls, path: Path) -> Documents:
        """Reads a file, or all files right inside a folder that make up a template, as Packer takes them.

        Raises OSError, also for a folder without templates and for a file that is not UTF-8.
        """
        files = template_files(path)
        if not files:
            raise FileNotFoundError(errno.ENOENT, f"No file in it ends in {HCL_SUFFIX}", str(path))
        return cls(map(_opened, files), path if path.is_dir() else None)

    @property
    def names(self) -> list[str]:
        """The documents' file names, in the order in which Packer reads them."""
        return list(self._documents)

    def __getitem__(self, name: str) -> TemplateDocument:
        """The document of that file name. Raises KeyError."""
        return self._documents[name]

    @property
    def texts(self) -> dict[str, str]:
        """The texts as they are now, by file name."""
        return {name: document.text for name, document in self._documents.items()}

    @property
    def unsaved(self) -> list[str]:
        """The file names of documents whose files do not have their texts."""
        return [name for name, document in self._documents.items() if not document.is_saved]

    def changed_on_disk(self) -> list[str]:
        """The file names of documents that another program changed since. Raises OSError."""
        return [
            name
            for name, document in self._documents.items()
            if document.is_changed_on_disk(Path(name))
        ]

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back, in whichever document."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return bool(self._undone)

    def change(self, name: str, change: Change) -> bool:
        """Changes one document; False if nothing came of it. Raises what the change does."""
        return self.change_all([(name, change)])

    def change_all(self, changes: Iterable[tuple[str, Change]]) -> bool:
        """Makes several changes, of several documents, as one thing to undo; False for no change.

        Raises what a change raises; all documents are then as they were.
        """
        made: list[str] = []
        try:
            for name, change in changes:
                before = self._documents[name].text
                change(self._documents[name])
                if self._documents[name].text != before:
                    made.append(name)
        except BaseException:
            for name in reversed(made):
                self._documents[name].undo()
            if made:
                self._undone.clear()  # their own histories have forgotten it
            raise
        if made:
            self._done.append(tuple(made))
            self._undone.clear()
            # Of no document more is remembered than it remembers itself.
            while sum(map(len, self._done)) > MAX_CHANGES:
                del self._done[0]
        return bool(made)

    def undo(self) -> tuple[str, ...]:
        """Takes back the last change; the file names of the documents that it changed."""
        if not self._done:
            return ()
        names = self._done.pop()
        for name in reversed(names):
            self._documents[name].undo()
        self._undone.append(names)
        return names

    def redo(self) -> tuple[str, ...]:
        """Does again what was taken back last; the file names of the documents that it changed."""
        if not self._undone:
            return ()
        names = self._undone.pop()
        for name in names:
            self._documents[name].redo()
        self._done.append(names)
        return names

    def save(self, name: str, *, overwrite: bool = False) -> None:
        """Writes one document to its file.

        Raises DocumentChangedError if another program changed it, unless `overwrite`; OSError.
        """
        self._documents[name].save(Path(name), overwrite=overwrite)

    def save_as(self, name: str, path: Path, *, overwrite: bool = False) -> None:
        """Writes one document to another file, whose name it has from then on. Raises as `save`."""
        self._documents[name].save(path, overwrite=overwrite)
        self._documents[name].filename = str(path)
        renamed = {name: str(path)}
        for steps in (self._done, self._undone):
            steps[:] = [tuple(renamed.get(each, each) for each in step) for step in steps]
        self._documents = {each.filename: each for each in self._documents.values()}


def _opened(path: Path) -> TemplateDocument:
    try:
        return open_document(path)
    except UnicodeDecodeError as problem:
        raise OSError(errno.EILSEQ, "It is no text in UTF-8", str(path)) from problem
