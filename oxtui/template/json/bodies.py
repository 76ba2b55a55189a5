"""JSON objects as bodies of HCL: what a `.pkr.json` says (HCL's JSON syntax specification, "Structural Elements")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tree.bodies import Attribute, Block, Body, Label
from oxtui.template.json.expressions import ExpressionMaker
from oxtui.template.json.nodes import Array, Object, Word, kind
from oxtui.template.json.reader import parse_json
from oxtui.template.json.shapes import PLAIN, ROOT_SHAPE, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.json.nodes import Member, Node, String

COMMENT = "//"
"""The key that HCL's JSON syntax passes over."""
_LEGACY = frozenset(("builders", "post-processors", "provisioners"))


def parse_json_body(file: SourceFile) -> tuple[Body, list[Diagnostic]]:
    """Reads a `.pkr.json` as the body that it is in HCL. What is wrong in one item does not hide the others."""
    node, diagnostics = parse_json(file)
    return json_body(file, node, diagnostics), diagnostics


def json_body(file: SourceFile, node: Node | None, diagnostics: list[Diagnostic]) -> Body:
    """The body of a file that was parsed already; adds what is wrong to the diagnostics."""
    body = Body(Span(0, len(file.text)))
    if node is not None:
        maker = _BodyMaker(file, diagnostics)
        for each in maker.objects(node, "A template is an object, or a list of objects"):
            maker.fill(body, each, ROOT_SHAPE)
        _hint_legacy(body, diagnostics, file)
    return body


def attributes_of(
    node: Object, file: SourceFile, diagnostics: list[Diagnostic], *, templates: bool
) -> Body:
    """An object all of whose members are attributes, as a body; `templates` as for ExpressionMaker."""
    body = Body(node.span)
    _BodyMaker(file, diagnostics, templates=templates).fill(body, node, PLAIN)
    return body


def _hint_legacy(body: Body, diagnostics: list[Diagnostic], file: SourceFile) -> None:
    found = next((item for name, item in body.attributes.items() if name == "builders"), None)
    if found is not None:
        detail = (
            '"builders" belongs to a legacy template; a .pkr.json is HCL in JSON syntax. Rename the '
            "file to .json, or make HCL of it: oxtui hcl2_upgrade."
        )
        diagnostics.append(error("Legacy template", detail, found.name_span, file))
        body.items = [
            item
            for item in body.items
            if not (isinstance(item, Attribute) and item.name in _LEGACY)
        ]


class _BodyMaker:
    def __init__(
        self, file: SourceFile, diagnostics: list[Diagnostic], *, templates: bool = True
    ) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.maker = ExpressionMaker(file, diagnostics, templates=templates)

    def fill(self, body: Body, node: Object, shape: Shape) -> None:
        """Adds what an object says."""
        seen = body.attributes
        for member in node.members:
            name = member.name
            if name == COMMENT:
                continue
            labels = shape.blocks.get(name)
            if labels is not None:
                body.items += self._blocks(member.key, member.value, name, len(labels), [], shape)
            elif name in seen:
                line = self.file.line_number(seen[name].span.start)
                detail = f'"{name}" is already set in line {line}.'
                self.diagnostics.append(
                    error("Duplicate argument", detail, member.key.span, self.file)
                )
            else:
                seen[name] = self._attribute(member, shape)
                body.items.append(seen[name])

    def _attribute(self, member: Member, shape: Shape) -> Attribute:
        is_code = member.name in shape.code
        expression = self.maker.code(member.value) if is_code else self.maker.make(member.value)
        span = Span(member.key.span.start, member.value.span.end)
        return Attribute(span, member.name, member.key.span, expression)

    def objects(self, node: Node, what: str) -> Iterator[Object]:
        """The objects that a value is: itself, or those of a list; null is none."""
        if isinstance(node, Object):
            yield node
        elif isinstance(node, Array):
            for item in node.items:
                if isinstance(item, Object):
                    yield item
                else:
                    self._wrong(item, what)
        elif not (isinstance(node, Word) and node.name == "null"):
            self._wrong(node, what)

    def _wrong(self, node: Node, what: str) -> None:
        detail = f"{what}; here is {kind(node)}."
        self.diagnostics.append(error("Incorrect JSON value type", detail, node.span, self.file))

    def _blocks(
        self, key: String, value: Node, name: str, labels: int, above: list[Label], shape: Shape
    ) -> Iterator[Block]:
        """The blocks below a key; each level of labels is a level of objects."""
        if len(above) == labels:
            what = f'A block "{name}" is an object, or a list of objects'
            for number, each in enumerate(self.objects(value, what)):
                block = self._block(key, each, name, above, shape)
                if number:
                    block.span = each.span  # the key belongs to the first of several
                yield block
            return
        what = f'A block "{name}" needs {labels} label{"s" if labels > 1 else ""}, each the key of an object'
        for each in self.objects(value, what):
            for member in each.members:
                if member.name != COMMENT:
                    label = Label(member.key.span, member.name, True)
                    yield from self._blocks(
                        member.key, member.value, name, labels, [*above, label], shape
                    )

    def _block(
        self, key: String, node: Object, name: str, labels: list[Label], shape: Shape
    ) -> Block:
        body = Body(node.span)
        inner = shape.of(name)
        if name == "dynamic" and labels:
            target = labels[0].value
            inner = Shape({"content": ()}, {"content": shape.of(target)}, frozenset(("iterator",)))
        self.fill(body, node, inner)
        start, end = node.span
        return Block(
            # The last label is the place of a block: those before it may be shared by many.
            Span(key.span.start, end), name, key.span, labels,
            Span(start, start + 1), body, Span(end - 1, end),
        )  # fmt: skip
