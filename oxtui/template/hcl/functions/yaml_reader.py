"""YAML 1.1 to values, with the scalar rules of go-yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from oxtui.template.hcl.functions.spec import CallError
from oxtui.template.hcl.functions.timestamps import parse_timestamp, write_timestamp
from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, DYNAMIC, NUMBER, STRING
from oxtui.template.hcl.values.value import (
    boolean,
    null,
    number,
    object_of,
    string,
    tuple_of,
)

if TYPE_CHECKING:
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = frozenset((".nan", ".NaN", ".NAN"))
_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)", re.ASCII)
_TIME = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(\.\d*)?[ \t]*(Z|[+-]\d\d?(?::?\d\d)?)?",
    re.ASCII,
)
_PLAIN = "plain"
_YAML = "tag:yaml.org,2002:"
_KINDS: dict[str, Type] = {
    f"{_YAML}int": NUMBER,
    f"{_YAML}float": NUMBER,
    f"{_YAML}bool": BOOL,
    f"{_YAML}null": DYNAMIC,
    f"{_YAML}timestamp": STRING,
}
"""What a text with one of these tags must say."""
_TEXTS = frozenset((f"{_YAML}str", f"{_YAML}binary"))

_DEFAULT_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: yaml.SafeLoader.DEFAULT_SCALAR_TAG,
    yaml.SequenceNode: yaml.SafeLoader.DEFAULT_SEQUENCE_TAG,
    yaml.MappingNode: yaml.SafeLoader.DEFAULT_MAPPING_TAG,
}


class _Loader(yaml.SafeLoader):
    """Keeps apart what is plain and what has a tag of its own; PyYAML alone would decide on types."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """The tag of a node."""
        if kind is yaml.ScalarNode and implicit[0]:
            return _PLAIN
        return _DEFAULT_TAGS[kind]


def read_yaml(text: str) -> Value:
    """The value of a text's one document. Raises CallError, and ValueTooLargeError."""
    try:
        loader = _Loader(text)
        document = loader.get_single_node()
        loader.dispose()
    except yaml.YAMLError as problem:
        raise CallError(_reason(problem)) from None
    if document is None:
        raise CallError("the text holds no YAML document")
    return _Reader().value(document)


def _reason(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    what = getattr(problem, "problem", None) or "it cannot be read"
    return f"this is not YAML: {what}" + (f" in line {mark.line + 1}" if mark else "")


class _Reader:
    """Makes values of nodes; a node that several aliases name is read once."""

    def __init__(self) -> None:
        self.done: dict[int, Value] = {}
        self.open: set[int] = set()

    def value(self, node: yaml.Node) -> Value:
        known = self.done.get(id(node))
        if known is not None:
            return known
        if id(node) in self.open:
            raise CallError("an anchor refers to itself")
        self.open.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            made = _scalar(node)
        elif node.tag != _DEFAULT_TAGS[type(node)]:
            raise CallError(f'unsupported tag "{_short(node.tag)}"')
        elif isinstance(node, yaml.SequenceNode):
            made = tuple_of([self.value(item) for item in node.value])
        elif isinstance(node, yaml.MappingNode):
            made = object_of(self._attributes(node))
        else:
            raise CallError("this YAML cannot be read")
        self.open.remove(id(node))
        self.done[id(node)] = made
        return made

    def _attributes(self, node: yaml.MappingNode) -> dict[str, Value]:
        own: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key, item in node.value:
            if key.tag == _PLAIN and key.value == "<<":
                merged.update(self._merged(item))
                continue
            try:
                name = convert(self.value(key), STRING)
            except ConversionError as problem:
                raise CallError(f"a key must be a string: {problem}") from None
            if name.is_null:
                raise CallError("a key must not be null")
            own[name.text] = self.value(item)
        return {**merged, **own}

    def _merged(self, node: yaml.Node) -> dict[str, Value]:
        value = self.value(node)
        parts = value.items if isinstance(value.data, tuple) else (value,)
        merged: dict[str, Value] = {}
        for part in reversed(parts):
            if not isinstance(part.data, dict):
                raise CallError("only a mapping can be merged")
            merged.update(part.data)
        return merged


def _short(tag: str) -> str:
    return tag.replace(_YAML, "!!")[:40]


def _scalar(node: yaml.ScalarNode) -> Value:
    if node.tag in _TEXTS:
        return string(node.value)
    if node.tag != _PLAIN and node.tag not in _KINDS:
        raise CallError(f'unsupported tag "{_short(node.tag)}"')
    made = _plain(node.value)
    if node.tag != _PLAIN and made.type != _KINDS[node.tag]:
        raise CallError(f"{node.value[:40]!r} is not what its tag {_short(node.tag)} says")
    return made


def _plain(text: str) -> Value:
    if text in _NULL:
        return null()
    if text in _TRUE or text in _FALSE:
        return boolean(text in _TRUE)
    if _NUMBER.fullmatch(text):
        return number(numbers.parse(text))
    infinity = _INFINITY.fullmatch(text)
    if infinity is not None:
        return number(numbers.infinite(-1 if infinity.group(1) == "-" else 1))
    if text in _NOT_A_NUMBER:
        raise CallError("a number that is not a number cannot be represented")
    moment = _moment(text)
    return string(text if moment is None else moment)


def _moment(text: str) -> str | None:
    """A date or time as RFC 3339, or None."""
    date = _DATE.fullmatch(text)
    time = _TIME.fullmatch(text)
    found = date or time
    if found is None:
        return None
    day = f"{found.group(1)}-{int(found.group(2)):02d}-{int(found.group(3)):02d}"
    clock, zone = "00:00:00", "Z"
    if time is not None:
        clock = f"{int(time.group(4)):02d}:{time.group(5)}:{time.group(6)}"
        zone = _zone(time.group(8) or "Z")
    try:
        return write_timestamp(parse_timestamp(f"{day}T{clock}{zone}"))
    except ValueError:
        return None


def _zone(text: str) -> str:
    if text == "Z":
        return text
    hours, _, minutes = text[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return f"{text[0]}{int(hours):02d}:{minutes or '00'}"
