"""A template file that is edited: by a form, by a text editor, or by both in turn.

The text is the truth. An edit by address splices it the way a careful person would: setting an
attribute changes one line; what is added is laid out like its neighbours, and where the top-level block
was as `packer fmt` would write it, it is so again. Undo and redo know only the text, so they work
across form and editor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.editing import changes
from oxtui.template.editing.address import AddressError, chains, find
from oxtui.template.editing.members import members
from oxtui.template.editing.template_document import DocumentChangedError, TemplateDocument
from oxtui.template.hcl.diagnostic import TemplateError, has_errors
from oxtui.template.hcl.edit.text_edit import difference
from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.parse.incremental import reparse_body
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.load import template_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.editing.members import Member
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.edit.text_edit import TextEdit
    from oxtui.template.hcl.tree.bodies import Block, Body
    from oxtui.template.hcl.tree.expressions import Expression, TemplatePart
    from oxtui.template.hcl.write import Writable
    from oxtui.template.model import Template

__all__ = ["Document", "DocumentChangedError"]


class Document(TemplateDocument):
    """A template in HCL's own syntax."""

    def __init__(self, text: str, filename: str) -> None:
        super().__init__(text, filename)
        self._tree: tuple[Body, list[Diagnostic]] | None = None
        self._template: Template | None = None

    @property
    def body(self) -> Body:
        """The syntax tree; of a text with errors, what could be read of it."""
        return self._parsed()[0]

    @property
    def template(self) -> Template:
        """The template model of this file alone, with its diagnostics."""
        if self._template is None:
            source = SourceFile(self.filename, self._text)
            self._template = template_of(source, *self._parsed())
        return self._template

    @property
    def is_whole(self) -> bool:
        """Whether its syntax is right."""
        return not has_errors(self._parsed()[1])

    def _parsed(self) -> tuple[Body, list[Diagnostic]]:
        if self._tree is None:
            self._tree = parse_body(SourceFile(self.filename, self._text))
        return self._tree

    def _put(self, edit: TextEdit) -> None:
        """Makes the text what it is after an edit; of the tree, only what the edit touches is new."""
        before, known = SourceFile(self.filename, self._text), self._tree
        self._text = edit.apply(self._text)
        self._template = None
        self._tree = None
        if known is not None and not known[1]:
            after = SourceFile(self.filename, self._text)
            body = reparse_body(before, known[0], edit, after)
            self._tree = None if body is None else (body, [])

    def expression_text(self, expression: Expression | TemplatePart) -> str:
        """An expression as it stands in the text."""
        return self._text[expression.span.start : expression.span.end]

    def rewrite(self, text: str) -> TextEdit | None:
        """Takes over a text that a program made of this one: laid out and checked as an edit by address."""
        return self._change(text)

    def set(self, address: str, name: str, value: Writable) -> TextEdit | None:
        """Sets an attribute: plain data, or `Code` for an expression. Adds it if it is not there."""
        return self._change(changes.set_value(self._text, self.body, address, name, value))

    def remove(self, address: str, name: str) -> TextEdit | None:
        """Removes an attribute with its comments."""
        return self._change(changes.remove_value(self._text, self.body, address, name))

    def add_block(
        self, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a top-level block where blocks of its kind stand."""
        after = changes.add_top_block(self._text, self.body, kind, labels, attributes)
        return self._change(after)

    def add_nested(self, address: str, kind: str) -> TextEdit | None:
        """Adds a nested block to the block at an address: behind the last of its type, or of all."""
        return self._change(changes.add_nested(self._text, self.body, address, kind))

    def remove_block(self, address: str) -> TextEdit | None:
        """Removes a block, a provisioner or a post-processor with its comments."""
        return self._change(changes.remove_block(self._text, self.body, address))

    def rename(self, address: str, index: int, label: str) -> TextEdit | None:
        """Changes a block's label number `index`. References to it elsewhere stay as they are."""
        return self._change(changes.rename(self._text, self.body, address, index, label))

    def _add(
        self, build: int, kind: str, position: int, label: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        block = self.build(build)
        return self._change(
            changes.add_member(self._text, block, kind, position, label, attributes)
        )

    def _move(self, build: int, kind: str, old: int, new: int) -> TextEdit | None:
        return self._change(changes.move_member(self._text, self.build(build), kind, old, new))

    def switch(self, address: str, *, on: bool) -> TextEdit | None:
        """Comments a provisioner or post-processor out so that Packer skips it, or brings it back."""
        after = changes.switch(self._text, self.body, address, on=on)
        return self._change(after, lay_out=False)

    def build(self, number: int) -> Block:
        """Build block number `number`, from 0. Raises AddressError."""
        return find(self._text, self.body, f"build.{number}").block

    def provisioners(self, build: int) -> list[Member]:
        """The provisioners of a build in order, those that are switched off included."""
        return members(self._text, self.build(build).body, "provisioner")

    def post_processors(self, build: int) -> list[list[Member]]:
        """The post-processors of a build by chain, those that are switched off included."""
        return [chain.members for chain in chains(self._text, self.build(build))]

    def span_of(self, address: str, attribute: str | None = None) -> Span | None:
        """Where a block, or one of its attributes, stands in the text; None if it does not."""
        try:
            target = find(self._text, self.body, address)
        except AddressError:
            return None
        found = target.block.body.attributes.get(attribute) if attribute is not None else None
        if attribute is not None and found is None:
            return None
        off = None if target.member is None else target.member.disabled
        if found is not None:
            return found.span if off is None else off.place(found.span)
        return target.block.span if off is None else Span(off.extent.start, off.extent.end)

    def _change(self, after: str, *, lay_out: bool = True) -> TextEdit | None:
        """Makes an edit the document's, checked, and laid out if wanted."""
        if after == self._text:
            return None
        return self._take(self._checked(after, lay_out=lay_out))

    def _checked(self, after: str, *, lay_out: bool) -> str:
        """The changed text, its touched top-level block in canonical layout if it was before."""
        before = self._text
        edit = difference(before, after)
        block = self.body.block_at(edit.start)
        top = next(iter(self.body.enclosing(edit.start)), None)
        if block is None or top is None or edit.end > top.span.end:
            self._check(before, after)
            return after
        start, end = top.span
        old, new = before[start:end], after[start : end + len(after) - len(before)]
        self._check(old, new)
        lines_change = "\n" in edit.text or "\n" in before[edit.start : edit.end]
        if lay_out and lines_change and format_tokens(old) == old:
            new = format_tokens(new)
        return before[:start] + new + before[end:]

    def _check(self, old: str, new: str) -> None:
        """Raises TemplateError if a text that could be read cannot be read any more."""
        _, problems = parse_body(SourceFile(self.filename, new))
        if has_errors(problems):
            _, known = parse_body(SourceFile(self.filename, old))
            if not has_errors(known):
                raise TemplateError(problems)
