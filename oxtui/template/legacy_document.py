"""Legacy templates that are edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.write import Code
from oxtui.template.json.edit.shown import shown
from oxtui.template.json.edit.tree import tree_of
from oxtui.template.json_document import JsonDocument
from oxtui.template.legacy import changes
from oxtui.template.legacy.body import legacy_body
from oxtui.template.legacy.changes import PLAIN_STRINGS
from oxtui.template.load import parse_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.edit.text_edit import TextEdit
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Body
    from oxtui.template.hcl.tree.expressions import Expression, TemplatePart
    from oxtui.template.hcl.write import Writable
    from oxtui.template.json.edit.tree import Json
    from oxtui.template.json.nodes import Node
    from oxtui.template.model import Template


class LegacyDocument(JsonDocument):
    """A legacy template. Its builders are sources by type and name, and it has one build, number 0.

    `Code` is what is typed for a value: JSON if it reads as that, `var.NAME` for a variable, else a
    text, in which `{{ }}` is what the template makes of it.
    """

    is_hcl = False

    @staticmethod
    def body_of(file: SourceFile, node: Node | None, diagnostics: list[Diagnostic]) -> Body:
        """The blocks that a file would be in HCL."""
        return legacy_body(file, node, diagnostics)

    def _model(self) -> Template:
        return parse_template(self._text, self.filename)

    def expression_text(self, expression: Expression | TemplatePart) -> str:
        """A string's text if typing it means the same again, otherwise the JSON."""
        if isinstance(expression, x.Variable | x.Keyword):  # what is implied stands nowhere
            return expression.name
        json = self._text[expression.span.start : expression.span.end]
        text = shown(json)
        return text if tree_of(Code(text), PLAIN_STRINGS) == tree_of(text, PLAIN_STRINGS) else json

    def set(self, address: str, name: str, value: Writable | Json) -> TextEdit | None:
        """Sets an option, or a variable's `default` or `sensitive`. Adds it if it is not there."""
        block = self._find(address).block
        after = changes.set_value(self._json, block, name, value)
        tree = tree_of(value, PLAIN_STRINGS)
        if block.type != "variable":
            return self._set(after, address, name, tree)
        return self._change(after)

    def remove(self, address: str, name: str) -> TextEdit | None:
        """Removes an option; a variable without default must be given a value."""
        return self._change(changes.remove_value(self._json, self._find(address).block, name))

    def add_block(
        self, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        """Adds a builder (`source`) or a variable."""
        return self._change(changes.add_block(self._json, kind, labels, attributes))

    def remove_block(self, address: str) -> TextEdit | None:
        """Removes a builder, a variable, a provisioner or a post-processor."""
        return self._change(changes.remove_block(self._json, self._find(address).block))

    def rename(self, address: str, index: int, label: str) -> TextEdit | None:
        """Changes a type or name, label number `index`. References to it elsewhere stay as they are."""
        return self._change(changes.rename(self._json, self._find(address).block, index, label))

    def _add(
        self, build: int, kind: str, position: int, label: str, attributes: Mapping[str, Writable]
    ) -> TextEdit | None:
        block, tree = self.build(build), tree_of(attributes, PLAIN_STRINGS)
        return self._change(changes.add_member(self._json, block, kind, position, label, tree))

    def _move(self, build: int, kind: str, old: int, new: int) -> TextEdit | None:
        return self._change(changes.move_member(self._json, self.build(build), kind, old, new))
