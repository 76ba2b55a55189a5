"""The body of one component (a source, a provisioner, …), evaluated whenever its values are wanted.

A provisioner is evaluated twice: while planning, when `build.*` is not known, and right before it
runs, when it is. What the options mean is for the component to say: every value comes with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.template.dynamic import Expander
from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.values.convert import convert
from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import object_of, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.tree.bodies import Attribute, Body
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.legacy.interpolate import Interpolation
    from oxtui.template.resolve.common import CommonOptions


@dataclass(frozen=True)
class DecodedAttribute:
    """One evaluated attribute. `span` is where the value stands, `name_span` where its name does."""

    name: str
    value: Value
    span: Span
    name_span: Span
    file: SourceFile


@dataclass(frozen=True)
class DecodedBlock:
    """One nested block, evaluated; `span` covers its header."""

    type: str
    labels: tuple[str, ...]
    body: DecodedBody
    span: Span


@dataclass(frozen=True)
class DecodedBody:
    """All evaluated attributes and blocks of a body, and every problem met on the way.

    An attribute that has no value because of a problem is there with an unknown value.
    """

    attributes: Mapping[str, DecodedAttribute]
    blocks: Sequence[DecodedBlock]
    span: Span
    file: SourceFile
    diagnostics: Sequence[Diagnostic] = ()
    interpolation: Interpolation | None = None
    """Of a legacy template: what `{{ }}` can name in its strings, which are not evaluated yet."""


@dataclass(frozen=True, repr=False)
class Part:
    """A piece of text that a component is written in: most have one, a source in a build may have two."""

    body: Body
    scope: Scope
    file: SourceFile


@dataclass(frozen=True, repr=False)
class ComponentBody:
    """One component of a build as it is written, with what its expressions may refer to.

    `kind` is source, provisioner, error-cleanup-provisioner, post-processor or data; `span` is the
    header of its block. `hidden` names attributes that Packer itself takes (`only`, `pause_before`,
    …); they are in `common`. `overrides` are attributes that `override` sets for this source.
    """

    kind: str
    type: str
    name: str
    labels: tuple[str, ...]
    span: Span
    file: SourceFile
    parts: tuple[Part, ...]
    common: CommonOptions
    hidden: frozenset[str] = frozenset()
    overrides: Mapping[str, DecodedAttribute] = field(default_factory=dict)
    interpolation: Interpolation | None = None
    """Of a legacy template: what `{{ }}` can name in it."""

    def __repr__(self) -> str:
        return f"ComponentBody({self.kind} {self.type!r})"

    def attributes(self) -> list[str]:
        """The names of the attributes that are set, in the order of the text."""
        names = [name for part in self.parts for name in part.body.attributes]
        names += [name for name in self.overrides if name not in names]
        return [name for name in dict.fromkeys(names) if name not in self.hidden]

    def evaluate(self, extra: Mapping[str, Value] | None = None) -> DecodedBody:
        """Evaluates the body; `extra` adds objects such as `build`, or fields to them. Does not raise."""
        diagnostics: list[Diagnostic] = []
        attributes: dict[str, DecodedAttribute] = {}
        blocks: list[DecodedBlock] = []
        for part in self.parts:
            scope = part.scope.inner(_joined(part.scope, extra)) if extra else part.scope
            scope.work.renew()
            decoded = decode_body(part.body, scope, part.file, self.span, self.hidden)
            diagnostics += decoded.diagnostics
            blocks += decoded.blocks
            for name, attribute in decoded.attributes.items():
                first = attributes.setdefault(name, attribute)
                if first is not attribute:
                    line = first.file.line_number(first.span.start)
                    detail = f'"{name}" is already set in {first.file.name} line {line}.'
                    place = attribute.name_span
                    problem = error("Duplicate argument", detail, place, attribute.file)
                    diagnostics.append(problem)
        attributes.update(self.overrides)
        known, build = self.interpolation, (extra or {}).get("build")
        if known is not None and build is not None:
            texts = {name: convert(each, STRING).text for name, each in build.mapping.items()}
            known = known.with_build(texts)
        return DecodedBody(attributes, blocks, self.span, self.file, diagnostics, known)


def _joined(scope: Scope, extra: Mapping[str, Value]) -> dict[str, Value]:
    """Objects with the fields that the scope's own of that name have beside them, such as `build.name`."""
    found: dict[str, Value] = {}
    for name, value in extra.items():
        known = scope.lookup(name)
        fields = known.mapping if known is not None and known.is_known else {}
        found[name] = object_of({**fields, **value.mapping})
    return found


def decode_body(
    body: Body,
    scope: Scope,
    file: SourceFile,
    span: Span,
    hidden: frozenset[str] = frozenset(),
) -> DecodedBody:
    """Evaluates every attribute and block of a body. Does not raise."""
    diagnostics: list[Diagnostic] = []
    attributes = {
        name: _attribute(attribute, scope, file, diagnostics)
        for name, attribute in body.attributes.items()
        if name not in hidden
    }
    blocks: list[DecodedBlock] = []
    for block, inner in Expander(file, diagnostics).blocks(body.items, scope):
        decoded = decode_body(block.body, inner, file, block.header)
        diagnostics += decoded.diagnostics
        labels = tuple(label.value for label in block.labels)
        blocks.append(DecodedBlock(block.type, labels, decoded, block.header))
    return DecodedBody(attributes, blocks, span, file, diagnostics)


def _attribute(
    attribute: Attribute, scope: Scope, file: SourceFile, diagnostics: list[Diagnostic]
) -> DecodedAttribute:
    try:
        value = Evaluator(file).evaluate(attribute.expression, scope)
    except EvaluationError as problem:
        diagnostics += problem.diagnostics
        value = unknown()
    name, place = attribute.name, attribute.expression.span
    return DecodedAttribute(name, value, place, attribute.name_span, file)
