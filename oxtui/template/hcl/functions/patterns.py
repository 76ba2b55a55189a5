"""Regular expressions, in RE2's syntax as Go has it: no look-around, and linear time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import re2

from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values.types import DYNAMIC, STRING, TupleType, object_type
from oxtui.template.hcl.values.value import list_of, null, object_of, string, tuple_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

_PATTERN = Parameter("pattern", STRING)
_STRING = Parameter("string", STRING)
_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))", re.ASCII)
_MAX_RESULT = 1 << 25
_MAX_STATES: Final = 1 << 22
"""Groups that RE2 keeps apart, times the steps of the pattern: it takes memory for their product."""
_MAX_WORK: Final = 1 << 32
"""The same times the length of the text: some seconds."""


def _compile(argument: Value, index: int) -> Any:
    options = re2.Options()
    options.log_errors = False  # it would write to stderr, over the screen
    try:
        return re2.compile(argument.text, options)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else "invalid"
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise ArgumentError(index, f"this is not a regular expression: {text}") from None


def _bounded(pattern: Any, text: str, index: int) -> None:
    """Raises ArgumentError for a search that could take all time or memory."""
    states = (pattern.groups + 1) * pattern.programsize
    if states > _MAX_STATES:
        raise ArgumentError(index, "this regular expression has too many groups for its length")
    if pattern.groups and states * len(text) > _MAX_WORK:
        raise ArgumentError(index, "this regular expression has too many groups for so long a text")


def _result_type(pattern: Any, index: int) -> Type:
    names = pattern.groupindex
    if not pattern.groups:
        return STRING
    if not names:
        return TupleType((STRING,) * pattern.groups)
    if len(names) != pattern.groups:
        raise ArgumentError(index, "named and unnamed capture groups cannot be mixed")
    return object_type(dict.fromkeys(names, STRING))


def _captured(text: str | None) -> Value:
    return null(STRING) if text is None else string(text)


def _result(pattern: Any, match: Any) -> Value:
    if not pattern.groups:
        return string(match.group())
    if pattern.groupindex:
        return object_of({name: _captured(t) for name, t in match.groupdict().items()})
    return tuple_of([_captured(group) for group in match.groups()])


def _matches(pattern: Any, text: str) -> Iterator[Any]:
    """All matches; an empty one right behind another does not count."""
    last = -1
    for match in pattern.finditer(text):
        start, end = match.span()
        if start == end == last:
            continue
        last = end
        yield match


def _regex(arguments: Sequence[Value]) -> Value:
    pattern = _compile(arguments[0], 0)
    _result_type(pattern, 0)
    _bounded(pattern, arguments[1].text, 0)
    match = pattern.search(arguments[1].text)
    if match is None:
        raise CallError("pattern did not match any part of the given string")
    return _result(pattern, match)


def _regexall(arguments: Sequence[Value]) -> Value:
    pattern = _compile(arguments[0], 0)
    kind = _result_type(pattern, 0)
    _bounded(pattern, arguments[1].text, 0)
    found = [_result(pattern, match) for match in _matches(pattern, arguments[1].text)]
    return list_of(kind, found)


def _regex_replace(arguments: Sequence[Value]) -> Value:
    text, replacement = arguments[0].text, arguments[2].text
    pattern = _compile(arguments[1], 1)
    _bounded(pattern, text, 1)
    pieces: list[str] = []
    at = size = 0
    for match in _matches(pattern, text):
        start, end = match.span()
        pieces += [text[at:start], _expand(replacement, match)]
        size += len(pieces[-1]) + start - at
        if size > _MAX_RESULT:
            raise CallError("the result would be too large")
        at = end
    return string("".join([*pieces, text[at:]]))


def _expand(replacement: str, match: Any) -> str:
    """Go's expansion: `$1`, `${name}`, `$$`; a name goes as far as letters and digits go."""

    def group(found: re.Match[str]) -> str:
        if found.group(1):
            return "$"
        name = found.group(2) or found.group(3)
        if name.isdecimal():
            known = int(name[:6]) <= len(match.groups())
            return (match.group(int(name[:6])) or "") if known else ""
        return match.groupdict().get(name) or ""

    return _REFERENCE.sub(group, replacement)


FUNCTIONS: Final = (
    Function("regex", (_PATTERN, _STRING), _regex, returns=DYNAMIC),
    Function("regexall", (_PATTERN, _STRING), _regexall, returns=DYNAMIC),
    Function(
        "regex_replace",
        (Parameter("str", STRING), _PATTERN, Parameter("replace", STRING)),
        _regex_replace,
        returns=STRING,
    ),
)
