"""`yamlencode` and `yamldecode`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import CallError, Function, Parameter
from oxtui.template.hcl.functions.yaml_reader import read_yaml
from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.types import DYNAMIC, STRING
from oxtui.template.hcl.values.value import string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value


def _scalar(value: Value, indent: str) -> str:
    data = value.data
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, Number):
        return str(data)
    if not isinstance(data, str):
        return "{}" if isinstance(data, dict) else "[]"
    return _literal(data, indent) if "\n" in data and _is_plain(data) else _double_quoted(data)


def _is_plain(text: str) -> bool:
    """Whether a text can stand as it is, line by line; blanks at the end of a line would be lost to the eye."""
    return not _SPECIAL.search(text.replace("\n", "")) and not _TRAILING.search(text)


def _literal(text: str, indent: str) -> str:
    lines = text.split("\n")
    mark = "|"
    if lines[0].startswith(" ") or not lines[0]:
        mark += "2"
    if not text.endswith("\n"):
        mark += "-"
    else:
        lines.pop()
        if text.endswith("\n\n") or text == "\n":
            mark += "+"
    body = "\n".join(indent + "  " + line if line else "" for line in lines)
    return f"{mark}\n{body}"


_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}
_SPECIAL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\U00010000-\U0010ffff]")
_QUOTED = re.compile(r'["\\]|' + _SPECIAL.pattern)
_TRAILING = re.compile(r" (?=\n|\Z)")


def _double_quoted(text: str) -> str:
    return '"' + _QUOTED.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if code > 0xFFFF:
        return f"\\U{code:08X}"
    return f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}"


def _lines(value: Value, indent: str) -> list[str]:
    """A value in block style; the first line stands where the value begins, without indentation."""
    data = value.data
    lines: list[str] = []
    if isinstance(data, tuple) and data:
        for item in data:
            inner = _lines(item, indent + "  ")
            lead = "" if not lines else indent
            lines += [f"{lead}- {inner[0]}", *inner[1:]]
        return lines
    if isinstance(data, dict) and data:
        for name, item in data.items():
            lead = "" if not lines else indent
            key = f"{lead}{_double_quoted(name)}:"
            if isinstance(item.data, dict) and item.data:
                inner = _lines(item, indent + "  ")
                lines += [key, f"{indent}  {inner[0]}", *inner[1:]]
            elif isinstance(item.data, tuple) and item.data:
                inner = _lines(item, indent)
                lines += [key, f"{indent}{inner[0]}", *inner[1:]]
            else:
                lines.append(f"{key} {_scalar(item, indent)}")
        return lines
    return [_scalar(value, indent)]


def _yamlencode(arguments: Sequence[Value]) -> Value:
    value = arguments[0]
    text = "\n".join(_lines(value, "")) + "\n"
    bare = not isinstance(value.data, str | tuple | dict)
    return string(text + "...\n" if bare else text)


def _yamldecode(arguments: Sequence[Value]) -> Value:
    try:
        return read_yaml(arguments[0].text)
    except RecursionError:
        raise CallError("the YAML is nested too deeply") from None


FUNCTIONS: Final = (
    Function(
        "yamlencode", (Parameter("value", DYNAMIC, nullable=True),), _yamlencode, returns=STRING
    ),
    Function("yamldecode", (Parameter("src", STRING),), _yamldecode),
)
