"""What a build block says of itself: its name, and the sources that it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.dynamic import Expander, ScopedBlock
from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.values.types import STRING, ListType
from oxtui.template.hcl.values.value import is_wholly_known
from oxtui.template.model import ComponentKey
from oxtui.template.read.build_block import BUILD
from oxtui.template.resolve.common import CommonReader, converted

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.bodies import Attribute, Block
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.model import BuildDeclaration

SOURCE_NAMES = frozenset(("name",))
"""What Packer itself takes from a `source` block in a build."""


@dataclass(frozen=True, repr=False)
class SourceUse:
    """A source that a build starts from: an entry of `sources`, or a `source` block in the build.

    `block` is there for the latter; it may add options and give a local name.
    """

    key: ComponentKey
    local_name: str
    block: Block | None
    span: Span
    scope: Scope

    def __str__(self) -> str:
        return f"{self.key.type}.{self.local_name}"


@dataclass(frozen=True, repr=False)
class BuildHead:
    """The block with its `dynamic` blocks expanded, and the sources in the order in which it names them."""

    name: str
    description: str
    uses: list[SourceUse]
    blocks: list[ScopedBlock]


def read_head(build: BuildDeclaration, scope: Scope, diagnostics: list[Diagnostic]) -> BuildHead:
    """Reads what comes before any component; problems are added to the diagnostics."""
    return _HeadReader(build, scope, diagnostics).read()


class _HeadReader:
    def __init__(
        self, build: BuildDeclaration, scope: Scope, diagnostics: list[Diagnostic]
    ) -> None:
        self.build = build
        self.scope = scope
        self.diagnostics = diagnostics
        self.file = build.file

    def read(self) -> BuildHead:
        name = self._text(self.build.name)
        description = self._text(self.build.description)
        blocks = Expander(self.file, self.diagnostics, BUILD.blocks).blocks(
            self.build.block.body.items, self.scope
        )
        told = len(self.diagnostics)
        listed = self._listed()
        uses = [*(listed or ()), *self._written(blocks)]
        if not uses and listed is not None and len(self.diagnostics) == told:
            detail = 'A build needs at least one source: sources = ["source.TYPE.NAME"].'
            self._add("Missing source reference", detail, self.build.block.header)
        return BuildHead(name, description, uses, blocks)

    def _add(self, summary: str, detail: str, span: Span) -> None:
        self.diagnostics.append(error(summary, detail, span, self.file))

    def _value(self, attribute: Attribute, kind: Type) -> Value | None:
        unlike = "has the wrong type"
        value = converted(attribute, kind, self.scope, self.file, self.diagnostics, unlike)
        usable = value is not None and value.is_known and not value.is_null
        return value if usable else None

    def _text(self, attribute: Attribute | None) -> str:
        value = None if attribute is None else self._value(attribute, STRING)
        return "" if value is None else value.text

    def _listed(self) -> list[SourceUse] | None:
        """The entries of `sources`; None where they are not known."""
        attribute = self.build.sources
        if attribute is None:
            return []
        value = self._value(attribute, ListType(STRING))
        if value is None:
            return None
        written = getattr(attribute.expression, "items", [])
        uses: list[SourceUse] = []
        for position, item in enumerate(value.items):
            exact = len(written) == len(value.items)
            span = written[position].span if exact else attribute.expression.span
            if not item.is_known:
                continue
            key = self._key("" if item.is_null else item.text, span)
            if key is not None:
                uses.append(SourceUse(key, key.name, None, span, self.scope))
        return uses if uses or is_wholly_known(value) else None

    def _written(self, blocks: list[ScopedBlock]) -> list[SourceUse]:
        uses: list[SourceUse] = []
        for block, scope in blocks:
            if block.type == "source" and len(block.labels) == 1:
                key = self._key(block.labels[0].value, block.labels[0].span)
                if key is not None:
                    reader = CommonReader(block.body, scope, self.file, self.diagnostics)
                    local_name = reader.read(SOURCE_NAMES).name or key.name
                    uses.append(SourceUse(key, local_name, block, block.header, scope))
        return uses

    def _key(self, reference: str, span: Span) -> ComponentKey | None:
        parts = reference.split(".")
        if len(parts) == 3 and parts[0] == "source":
            parts = parts[1:]
        if len(parts) == 2 and all(parts):
            return ComponentKey(*parts)
        detail = f'A source is named "source.TYPE.NAME", not "{reference}".'
        self._add("Invalid source reference", detail, span)
        return None
