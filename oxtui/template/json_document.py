"""Templates in JSON that are edited: what they have in common, and `.pkr.json`, which is HCL in other words.

As with a template in HCL's own syntax the text is the truth: an edit changes just the value that it is
about, in the layout of what is around it. Nothing can be switched off in them: a legacy template has
no comments (a root key that begins with `_` must hold a string, packer.md 2), and HCL passes over a
"//" only where attributes stand, not in a list of blocks.
"""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from oxtui.template.editing.address import AddressError, chains, find
from oxtui.template.editing.template_document import TemplateDocument
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.json.bodies import json_body
from oxtui.template.json.edit import blocks, units
from oxtui.template.json.edit.blocks import listed
from oxtui.template.json.edit.code import HCL_STRINGS, expression_text
from oxtui.template.json.edit.json_text import JsonText
from oxtui.template.json.edit.tree import refusal, same, tree_of
from oxtui.template.json.nodes import Object
from oxtui.template.load import template_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.editing.address import Target
    from oxtui.template.editing.members import Member
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.edit.text_edit import TextEdit
    from oxtui.template.hcl.tree.bodies import Block, Body
    from oxtui.template.hcl.tree.expressions import Expression, TemplatePart
    from oxtui.template.hcl.write import Writable
    from oxtui.template.json.edit.tree import Json, Tree
    from oxtui.template.json.nodes import Node
    from oxtui.template.model import Template


class _Reading(NamedTuple):
    """What a text is; `json` is None for one that is no JSON."""

    json: JsonText | None
    body: Body
    problems: list[Diagnostic]


class JsonDocument(TemplateDocument):
    """What both kinds have in common. Values may be given as `Json` too, which keeps numbers' text."""

    def __init__(self, text: str, filename: str) -> None:
        super().__init__(text, filename)
        self._known: _Reading | None = None
        self._template: Template | None = None

    @staticmethod
    @abstractmethod
    def body_of(file: SourceFile, node: Node | None, diagnostics: list[Diagnostic]) -> Body:
        """The body that a file is in HCL; adds what is wrong to the diagnostics."""

    @property
    def body(self) -> Body:
        """The template as blocks and attributes, with the places of the JSON."""
        return self._reading.body

    @property
    def template(self) -> Template:
        """The template model of this file alone, with its diagnostics."""
        if self._template is None:
            self._template = self._model()
        return self._template

    @abstractmethod
    def _model(self) -> Template:
        """Reads the model of the text."""

    @property
    def _reading(self) -> _Reading:
        if self._known is None:
            self._known = self._read(self._text)
        return self._known

    def _read(self, text: str) -> _Reading:
        try:
            return self._read_json(JsonText(self.filename, text))
        except TemplateError as problem:
            file = SourceFile(self.filename, text)
            return _Reading(None, self.body_of(file, None, []), problem.diagnostics)

    def _read_json(self, json: JsonText) -> _Reading:
        problems: list[Diagnostic] = []
        return _Reading(json, self.body_of(json.file, json.root, problems), problems)

    def _put(self, edit: TextEdit) -> None:
        self._text = edit.apply(self._text)
        self._known = self._template = None

    @property
    def _json(self) -> JsonText:
        found = self._reading.json
        if found is None:
            raise TemplateError(self._reading.problems)
        return found

    def _find(self, address: str) -> Target:
        return find(self._text, self.body, address, listed)

    def _change(self, after: JsonText) -> TextEdit | None:
        """Makes an edit the document's. Raises TemplateError if it brings an error with it."""
        return self._accept(self._checked(after), after.text)

    def _set(self, after: JsonText, address: str, name: str, tree: Tree) -> TextEdit | None:
        """The same for an attribute, which must then be what it was to be."""
        reading = self._checked(after)
        with suppress(AddressError):
            block = find(after.text, reading.body, address, listed).block
            node = after.at(block.open.start)
            value = node.get(name) if isinstance(node, Object) else node
            if name in block.body.attributes and value is not None and same(value, tree):
                return self._accept(reading, after.text)
        detail = f'{address} has no argument "{name}" with that value then; nothing was written.'
        raise refusal("The value does not read back", detail)

    def _checked(self, after: JsonText) -> _Reading:
        """What a changed text is. Raises TemplateError if it has an error that was not there before."""
        reading = self._read_json(after)
        known = {(one.summary, one.detail) for one in self._reading.problems}
        new = [p for p in reading.problems if p.is_error and (p.summary, p.detail) not in known]
        if new:
            raise TemplateError(new)
        return reading

    def _accept(self, reading: _Reading, text: str) -> TextEdit | None:
        edit = self._take(text)
        self._known = reading
        return edit

    def add_nested(self, address: str, kind: str) -> TextEdit | None:
        """Refuses, as JSON has no nested blocks. Raises TemplateError, AddressError."""
        self._find(address)
        raise refusal(
            "No block was added", f"In JSON {kind} is an object: write it in the text (f2)."
        )

    def switch(self, address: str, *, on: bool) -> TextEdit | None:
        """Refuses to switch off, as JSON has no comments. Raises TemplateError, AddressError."""
        if self._find(address).member is None:
            raise AddressError(f"{address} that can be switched off")
        if on:
            return None
        detail = (
            "JSON has no comments that could hold it. Limit it with only or except, remove it, or "
            "make HCL of the template: oxtui hcl2_upgrade."
        )
        raise refusal("It cannot be switched off", detail)

    def build(self, number: int) -> Block:
        """Build number `number`, from 0. Raises AddressError."""
        return self._find(f"build.{number}").block

    def provisioners(self, build: int) -> list[Member]:
        """The provisioners of a build in order."""
        return listed(self._text, self.build(build).body, "provisioner")

    def post_processors(self, build: int) -> list[list[Member]]:
        """The post-processors of a build by chain."""
        return [chain.members for chain in chains(self._text, self.build(build), listed)]

    def span_of(self, address: str, attribute: str | None = None) -> Span | None:
        """Where a block, or one of its attributes, stands in the text; None if it does not."""
        try:
            block = self._find(address).block
        except AddressError:
            return None
        if attribute is None:
            return block.span
        found = block.body.attributes.get(attribute)
        return None if found is None else found.span

    def _build_of(self, address: str) -> Block | None:
        kind, number, *inside = [*address.split("."), ""]
        return self.build(int(number)) if kind == "build" and inside[:-1] else None


