"""Data that is to be written as JSON: scalars are JSON text already, so that numbers keep theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from oxtui.template.hcl.diagnostic import Diagnostic, Severity, TemplateError
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.values.number import Number as HclNumber
from oxtui.template.hcl.write import Code, Interpolated, Writable, quote_parts
from oxtui.template.json.nodes import Array, Node, Number, Object, String
from oxtui.template.json.reader import parse_json
from oxtui.template.json.strings import read_string, write_string

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
"""A scalar as JSON text, a list, or an object."""

_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_LOST = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Json:
    """Text that is JSON already."""

    text: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """What strings of a file mean: `literal` makes of a plain text what stands for just that in a
    string, `code` makes data of an expression (it raises TemplateError for what is none)."""

    literal: Callable[[str], str]
    code: Callable[[str], Tree]


def refusal(summary: str, detail: str) -> TemplateError:
    """The error of a change that a file's language does not allow; it has no place in the text."""
    return TemplateError([Diagnostic(Severity.ERROR, summary, detail)])


def tree_of(value: Writable | Json, dialect: Dialect) -> Tree:
    """Plain data as it will be written. Raises TemplateError for what JSON cannot say."""
    if isinstance(value, Json):
        return tree_of_json(value.text)
    if isinstance(value, Code):
        return dialect.code(value.text)
    if isinstance(value, Interpolated):
        return dialect.code(quote_parts(value))
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if _LOST.search(value):
            raise refusal(
                "Invalid text", "It has half of a pair of UTF-16 in it, which is no character."
            )
        return write_string(dialect.literal(value))
    if isinstance(value, int | float | Decimal | HclNumber):
        return number_text(str(value))
    if isinstance(value, Mapping):
        return {_key(key, dialect): tree_of(item, dialect) for key, item in value.items()}
    return [tree_of(item, dialect) for item in value]


def _key(key: str | Code, dialect: Dialect) -> str:
    if isinstance(key, str):
        return dialect.literal(key)
    tree = dialect.code(key.text)
    if not isinstance(tree, str) or not tree.startswith('"'):
        raise refusal("Invalid key", f"A key of JSON is a string, and {key.text[:40]} is none.")
    return read_string(tree, 0).text


def number_text(text: str) -> str:
    """A number's text, if JSON writes it so. Raises TemplateError."""
    if _NUMBER.fullmatch(text) is None:
        raise refusal("Invalid number", f"JSON cannot write {text[:40]} as a number.")
    return text


def tree_of_json(text: str) -> Tree:
    """The data that a JSON text is. Raises TemplateError."""
    node, problems = parse_json(SourceFile("the value", text))
    if node is None:
        raise TemplateError(problems)
    return tree_of_node(text, node)


def tree_of_node(text: str, node: Node) -> Tree:
    """The data that stands at a node of a text; of doubled keys the last one."""
    if isinstance(node, Array):
        return [tree_of_node(text, item) for item in node.items]
    if isinstance(node, Object):
        return {member.name: tree_of_node(text, member.value) for member in node.members}
    return text[node.span.start : node.span.end]


def same(node: Node, tree: Tree) -> bool:
    """Whether a node says what is to be written, in whatever layout, escapes or order of keys."""
    return _meaning_of_node(node) == meaning(tree)


def meaning(tree: Tree) -> object:
    """What data says: equal for equal data, and hashable."""
    if isinstance(tree, list):
        return "list", *(meaning(item) for item in tree)
    if isinstance(tree, dict):
        return "object", frozenset((name, meaning(item)) for name, item in tree.items())
    if tree.startswith('"'):
        return "string", read_string(tree, 0).text
    return _number(tree)


def _meaning_of_node(node: Node) -> object:
    if isinstance(node, Array):
        return "list", *(_meaning_of_node(item) for item in node.items)
    if isinstance(node, Object):
        found = [(member.name, _meaning_of_node(member.value)) for member in node.members]
        doubled = len({name for name, _ in found}) < len(found)
        return "doubled" if doubled else "object", frozenset(found)
    if isinstance(node, String):
        return "string", node.text
    return _number(node.text if isinstance(node, Number) else node.name)


def _number(text: str) -> object:
    """A number by its digits and power of ten, as neither rounding nor a huge power may come into it."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return "word", text
    sign, whole, fraction, power = found.groups(default="")
    digits = (whole + fraction).lstrip("0")
    stripped = digits.rstrip("0")
    if not stripped:
        return "number", "0", 0
    exponent = Decimal(power or 0) - len(fraction) + len(digits) - len(stripped)
    return "number", sign + stripped, exponent
