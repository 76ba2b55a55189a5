"""Functions on text. A character is a grapheme cluster, as everywhere in HCL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.clusters import clusters
from oxtui.template.hcl.functions.letters import lower, title, upper
from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values.types import BOOL, NUMBER, STRING, ListType
from oxtui.template.hcl.values.value import boolean, list_of, string

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oxtui.template.hcl.values.value import Value

_STR = Parameter("str", STRING)
# What Go's unicode.IsSpace accepts; Python's own idea of blanks has a few control characters more.
_BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def _on_text(name: str, change: Callable[[str], str]) -> Function:
    def implementation(arguments: Sequence[Value]) -> Value:
        return string(change(arguments[0].text))

    return Function(name, (_STR,), implementation, returns=STRING)


def _on_two(name: str, second: str, change: Callable[[str, str], str]) -> Function:
    def implementation(arguments: Sequence[Value]) -> Value:
        return string(change(arguments[0].text, arguments[1].text))

    return Function(name, (_STR, Parameter(second, STRING)), implementation, returns=STRING)


def _asks(name: str, second: str, test: Callable[[str, str], bool]) -> Function:
    def implementation(arguments: Sequence[Value]) -> Value:
        return boolean(test(arguments[0].text, arguments[1].text))

    return Function(name, (_STR, Parameter(second, STRING)), implementation, returns=BOOL)


def whole(argument: Value, index: int) -> int:
    """A whole number from an argument. Raises ArgumentError for a fraction or infinity."""
    if not argument.number.is_integer:
        raise ArgumentError(index, "a whole number is required")
    return argument.number.truncated()


def _substr(arguments: Sequence[Value]) -> Value:
    characters = clusters(arguments[0].text)
    offset, length = whole(arguments[1], 1), whole(arguments[2], 2)
    to_the_end = length < 0 or (length == 0 and offset < 0)  # the latter as Packer has it
    if offset < 0:
        offset = max(0, offset + len(characters))
    end = len(characters) if to_the_end else offset + length
    return string("".join(characters[offset:end]))


def _indent(arguments: Sequence[Value]) -> Value:
    spaces = whole(arguments[0], 0)
    text = arguments[1].text
    if spaces < 0:
        raise ArgumentError(0, "the number of spaces must not be negative")
    if spaces * (text.count("\n") + 1) > 1 << 25:
        raise CallError("the result would be too large")
    return string(text.replace("\n", "\n" + " " * spaces))


def _join(arguments: Sequence[Value]) -> Value:
    if len(arguments) < 2:
        raise CallError("at least two arguments are required")
    pieces: list[str] = []
    for position, part in enumerate(arguments[1:], start=1):
        for index, item in enumerate(part.items):
            if item.is_null:
                raise ArgumentError(
                    position, f"element {index} is null; cannot concatenate null values"
                )
            pieces.append(item.text)
    return string(arguments[0].text.join(pieces))


def _split(arguments: Sequence[Value]) -> Value:
    separator, text = arguments[0].text, arguments[1].text
    pieces = text.split(separator) if separator else list(text)
    return list_of(STRING, [string(piece) for piece in pieces])


def _replace(arguments: Sequence[Value]) -> Value:
    text, old, new = (argument.text for argument in arguments)
    if (text.count(old) + 1) * (len(new) + 1) > 1 << 25:
        raise CallError("the result would be too large")
    return string(text.replace(old, new))


def _reverse(text: str) -> str:
    return "".join(reversed(clusters(text)))


FUNCTIONS: Final = (
    _on_text("upper", upper),
    _on_text("lower", lower),
    _on_text("title", title),
    _on_text("chomp", lambda text: re.sub(r"[\r\n]+\Z", "", text)),
    _on_text("trimspace", lambda text: text.strip(_BLANKS)),
    _on_text("strrev", _reverse),
    _on_two("trim", "cutset", lambda text, cut: text.strip(cut) if cut else text),
    _on_two("trimprefix", "prefix", str.removeprefix),
    _on_two("trimsuffix", "suffix", str.removesuffix),
    _asks("startswith", "prefix", str.startswith),
    _asks("endswith", "suffix", str.endswith),
    _asks("strcontains", "substr", lambda text, part: part in text),
    Function(
        "substr",
        (_STR, Parameter("offset", NUMBER), Parameter("length", NUMBER)),
        _substr,
        returns=STRING,
    ),
    Function("indent", (Parameter("spaces", NUMBER), _STR), _indent, returns=STRING),
    Function(
        "join",
        (Parameter("separator", STRING),),
        _join,
        rest=Parameter("lists", ListType(STRING)),
        returns=STRING,
    ),
    Function("split", (Parameter("separator", STRING), _STR), _split, returns=ListType(STRING)),
    Function(
        "replace",
        (_STR, Parameter("substr", STRING), Parameter("replace", STRING)),
        _replace,
        returns=STRING,
    ),
)
