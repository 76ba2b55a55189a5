"""The files of a template that are edited together, with one undo: all of a folder, or a single file."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from oxtui.template.document import Document
from oxtui.template.editing.history import MAX_CHANGES
from oxtui.template.read.files import HCL_SUFFIX, template_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from oxtui.template.hcl.edit.text_edit import TextEdit
    from oxtui.template.hcl.write import Writable


class TemplateDocument(Protocol):
    """One file of a template, in whichever language it is written, with a history of its own.

    A method that changes the text returns the change, or None if nothing changed, and makes one entry
    of the history; it raises AddressError or TemplateError, and the text is then as it was. Addresses
    are those of `oxtui.template.editing.address`, counted within the file. What the form shows of a
    document, `screens.compose.read.read_document` reads from it.
    """

    filename: str

    @property
    def text(self) -> str:
        """The text as it is now."""

    @property
    def is_saved(self) -> bool:
        """Whether the text is what was read or saved last."""

    def undo(self) -> TextEdit | None:
        """Takes back the last change."""

    def redo(self) -> TextEdit | None:
        """Does again what was taken back last."""

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Writes the file, whole or not at all. Raises DocumentChangedError, OSError."""

    def replace_text(self, text: str) -> TextEdit | None:
        """Takes over the text of an editor; any text will do."""

    def set(self, address: str, name: str, value: Writable) -> TextEdit | None:
        """Sets an attribute, or adds it."""

    def remove(self, address: str, name: str) -> TextEdit | None:
        """Removes an attribute."""

    def add_block(
        self, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a top-level block."""

    def remove_block(self, address: str) -> TextEdit | None:
        """Removes a block, a provisioner or a post-processor."""

    def add_provisioner(
        self, build: int, position: int, kind: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a provisioner to a build of this file."""

    def add_post_processor(
        self, build: int, position: int, kind: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a chain of one post-processor to a build of this file."""

    def move_provisioner(self, build: int, old: int, new: int) -> TextEdit | None:
        """Moves a provisioner."""

    def move_post_processors(self, build: int, old: int, new: int) -> TextEdit | None:
        """Moves a chain of post-processors."""

    def switch(self, address: str, *, on: bool) -> TextEdit | None:
        """Switches a provisioner or post-processor off, or on again."""


Change: TypeAlias = "Callable[[TemplateDocument], TextEdit | None]"
"""Something that is done to one document, at most one entry of its history."""


def open_document(path: Path) -> TemplateDocument:
    """Reads a file as the kind of document that its name says.

    Raises OSError, and UnicodeDecodeError for a file that is not UTF-8.
    """
    return Document.open(path)


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
