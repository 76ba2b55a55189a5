"""A template as the Compose screen shows it: parts with fields. Made of the text, anew for each text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from oxtui.component.options import OptionSpec
from oxtui.template.hcl.source import SourceFile, Span

PartKind: TypeAlias = Literal["source", "ssh", "variable", "data", "provisioner", "post-processor"]


@dataclass(frozen=True, slots=True)
class Field:
    """One option of a part, set or not."""

    spec: OptionSpec
    text: str = ""
    """Its value as it is shown and typed; empty if it is not set."""
    span: Span | None = None
    """Where it stands in the template."""
    raw: bool = False
    """It is shown and typed as HCL."""
    known: bool = True
    """False: the template sets it, but the component has no such option."""

    @property
    def name(self) -> str:
        """As the template has it."""
        return self.spec.name

    @property
    def is_set(self) -> bool:
        """Whether the template has it."""
        return self.span is not None


@dataclass(frozen=True, slots=True)
class Part:
    """What the outline has a line for: a source, its SSH options, a variable, a provisioner, …"""

    id: str
    """Address, with what of it is shown."""
    address: str
    kind: PartKind
    title: str
    fields: tuple[Field, ...]
    span: Span
    detail: str = ""
    enabled: bool = True
    build: int = 0
    index: int = 0
    """Of a provisioner or post-processor: its place in its build."""

    @property
    def has_form(self) -> bool:
        """Whether its fields are known."""
        return any(field.known for field in self.fields)

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)

    def value(self, name: str) -> str:
        """The text of a field that is set; empty otherwise."""
        found = self.field(name)
        return found.text if found is not None else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All parts, in the order of the outline."""

    source: SourceFile
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The template."""
        return self.source.text

    def part(self, id_: str) -> Part | None:
        """The part of that id."""
        return next((part for part in self.parts if part.id == id_), None)

    def of_kind(self, *kinds: PartKind) -> Sequence[Part]:
        """The parts of some kinds."""
        return [part for part in self.parts if part.kind in kinds]

    def at(self, offset: int) -> Iterator[tuple[Part, Field | None]]:
        """The parts that an offset lies in, with the field if it lies in one; the nearest first."""
        inside = [part for part in self.parts if part.span.contains(offset)]
        for part in inside:
            for field in part.fields:
                if field.span is not None and field.span.contains(offset):
                    yield part, field
        for part in inside:
            yield part, None

    def lines(self, span: Span | None) -> range:
        """The lines, from 1, of a span."""
        if span is None:
            return range(0)
        last = max(span.start, span.end - 1)
        return range(self.source.line_number(span.start), self.source.line_number(last) + 1)
