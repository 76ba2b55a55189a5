"""The builds that a template asks for: one for each source that a build block names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.component_body import ComponentBody, Part
from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.resolve.build_head import SOURCE_NAMES, read_head
from oxtui.template.resolve.common import CommonOptions
from oxtui.template.resolve.context import planned_build_object, source_object
from oxtui.template.resolve.members import MemberReader, Members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.legacy.interpolate import Interpolation
    from oxtui.template.model import BuildDeclaration, ComponentKey
    from oxtui.template.resolve.build_head import BuildHead, SourceUse
    from oxtui.template.resolve.made_sources import ScopedSource


@dataclass(frozen=True, repr=False)
class ResolvedBuild(Members):
    """One build: a source with everything that is done to it.

    `name` is `[BUILD.]TYPE.LOCALNAME`.
    """

    name: str
    build_name: str
    description: str
    source_type: str
    source_name: str
    local_name: str
    body: ComponentBody
    span: Span
    file: SourceFile
    interpolation: Interpolation | None = None
    """Of a legacy template: what `{{ }}` can name in this build."""

    def __repr__(self) -> str:
        return f"ResolvedBuild({self.name!r})"

    @property
    def selector(self) -> str:
        """How -only and -except call it: in a legacy template by the name of its builder (packer.md 2)."""
        return self.name if self.interpolation is None else self.source_name


class BuildResolver:
    """Makes the builds of one build block."""

    def __init__(
        self,
        sources: Mapping[ComponentKey, ScopedSource],
        build: BuildDeclaration,
        scope: Scope,
        diagnostics: list[Diagnostic],
    ) -> None:
        self.sources = sources
        self.build = build
        self.scope = scope
        self.diagnostics = diagnostics
        self.file = build.file
        self.sourceless: list[Members] = []
        """What is done to sources that there are not; it is only looked at."""

    def resolve(self) -> list[ResolvedBuild]:
        """The builds in the order in which the block names their sources."""
        head = read_head(self.build, self.scope, self.diagnostics)
        found: list[ResolvedBuild] = []
        for use in head.uses:
            declared = self.sources.get(use.key)
            if declared is None:
                self._unknown(use)
                members = self._members(head, use.key.type, use.local_name)
                self.sourceless.append(members)
            else:
                found.append(self._one(head, declared, use))
        if not head.uses:
            self.sourceless.append(self._members(head, "", ""))
        return found

    def _unknown(self, use: SourceUse) -> None:
        known = ", ".join(sorted(map(str, self.sources))) or "none"
        hint = did_you_mean(str(use.key), map(str, self.sources))
        detail = f'There is no source "{use.key}"; there is {known}.{hint}'
        self.diagnostics.append(error("Unknown source", detail, use.span, self.file))

    def _objects(self, head: BuildHead, kind: str, local_name: str) -> dict[str, Value]:
        return {"source": source_object(kind, local_name), "build": planned_build_object(head.name)}

    def _within(self, scope: Scope, objects: dict[str, Value]) -> Scope:
        """The scope of a source's body: what a `dynamic` block goes through hides an object of its name."""
        inner = self.scope.inner(objects)
        return inner if scope is self.scope else inner.inner(scope.variables)

    def _members(self, head: BuildHead, kind: str, local_name: str) -> Members:
        objects = self._objects(head, kind, local_name)
        source = f"{kind}.{local_name}"
        sources = [f"{use.key.type}.{use.local_name}" for use in head.uses]
        reader = MemberReader(self.file, self.diagnostics, local_name, source, sources, objects)
        return reader.all(head.blocks)

    def _one(self, head: BuildHead, source: ScopedSource, use: SourceUse) -> ResolvedBuild:
        declared = source.declaration
        key = declared.key
        objects = self._objects(head, key.type, use.local_name)
        parts = [Part(declared.block.body, self._within(source.scope, objects), declared.file)]
        renamed = False
        if use.block is not None:
            parts.append(Part(use.block.body, self._within(use.scope, objects), self.file))
            renamed = "name" in use.block.body.attributes
        body = ComponentBody(
            "source",
            key.type,
            use.local_name,
            tuple(label.value for label in declared.block.labels),
            declared.block.header,
            declared.file,
            tuple(parts),
            CommonOptions(),
            hidden=SOURCE_NAMES if renamed else frozenset(),
        )
        members = self._members(head, key.type, use.local_name)
        return ResolvedBuild(
            members.provisioners,
            members.error_cleanup,
            members.post_processors,
            name=".".join(part for part in (head.name, key.type, use.local_name) if part),
            build_name=head.name,
            description=head.description,
            source_type=key.type,
            source_name=key.name,
            local_name=use.local_name,
            body=body,
            span=self.build.block.header,
            file=self.file,
        )
