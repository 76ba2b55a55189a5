"""A template in HCL's JSON syntax as the same template in HCL's own, laid out as `packer fmt` would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.scanner import scan_template
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.tree.bodies import Block
from oxtui.template.hcl.write import Code, Writable, quote, write_value
from oxtui.template.json.bodies import COMMENT, parse_json_body
from oxtui.template.json.nodes import Array, Number, Object, String, Word
from oxtui.template.json.reader import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.tokens import Token
    from oxtui.template.hcl.tree.bodies import Attribute, Body
    from oxtui.template.json.nodes import Node


_CODE: Final = {"variable": "type", "dynamic": "iterator"}
"""The attribute of a block that is an expression, not a template."""
_SPECIAL: Final = re.compile(r'["\\\x00-\x1f\x7f]')


def json_as_hcl(file: SourceFile) -> str:
    """The text in HCL's own syntax; comments (`"//"` keys) become comments. Reading it gives the same template.

    The file must have been read without errors.
    """
    body, _ = parse_json_body(file)
    return format_tokens("".join(_Writer(file).body(body, "", "")))


class _Writer:
    def __init__(self, file: SourceFile) -> None:
        self.file = file

    def body(self, body: Body, indent: str, kind: str) -> Iterator[str]:
        """The lines of the body of a kind of block, each with its line break."""
        comment = self._comment(body)
        for line in comment.splitlines():
            yield f"{indent}# {line}\n"
        before = bool(comment)
        for item in body.items:
            if isinstance(item, Block):
                yield from ["\n"] if before else []
                yield from self._block(item, indent)
            else:
                yield f"{indent}{item.name} = {self._value(item, indent, kind)}\n"
            before = True

    def _block(self, block: Block, indent: str) -> Iterator[str]:
        header = " ".join([block.type, *(quote(label.value) for label in block.labels)])
        if not block.body.items and not self._comment(block.body):
            yield f"{indent}{header} {{}}\n"
            return
        yield f"{indent}{header} {{\n"
        yield from self.body(block.body, indent + "  ", block.type)
        yield f"{indent}}}\n"

    def _text(self, span: Span) -> str:
        return self.file.text[span.start : span.end]

    def _object(self, text: str) -> Object:
        node, _ = parse_json(SourceFile(self.file.name, text))
        return node if isinstance(node, Object) else Object(Span(0, 0), [])

    def _comment(self, body: Body) -> str:
        found = self._object(self._text(body.span)).get(COMMENT)
        return found.text if isinstance(found, String) else ""

    def _value(self, attribute: Attribute, indent: str, kind: str) -> str:
        node = self._object(f"{{{self._text(attribute.span)}}}").members[0].value
        if isinstance(node, String) and _CODE.get(kind) == attribute.name:
            return node.text
        return write_value(writable(node), indent)


def writable(node: Node | None) -> Writable:
    """A value of HCL's JSON syntax, as it is written in HCL's own."""
    match node:
        case String():
            return template(node.text)
        case Number():
            return Code(node.text.replace("e+", "e"))
        case Word():
            return Code(node.name)
        case Array():
            return [writable(item) for item in node.items]
        case Object():
            return _object(node)
    return None


def template(text: str) -> Writable:
    """A string that is a template of HCL: its own text where it has no sequences, else code."""
    if "${" not in text and "%{" not in text:
        return text
    tokens = scan_template(text)
    if _is_one_interpolation(text, tokens):
        return Code(text[2:-1].strip())
    parts, at, depth = [], 0, 0
    for token in tokens:
        if token.kind in (t.INTERPOLATION, t.DIRECTIVE):
            depth += 1
        if token.kind == t.SEQUENCE_END:
            depth -= 1
        elif token.kind == t.LITERAL and depth == 0:
            parts += [text[at : token.start], _literal(text[token.start : token.end])]
            at = token.end
    return Code('"' + "".join([*parts, text[at:]]) + '"')


def _is_one_interpolation(text: str, tokens: list[Token]) -> bool:
    """Whether a template is nothing but one `${ … }`, which HCL writes without quotes."""
    if text[:2] != "${" or text[-1] != "}" or tokens[0].end - tokens[0].start != 2:
        return False
    depth = 0
    for token in tokens:
        depth += (token.kind in (t.INTERPOLATION, t.DIRECTIVE)) - (token.kind == t.SEQUENCE_END)
        if depth == 0:
            return token.end == len(text) and token.end - token.start == 1
    return False


def _literal(text: str) -> str:
    """Text of a template as it stands in quotes: `$${` stays."""
    return _SPECIAL.sub(lambda found: quote(found.group())[1:-1], text)


def _object(node: Object) -> Writable:
    """Keys are templates too; where one has a sequence, each is written in quotes."""
    keys = {member.name: template(member.name) for member in node.members}
    if all(isinstance(key, str) for key in keys.values()):
        return {member.name: writable(member.value) for member in node.members}
    items = []
    for member in node.members:
        key = keys[member.name]
        name = f"({key.text})" if isinstance(key, Code) else quote(member.name)
        items.append(f"{name} = {write_value(writable(member.value))}\n")
    return Code("{\n" + "".join(items) + "}")
