"""JSON as plain data, its order and places forgotten, and such data as text the way Go's encoder writes it."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final, TypeAlias

from oxtui.template.json.nodes import Array, Node, Number, Object, String, Word
from oxtui.template.json.strings import write_string

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | bool | Number | None"
"""A value; a number stays as it was written."""

_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_ALSO: Final = "&\u2028\u2029"
"""Characters that Packer escapes beside those that JSON cannot hold."""
_PLAIN_BELOW: Final = 1e21
_PLAIN_FROM: Final = 1e-6
"""Outside of these Go writes a number with an exponent."""


def plain(node: Node) -> Plain:
    """What a node says. Of members of the same name the last one wins, as in Go."""
    match node:
        case Object():
            return {member.name: plain(member.value) for member in node.members}
        case Array():
            return [plain(item) for item in node.items]
        case String():
            return node.text
        case Word():
            return _WORDS[node.name]
    return node


def write_plain(value: Plain, indent: str = "") -> str:
    """Text as Packer prints JSON: keys sorted, two blanks a level; of HTML's characters `&` alone is escaped."""
    inner = indent + "  "
    if isinstance(value, dict):
        pairs = (
            f"{write_string(key, _ALSO)}: {write_plain(value[key], inner)}" for key in sorted(value)
        )
        return _bracketed("{", [inner + pair for pair in pairs], "}", indent)
    if isinstance(value, list):
        return _bracketed("[", [inner + write_plain(item, inner) for item in value], "]", indent)
    if isinstance(value, str):
        return write_string(value, _ALSO)
    if isinstance(value, Number):
        return number_text(value.text)
    return "null" if value is None else str(value).lower()


def _bracketed(opener: str, lines: list[str], closer: str, indent: str) -> str:
    if not lines:
        return opener + closer
    return f"{opener}\n" + ",\n".join(lines) + f"\n{indent}{closer}"


def number_text(written: str) -> str:
    """A number as Go writes the 64-bit number that it reads; as it was where that would be another one."""
    value = float(written)
    if math.isinf(value) or (value == 0 and re.match(r"-?[0.]*[1-9]", written)):
        return written
    exact = Decimal(repr(value))
    if exact != Decimal(written):
        return written
    if value == 0 or _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        text = format(exact, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    sign, digits, _ = exact.as_tuple()
    shown = "".join(map(str, digits)).rstrip("0")
    power = exact.adjusted()
    fraction = f".{shown[1:]}" if shown[1:] else ""
    return f"{'-' * sign}{shown[0]}{fraction}e{power:+d}"