class HclJsonDocument(JsonDocument):
    """A `.pkr.json`. A string in it is a template of HCL, and `Code` becomes one where it must."""

    @staticmethod
    def body_of(file: SourceFile, node: Node | None, diagnostics: list[Diagnostic]) -> Body:
        """The body that a file is in HCL; adds what is wrong to the diagnostics."""
        return json_body(file, node, diagnostics)

    def _model(self) -> Template:
        reading = self._reading
        source = SourceFile(self.filename, self._text)
        return template_of(source, reading.body, reading.problems)

    def expression_text(self, expression: Expression | TemplatePart) -> str:
        """The expression that a string is with nothing else in it, otherwise its JSON."""
        return expression_text(self._text, expression)

    def set(self, address: str, name: str, value: Writable | Json) -> TextEdit | None:
        """Sets an attribute: plain data, or `Code` for an expression. Adds it if it is not there."""
        block = self._find(address).block
        tree = blocks.value_tree(block, name, value)
        json = self._json
        after = json.set_member(blocks.object_of(json, block), name, tree)
        return self._set(after, address, name, tree)

    def remove(self, address: str, name: str) -> TextEdit | None:
        """Removes an attribute."""
        block = self._find(address).block
        if name not in block.body.attributes:
            return None
        json = self._json
        return self._change(json.remove_member(blocks.object_of(json, block), name))

    def add_block(
        self, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a top-level block where blocks of its kind stand."""
        return self._change(blocks.add_block(self._json, kind, labels, attributes))

    def remove_block(self, address: str) -> TextEdit | None:
        """Removes a block, a provisioner or a post-processor."""
        block = self._find(address).block
        return self._change(blocks.remove_block(self._json, block, self._build_of(address)))

    def rename(self, address: str, index: int, label: str) -> TextEdit | None:
        """Changes a block's label number `index`. References to it elsewhere stay as they are."""
        block, build = self._find(address).block, self._build_of(address)
        return self._change(blocks.rename(self._json, self.body, block, index, label, build))

    def _add(
        self, build: int, kind: str, position: int, label: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        block, tree = self.build(build), tree_of(attributes, HCL_STRINGS)
        return self._change(units.insert_unit(self._json, block, kind, position, label, tree))

    def _move(self, build: int, kind: str, old: int, new: int) -> TextEdit | None:
        return self._change(units.move_unit(self._json, self.build(build), kind, old, new))
