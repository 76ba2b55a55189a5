"""`format` and `formatlist`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.functions.verbs import MAX_WIDTH, VERB, Verb
from oxtui.template.hcl.values.types import DYNAMIC, STRING, ListType, SetType, TupleType
from oxtui.template.hcl.values.value import list_of, string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value

_MODES = "vtbdoxXeEfFgGsq"


def _parse(text: str) -> list[str | Verb]:
    """Literal text and verbs, in order. Raises CallError."""
    parts: list[str | Verb] = []
    at = following = 0
    while (start := text.find("%", at)) >= 0:
        parts.append(text[at:start])
        found = VERB.match(text, start)
        mode = found.group("mode") if found is not None else None
        if found is None or mode is None:
            raise CallError(f"unterminated verb at the end of the format string, at {start}")
        at = found.end()
        if mode == "%":
            parts.append("%")
            continue
        if mode not in _MODES:
            raise CallError(f'unsupported format verb "{mode}" in "{found.group()}" at {start}')
        index = found.group("index")
        argument = following if index is None else int(index[:6]) - 1
        following = argument + 1
        if argument < 0:
            raise CallError(f'argument indexes count from 1 in "{found.group()}" at {start}')
        width, precision = _size(found.group("width")), found.group("precision")
        wanted = None if precision is None else _size(precision) or 0
        flags = found.group("flags")
        parts.append(Verb(mode, flags, width, wanted, argument, found.group(), start))
    parts.append(text[at:])
    return parts


def _size(text: str) -> int | None:
    if not text:
        return None
    if len(text) > 6 or int(text) > MAX_WIDTH:
        raise CallError(f"a width or precision may be at most {MAX_WIDTH}")
    return int(text)


def _apply(parts: list[str | Verb], values: Sequence[Value]) -> str:
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        elif part.argument >= len(values):
            detail = f"need index {part.argument + 1} but have {len(values)} total"
            raise CallError(f'not enough arguments for "{part.text}" at {part.position}: {detail}')
        else:
            pieces.append(part.apply(values[part.argument]))
    return "".join(pieces)


def _used(parts: list[str | Verb]) -> int:
    return max((part.argument + 1 for part in parts if isinstance(part, Verb)), default=0)


def _check_count(parts: list[str | Verb], values: Sequence[Value]) -> None:
    used = _used(parts)
    if len(values) > used:
        raise ArgumentError(used + 1, f"too many arguments; only {used} used by format string")


def _format(arguments: Sequence[Value]) -> Value:
    parts = _parse(arguments[0].text)
    values = arguments[1:]
    _check_count(parts, values)
    return string(_apply(parts, values))


def _formatlist(arguments: Sequence[Value]) -> Value:
    values = arguments[1:]
    length: int | None = None
    for index, value in enumerate(values, start=1):
        if isinstance(value.type, ListType | TupleType | SetType) and not value.is_null:
            count = len(value.items)
            if length is not None and count != length:
                detail = f"argument {index} has length {count}, which is inconsistent with {length}"
                raise ArgumentError(index, detail)
            length = count
    if length == 0:
        return list_of(STRING, [])  # nothing is formatted, so the format is not looked at
    parts = _parse(arguments[0].text)
    _check_count(parts, values)
    rows = 1 if length is None else length
    made = [string(_apply(parts, [_nth(value, row) for value in values])) for row in range(rows)]
    return list_of(STRING, made)


def _nth(value: Value, row: int) -> Value:
    return value.data[row] if isinstance(value.data, tuple) else value


_FORMAT = Parameter("format", STRING)
_ARGS = Parameter("args", DYNAMIC, nullable=True)

FUNCTIONS: Final = (
    Function("format", (_FORMAT,), _format, rest=_ARGS, returns=STRING),
    Function("formatlist", (_FORMAT,), _formatlist, rest=_ARGS, returns=ListType(STRING)),
)
