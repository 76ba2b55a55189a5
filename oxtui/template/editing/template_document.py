"""What every kind of template that is edited has in common: text, history, saving, and its edits' names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

from oxtui.template.editing.history import History
from oxtui.template.editing.save import write_atomically
from oxtui.template.hcl.edit.text_edit import difference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from oxtui.template.editing.members import Member
    from oxtui.template.hcl.edit.text_edit import TextEdit
    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.bodies import Block, Body
    from oxtui.template.hcl.tree.expressions import Expression, TemplatePart
    from oxtui.template.hcl.write import Writable
    from oxtui.template.model import Template


class DocumentChangedError(Exception):
    """The file was changed by someone else since it was read."""


class TemplateDocument(ABC):
    """One template file with its history. Not for use by several threads at once.

    Every method that changes the text returns the change, so that an editor can make it too; None
    means that nothing changed. They raise AddressError for an address that leads nowhere, and
    TemplateError for a change that the language does not allow; the text is then as it was.
    """

    is_hcl: ClassVar[bool] = True
    """Whether strings are templates of HCL: `${ }` in one is filled in, and values may be expressions."""

    def __init__(self, text: str, filename: str) -> None:
        self.filename = filename
        self._text = text
        self._saved: bytes | None = None
        self._history = History()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Reads a file; line breaks, a byte order mark and a missing last line break stay.

        Raises OSError, and UnicodeDecodeError for a file that is not UTF-8.
        """
        data = path.read_bytes()
        document = cls(data.decode(), str(path))
        document._saved = data
        return document

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Writes the file, whole or not at all; call it off the event loop.

        Raises DocumentChangedError if the file has changed since it was read or saved, unless
        `overwrite`; raises OSError.
        """
        data = self._text.encode()
        if not overwrite and self.is_changed_on_disk(path):
            raise DocumentChangedError(f"{path} was changed by another program")
        write_atomically(path, data)
        self._saved = data

    def is_changed_on_disk(self, path: Path) -> bool:
        """Whether the file is there and has another content than was read or saved last.

        Call it off the event loop. Raises OSError.
        """
        try:
            return self._saved is not None and path.read_bytes() != self._saved
        except FileNotFoundError:
            return False

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self._text

    @property
    def is_saved(self) -> bool:
        """Whether the text is what was read or saved last."""
        return self._saved == self._text.encode()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return self._history.can_redo

    def undo(self) -> TextEdit | None:
        """Takes back the last change."""
        return self._step(self._history.undo())

    def redo(self) -> TextEdit | None:
        """Does again what was taken back last."""
        return self._step(self._history.redo())

    def _step(self, edit: TextEdit | None) -> TextEdit | None:
        if edit is not None:
            self._put(edit)
        return edit

    def replace_text(self, text: str, *, merge: bool = False) -> TextEdit | None:
        """Takes over the text of an editor. With `merge`, typing on is one change to undo."""
        return self._take(text, merge=merge)

    def _take(self, after: str, *, merge: bool = False) -> TextEdit | None:
        """Makes a text the document's, with a way back."""
        if after == self._text:
            return None
        edit = difference(self._text, after)
        self._history.record(self._text, edit, merge=merge)
        self._put(edit)
        return edit

    @abstractmethod
    def _put(self, edit: TextEdit) -> None:
        """Makes the text what it is after an edit, and forgets what was known of the old one."""

    @property
    @abstractmethod
    def body(self) -> Body:
        """The syntax tree; of a text with errors, what could be read of it."""

    @property
    @abstractmethod
    def template(self) -> Template:
        """The template model of this file alone, with its diagnostics."""

    @property
    def is_whole(self) -> bool:
        """Whether its syntax is right, so that the body has all that the text has."""
        return not any(each.code == "syntax" for each in self.template.diagnostics)

    @abstractmethod
    def expression_text(self, expression: Expression | TemplatePart) -> str:
        """An expression of the body as it is shown and typed: given to `set` as `Code`, it means the same.

        Of a part of a template it is the text that stands in the template for it.
        """

    @abstractmethod
    def set(self, address: str, name: str, value: Writable) -> TextEdit | None:
        """Sets an attribute: plain data, or `Code` for an expression. Adds it if it is not there."""

    @abstractmethod
    def remove(self, address: str, name: str) -> TextEdit | None:
        """Removes an attribute with its comments."""

    @abstractmethod
    def add_block(
        self, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a top-level block where blocks of its kind stand."""

    @abstractmethod
    def add_nested(self, address: str, kind: str) -> TextEdit | None:
        """Adds a nested block, still empty, to the block at an address."""

    @abstractmethod
    def remove_block(self, address: str) -> TextEdit | None:
        """Removes a block, a provisioner or a post-processor with its comments."""

    @abstractmethod
    def rename(self, address: str, index: int, label: str) -> TextEdit | None:
        """Changes a block's label number `index`. References to it elsewhere stay as they are."""

    def add_provisioner(
        self, build: int, position: int, kind: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a provisioner to build number `build`, to become number `position`."""
        return self._add(build, "provisioner", position, kind, attributes)

    def add_post_processor(
        self, build: int, position: int, kind: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a post-processor as a chain of its own, to become chain number `position`."""
        return self._add(build, "post-processor", position, kind, attributes)

    @abstractmethod
    def _add(
        self, build: int, kind: str, position: int, label: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a provisioner, or a post-processor as a chain of its own."""

    def move_provisioner(self, build: int, old: int, new: int) -> TextEdit | None:
        """Moves a provisioner with its comments, so that it becomes number `new`."""
        return self._move(build, "provisioner", old, new)

    def move_post_processors(self, build: int, old: int, new: int) -> TextEdit | None:
        """Moves a chain of post-processors with its comments, so that it becomes number `new`."""
        return self._move(build, "post-processor", old, new)

    @abstractmethod
    def _move(self, build: int, kind: str, old: int, new: int) -> TextEdit | None:
        """Moves a provisioner, or a chain of post-processors."""

    def remove_provisioner(self, build: int, position: int) -> TextEdit | None:
        """Removes a provisioner with its comments."""
        return self.remove_block(f"build.{build}.provisioner.{position}")

    @abstractmethod
    def switch(self, address: str, *, on: bool) -> TextEdit | None:
        """Makes Packer skip a provisioner or post-processor, or brings it back."""

    @abstractmethod
    def build(self, number: int) -> Block:
        """Build block number `number`, from 0. Raises AddressError."""

    @abstractmethod
    def provisioners(self, build: int) -> list[Member]:
        """The provisioners of a build in order, those that are switched off included."""

    @abstractmethod
    def post_processors(self, build: int) -> list[list[Member]]:
        """The post-processors of a build by chain, those that are switched off included."""

    @abstractmethod
    def span_of(self, address: str, attribute: str | None = None) -> Span | None:
        """Where a block, or one of its attributes, stands in the text; None if it does not."""
