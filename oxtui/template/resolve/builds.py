"""The builds that a template asks for: one for each source that a build block names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.component_body import ComponentBody, Part
from oxtui.template.dynamic import Expander, ScopedBlock
from oxtui.template.hcl.diagnostic import Diagnostic, error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import STRING, ListType
from oxtui.template.model import ComponentKey, SourceUse
from oxtui.template.resolve.common import (
    POST_PROCESSOR_NAMES,
    PROVISIONER_NAMES,
    CommonOptions,
    CommonReader,
)
from oxtui.template.resolve.context import planned_build_object, source_object
from oxtui.template.resolve.overrides import overrides_for

if TYPE_CHECKING:
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.tree.bodies import Attribute
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.model import BuildDeclaration, ComponentDeclaration, Template

_SOURCE_NAMES = frozenset(("name",))


@dataclass(frozen=True, repr=False)
class ResolvedBuild:
    """One build: a source with everything that is done to it.

    `name` is `[BUILD.]TYPE.LOCALNAME`. Provisioners and post-processors that are not meant for this
    source are left out. `post_processors` are chains, each of which starts from the build's artifact.
    """

    name: str
    build_name: str
    description: str
    source_type: str
    source_name: str
    local_name: str
    body: ComponentBody
    provisioners: list[ComponentBody]
    error_cleanup: ComponentBody | None
    post_processors: list[list[ComponentBody]]
    span: Span
    file: SourceFile

    def __repr__(self) -> str:
        return f"ResolvedBuild({self.name!r})"


class BuildResolver:
    """Makes the builds of one build block."""

    def __init__(
        self,
        template: Template,
        build: BuildDeclaration,
        scope: Scope,
        diagnostics: list[Diagnostic],
    ) -> None:
        self.template = template
        self.build = build
        self.scope = scope
        self.diagnostics = diagnostics
        self.file = build.file
        self.expander = Expander(self.file, diagnostics)

    def resolve(self) -> list[ResolvedBuild]:
        """The builds in the order in which the block names their sources."""
        name = self._text(self.build.name)
        description = self._text(self.build.description)
        blocks = self.expander.blocks(self.build.block.body.items, self.scope)
        told = len(self.diagnostics)
        uses = [*self._listed(), *self._written(blocks)]
        if not uses and len(self.diagnostics) == told:
            detail = 'A build needs at least one source: sources = ["source.TYPE.NAME"].'
            self._add("Missing source reference", detail, self.build.block.header)
        found: list[ResolvedBuild] = []
        for use, scope in uses:
            declared = self.template.sources.get(use.key)
            if declared is None:
                known = ", ".join(sorted(map(str, self.template.sources))) or "none"
                hint = did_you_mean(str(use.key), map(str, self.template.sources))
                detail = f'There is no source "{use.key}"; there is {known}.{hint}'
                self._add("Unknown source", detail, use.span)
            else:
                found.append(self._one(name, description, declared, use, scope, blocks))
        return found

    def _add(self, summary: str, detail: str, span: Span) -> None:
        self.diagnostics.append(error(summary, detail, span, self.file))

    def _value(self, attribute: Attribute, kind: Type) -> Value | None:
        try:
            value = convert(Evaluator(self.file).evaluate(attribute.expression, self.scope), kind)
        except EvaluationError as problem:
            self.diagnostics += problem.diagnostics
            return None
        except ConversionError as problem:
            detail = f'"{attribute.name}" has the wrong type: {problem}.'
            self._add("Unsuitable value type", detail, attribute.expression.span)
            return None
        return value if value.is_known and not value.is_null else None

    def _text(self, attribute: Attribute | None) -> str:
        value = None if attribute is None else self._value(attribute, STRING)
        return "" if value is None else value.text

    def _listed(self) -> list[tuple[SourceUse, Scope]]:
        attribute = self.build.sources
        value = None if attribute is None else self._value(attribute, ListType(STRING))
        if attribute is None or value is None:
            return []
        written = getattr(attribute.expression, "items", [])
        uses: list[tuple[SourceUse, Scope]] = []
        for position, item in enumerate(value.items):
            exact = len(written) == len(value.items)
            span = written[position].span if exact else attribute.expression.span
            key = self._key(item.text if item.is_known and not item.is_null else "", span)
            if key is not None:
                uses.append((SourceUse(key, None, span), self.scope))
        return uses

    def _written(self, blocks: list[ScopedBlock]) -> list[tuple[SourceUse, Scope]]:
        uses: list[tuple[SourceUse, Scope]] = []
        for block, scope in blocks:
            if block.type == "source" and len(block.labels) == 1:
                key = self._key(block.labels[0].value, block.labels[0].span)
                if key is not None:
                    uses.append((SourceUse(key, block, block.header), scope))
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

    def _one(
        self,
        build_name: str,
        description: str,
        declared: ComponentDeclaration,
        use: SourceUse,
        use_scope: Scope,
        blocks: list[ScopedBlock],
    ) -> ResolvedBuild:
        key = declared.key
        local_name = key.name
        if use.block is not None:
            reader = CommonReader(use.block.body, use_scope, self.file, self.diagnostics)
            local_name = reader.read(_SOURCE_NAMES).name or key.name
        objects = {"source": source_object(key.type, local_name)}
        objects["build"] = planned_build_object(build_name)
        own = Part(declared.block.body, self.scope.inner(objects), declared.file)
        more: tuple[Part, ...] = ()
        if use.block is not None:
            more = (Part(use.block.body, use_scope.inner(objects), self.file),)
        labels = tuple(label.value for label in declared.block.labels)
        body = ComponentBody(
            "source",
            key.type,
            local_name,
            labels,
            declared.block.header,
            declared.file,
            (own, *more),
            CommonOptions(),
            hidden=_SOURCE_NAMES
            if use.block is not None and "name" in use.block.body.attributes
            else frozenset(),
        )
        member = _MemberReader(self, local_name, f"{key.type}.{local_name}", objects)
        cleanup = member.read(blocks, "error-cleanup-provisioner")
        full = ".".join(part for part in (build_name, key.type, local_name) if part)
        return ResolvedBuild(
            full,
            build_name,
            description,
            key.type,
            key.name,
            local_name,
            body,
            member.read(blocks, "provisioner"),
            cleanup[0] if cleanup else None,
            member.chains(blocks),
            self.build.block.header,
            self.file,
        )


class _MemberReader:
    """Reads the provisioners and post-processors of a build for one of its sources."""

    def __init__(
        self,
        owner: BuildResolver,
        local_name: str,
        source: str,
        objects: dict[str, Value],
    ) -> None:
        self.owner = owner
        self.local_name = local_name
        self.source = source
        self.objects = objects

    def read(self, blocks: list[ScopedBlock], kind: str) -> list[ComponentBody]:
        """The members of one kind that are meant for the source."""
        names = POST_PROCESSOR_NAMES if kind == "post-processor" else PROVISIONER_NAMES
        found: list[ComponentBody] = []
        for block, scope in blocks:
            if block.type != kind or len(block.labels) != 1:
                continue
            inner = scope.inner(self.objects)
            reader = CommonReader(block.body, inner, self.owner.file, self.owner.diagnostics)
            common = reader.read(names)
            if not common.runs_for(self.source):
                continue
            override = block.body.attributes.get("override") if "override" in names else None
            kind_name = block.labels[0].value
            found.append(
                ComponentBody(
                    kind,
                    kind_name,
                    common.name,
                    (kind_name,),
                    block.header,
                    self.owner.file,
                    (Part(block.body, inner, self.owner.file),),
                    common,
                    names,
                    overrides_for(
                        override,
                        self.local_name,
                        inner,
                        self.owner.file,
                        self.owner.diagnostics,
                    ),
                )
            )
        return found

    def chains(self, blocks: list[ScopedBlock]) -> list[list[ComponentBody]]:
        """The chains of post-processors; a chain of which nothing is meant for the source is none."""
        found: list[list[ComponentBody]] = []
        for scoped in blocks:
            if scoped.block.type == "post-processor":
                found.append(self.read([scoped], "post-processor"))
            elif scoped.block.type == "post-processors":
                inner = self.owner.expander.blocks(scoped.block.body.items, scoped.scope)
                found.append(self.read(inner, "post-processor"))
        return [chain for chain in found if chain]
