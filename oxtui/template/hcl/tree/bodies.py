"""Body nodes: what stands between braces, or in a whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.expressions import Expression


@dataclass(slots=True)
class Attribute:
    """`name = expression`; the span ends with the expression."""

    span: Span
    name: str
    name_span: Span
    expression: Expression


@dataclass(slots=True)
class Label:
    """A block's label: quoted, or a bare word."""

    span: Span
    value: str
    quoted: bool


@dataclass(slots=True)
class Block:
    """`type "label" { … }`; the span ends with the closing brace."""

    span: Span
    type: str
    type_span: Span
    labels: list[Label]
    open: Span
    body: Body
    close: Span

    @property
    def header(self) -> Span:
        """Where type and labels stand."""
        last = self.labels[-1].span if self.labels else self.type_span
        return self.type_span._replace(end=last.end)

    @property
    def title(self) -> str:
        """Type and labels as messages name the block: `source "null" "a"`."""
        return " ".join([self.type, *(f'"{label.value}"' for label in self.labels)])


Item: TypeAlias = Attribute | Block


@dataclass(slots=True)
class Body:
    """Attributes and blocks in the order of the text. The span is what lies between the braces."""

    span: Span
    items: list[Item] = field(default_factory=list)

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The attributes by name, in order."""
        return {item.name: item for item in self.items if isinstance(item, Attribute)}

    @property
    def blocks(self) -> list[Block]:
        """The blocks, in order."""
        return [item for item in self.items if isinstance(item, Block)]

    def blocks_of(self, kind: str) -> list[Block]:
        """The blocks of one type, in order."""
        return [block for block in self.blocks if block.type == kind]

    def block_at(self, offset: int) -> Block | None:
        """The innermost block that an offset lies in."""
        found = None
        for block in self.enclosing(offset):
            found = block
        return found

    def enclosing(self, offset: int) -> Iterator[Block]:
        """The blocks that an offset lies in, outermost first."""
        body: Body | None = self
        while body is not None:
            inner = next((b for b in body.blocks if b.span.contains(offset)), None)
            if inner is not None:
                yield inner
            body = inner.body if inner is not None else None
