"""The builds of a legacy template: one for each builder, with all provisioners and post-processors (packer.md 2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from oxtui.template.component_body import ComponentBody, Part
from oxtui.template.hcl.diagnostic import error, sentence
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.evaluate.work import BLOCK, MAX_WORK
from oxtui.template.hcl.tree.bodies import Attribute, Body
from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.rendered import rendered_expression
from oxtui.template.resolve.builds import ResolvedBuild
from oxtui.template.resolve.common import CommonReader
from oxtui.template.resolve.members import Members
from oxtui.template.resolve.overrides import overrides_for

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.legacy.interpolate import Interpolation
    from oxtui.template.legacy.model import LegacyComponent, LegacyTemplate
    from oxtui.template.resolve.common import CommonOptions

_BUILDER_NAMES: Final = frozenset(("type", "name"))
_PROVISIONER_NAMES: Final = frozenset(
    ("type", "only", "except", "override", "pause_before", "max_retries", "timeout")
)
_POST_PROCESSOR_NAMES: Final = frozenset(("type", "name", "only", "except", "keep_input_artifact"))


def legacy_builds(
    legacy: LegacyTemplate, interpolation: Interpolation, diagnostics: list[Diagnostic]
) -> list[ResolvedBuild]:
    """The builds in the order of the builders; problems are added to the diagnostics.

    `interpolation` has the user variables; each build adds its name and its type. What can be done to
    all builds together is bounded, as for a template in HCL.
    """
    members = len(legacy.provisioners) + sum(map(len, legacy.post_processors))
    if len(legacy.builders) * members * BLOCK > MAX_WORK:
        detail = "So much is done to so many builders that it cannot be listed."
        place = legacy.builders[0].span
        diagnostics.append(error("Evaluation takes too long", detail, place, legacy.file))
        return []
    return [
        _BuildReader(legacy, builder, interpolation, diagnostics).read()
        for builder in legacy.builders
    ]


@dataclass
class _BuildReader:
    legacy: LegacyTemplate
    builder: LegacyComponent
    interpolation: Interpolation
    diagnostics: list[Diagnostic]

    def read(self) -> ResolvedBuild:
        builder, file = self.builder, self.legacy.file
        name = self._text(builder.name, builder.span)
        self.interpolation = replace(self.interpolation, build_name=name, builder_type=builder.type)
        members = self._members()
        return ResolvedBuild(
            members.provisioners,
            members.error_cleanup,
            members.post_processors,
            name=builder.type if name == builder.type else f"{builder.type}.{name}",
            build_name="",
            description=self.legacy.description,
            source_type=builder.type,
            source_name=name,
            local_name=name,
            body=self._body(builder, _BUILDER_NAMES, "source"),
            span=builder.span,
            file=file,
            interpolation=self.interpolation,
        )

    def _members(self) -> Members:
        legacy = self.legacy
        provisioners = [self._member(each) for each in legacy.provisioners]
        chains = [[self._member(each) for each in chain] for chain in legacy.post_processors]
        cleanup = None if legacy.error_cleanup is None else self._member(legacy.error_cleanup)
        whole = [[each for each in chain if each is not None] for chain in chains]
        return Members(
            [each for each in provisioners if each is not None],
            cleanup,
            [chain for chain in whole if chain],
        )

    def _member(self, component: LegacyComponent) -> ComponentBody | None:
        """A provisioner or post-processor; None if it is not meant for this builder."""
        is_last = component.kind == "post-processor"
        names = _POST_PROCESSOR_NAMES if is_last else _PROVISIONER_NAMES
        body = self._body(component, names, component.kind)
        # The names in `only` and `except` are those that the builders have in the text.
        return body if body.common.runs_for(self.builder.name) else None

    def _body(self, component: LegacyComponent, names: frozenset[str], kind: str) -> ComponentBody:
        file, attributes = self.legacy.file, component.body.attributes
        common = self._common(component, names - _BUILDER_NAMES)
        override = attributes.get("override") if "override" in names else None
        return ComponentBody(
            kind,
            component.type,
            component.name if kind != "source" else self.interpolation.build_name,
            (component.type,),
            component.span,
            file,
            (Part(component.body, Scope(), file),),
            common,
            names,
            overrides_for(override, self.builder.name, Scope(), file, self.diagnostics),
            self.interpolation,
        )

    def _common(self, component: LegacyComponent, names: frozenset[str]) -> CommonOptions:
        """What Packer itself takes; `{{ }}` in it is evaluated before, but not in names of builders."""
        items = [
            each
            if each.name in ("only", "except")
            else Attribute(each.span, each.name, each.name_span, self._rendered(each.expression))
            for each in component.body.attributes.values()
            if each.name in names and each.name != "override"
        ]
        body = Body(component.body.span, list(items))
        return CommonReader(body, Scope(), self.legacy.file, self.diagnostics).read(names)

    def _rendered(self, expression: Expression) -> Expression:
        try:
            return rendered_expression(expression, self.interpolation.render)
        except InterpolationError as problem:
            self._wrong(problem, expression.span)
            return expression

    def _text(self, text: str, span: Span) -> str:
        try:
            return self.interpolation.render(text)
        except InterpolationError as problem:
            self._wrong(problem, span)
            return text

    def _wrong(self, problem: InterpolationError, span: Span) -> None:
        self.diagnostics.append(
            error("Invalid template", sentence(problem), span, self.legacy.file)
        )
