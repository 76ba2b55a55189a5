"""The nodes of a JSON text. Every node knows its span, and objects keep all members, doubled ones too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.source import Span


@dataclass(slots=True)
class String:
    """A string, its escapes resolved; the span covers the quotes.

    `offsets` are where each character of the text stands in the file, and where the closing quote
    does; None where no escape parts the two, so that they go along from the opening quote on.
    """

    span: Span
    text: str
    offsets: list[int] | None = None

    def offset(self, index: int) -> int:
        """Where in the file the text's character number `index` stands."""
        return self.span.start + 1 + index if self.offsets is None else self.offsets[index]


@dataclass(slots=True)
class Number:
    """A number as written."""

    span: Span
    text: str


@dataclass(slots=True)
class Word:
    """`true`, `false` or `null`."""

    span: Span
    name: str


@dataclass(slots=True)
class Array:
    """`[a, b]`."""

    span: Span
    items: list[Node]


@dataclass(slots=True)
class Member:
    """`"key": value`."""

    key: String
    value: Node

    @property
    def name(self) -> str:
        """The key."""
        return self.key.text


@dataclass(slots=True)
class Object:
    """`{"key": value}`."""

    span: Span
    members: list[Member]

    def get(self, name: str) -> Node | None:
        """The value of the first member of that name."""
        return next((member.value for member in self.members if member.name == name), None)

    def doubled(self) -> Iterator[tuple[Member, Member]]:
        """Each member whose name stands in the object already, with the first one."""
        seen: dict[str, Member] = {}
        for member in self.members:
            first = seen.setdefault(member.name, member)
            if first is not member:
                yield member, first


Node: TypeAlias = String | Number | Word | Array | Object

KINDS: dict[type, str] = {
    String: "a string", Number: "a number", Word: "true, false or null",
    Array: "a list", Object: "an object",
}  # fmt: skip
"""How messages call a node."""


def kind(node: Node) -> str:
    """What a node is, in words."""
    if isinstance(node, Word):
        return "null" if node.name == "null" else "a bool"
    return KINDS[type(node)]
