"""Which expressions say their value right there, and what that value is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeAlias

from oxtui.template.hcl.parse import parse_expression
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree import expressions as x

Literal: TypeAlias = (
    "str | int | Decimal | bool | Reference | list[Literal] | dict[str, Literal] | None"
)


Told: TypeAlias = Callable[["x.Expression | x.TemplatePart"], str]
"""The text of an expression, or of a part of a template, as it is shown and typed."""


class Reference(str):
    """Text with `${ }` in it, as a template between quotes has them; not a plain text."""


class _NotLiteral(Exception):
    """The expression has to be evaluated."""


class Computed:
    """Stands for an expression that has to be evaluated."""


COMPUTED: Final = Computed()


def told_by(text: str) -> Told:
    """The texts of expressions that were read from a text of HCL."""
    return lambda node: text[node.span.start : node.span.end]


def literal_of(expression: x.Expression, told: Told) -> Literal | Computed:
    """The value that an expression spells out; COMPUTED for everything else."""
    try:
        return _literal(expression, told)
    except _NotLiteral:
        return COMPUTED


def _literal(node: x.Expression, told: Told) -> Literal:
    match node:
        case x.Template(opener=opener) if opener:
            return _template(node, told)
        case x.NumberLiteral(text=digits):
            number = Decimal(digits)
            return int(number) if number == number.to_integral_value() else number
        case x.Unary(operator="-", operand=x.NumberLiteral(text=digits)):
            return -int(digits) if digits.isdigit() else -Decimal(digits)
        case x.Keyword(name=name):
            return {"true": True, "false": False, "null": None}[name]
        case x.Tuple(items=items):
            return [_literal(item, told) for item in items]
        case x.Object(items=items):
            return {_key(item, told): _literal(item.value, told) for item in items}
        case _:
            raise _NotLiteral


def _key(item: x.ObjectItem, told: Told) -> str:
    key = item.literal_key
    if key is None:
        found = _literal(item.key, told)
        if type(found) is not str:
            raise _NotLiteral
        key = found
    return key


def _template(node: x.Template, told: Told) -> str:
    if node.literal is not None:
        return node.literal
    parts = []
    for part in node.parts:
        match part:
            case x.TemplateText(text=plain):
                parts.append(plain)
            case x.Interpolation() if "~" not in (written := told(part)):
                parts.append(written)
            case _:
                raise _NotLiteral
    return Reference("".join(parts))


def expression_in(text: str) -> x.Expression | None:
    """The expression that a text is, or None."""
    found, problems = parse_expression(SourceFile("", text))
    return None if problems else found
