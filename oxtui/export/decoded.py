"""The builds of a template with every option evaluated and decoded: what is compared with what ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from oxtui.component.decode import decode
from oxtui.component.options import Options
from oxtui.component.registry import ComponentKind, UnknownComponent, component
from oxtui.logs.redact import MARK
from oxtui.template.component_body import ComponentBody
from oxtui.template.hcl.diagnostic import Diagnostic
from oxtui.template.hcl.values.types import BOOL, NUMBER, STRING, ListType, SetType, TupleType
from oxtui.template.load import parse_template
from oxtui.template.model import VariableDeclaration
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.resolve.common import CommonOptions
from oxtui.template.resolve.variable_values import VariableValue
from oxtui.template.variables import VariableInputs

STAND_IN = "oxtui-stand-in-"
"""Begins what stands for the value of a variable that nobody gave."""


@dataclass(frozen=True, slots=True)
class DecodedStep:
    """A provisioner or post-processor of a build; `options` is None for a type that oxtui does not have."""

    type: str
    options: Options | None
    common: CommonOptions
    written: Mapping[str, Any] = field(default_factory=dict)
    """What the template says, of one without options."""
    anew: bool = False
    """It stands for something that Packer does not know, and is not compared with that."""

    @property
    def title(self) -> str:
        """Its name if it has one, else its type."""
        return self.common.name or self.type


@dataclass(frozen=True, slots=True)
class DecodedBuild:
    """One build: its source's options, its provisioners and its chains of post-processors."""

    name: str
    options: Options | None
    steps: tuple[DecodedStep, ...]
    chains: tuple[tuple[DecodedStep, ...], ...]


async def resolve_text(
    text: str, filename: str, inputs: VariableInputs
) -> tuple[Resolved, VariableInputs]:
    """A template's builds, and the values of its variables that they were made with.

    Variables that have no value get stand-ins; so do secrets, as what the session told of them is
    masked too. Data stays unknown.
    """
    template = parse_template(text, filename)
    resolved = await resolve(template, inputs)
    variables = resolved.variables.values()
    missing = [v.declaration for v in variables if _is_missing(v)]
    secret = [v.declaration for v in variables if v.declaration.sensitive and not _is_missing(v)]
    for declared in ([*missing, *secret], missing):
        assigned = [f"{variable.name}={stand_in(variable)}" for variable in declared]
        given = replace(inputs, assignments=[*inputs.assignments, *assigned])
        resolved = await resolve(template, given)
        if not resolved.has_errors:  # a validation may refuse what stands for a secret
            break
    return resolved, given


def _is_missing(variable: VariableValue) -> bool:
    return variable.declaration.default is None and not variable.value.is_known


def stand_in(variable: VariableDeclaration) -> str:
    """A value of a variable's type, as text of `-var`; a secret's is the mask that stood there."""
    kind = variable.type
    if kind is None or kind == STRING:
        return MARK if variable.sensitive else f"{STAND_IN}{variable.name}"
    if kind == NUMBER:
        return "1"
    if kind == BOOL:
        return "true"
    return "[]" if isinstance(kind, ListType | SetType | TupleType) else "{}"


def decoded_builds(resolved: Resolved) -> tuple[dict[str, DecodedBuild], list[Diagnostic]]:
    """The builds by name, and every problem with their options."""
    problems: list[Diagnostic] = []
    builds = {}
    for build in resolved.builds:
        builds[build.name] = DecodedBuild(
            build.name,
            _options("builder", build.body, problems),
            tuple(_step("provisioner", body, problems) for body in build.provisioners),
            tuple(
                tuple(_step("post-processor", body, problems) for body in chain)
                for chain in build.post_processors
            ),
        )
    return builds, problems


def _step(kind: ComponentKind, body: ComponentBody, problems: list[Diagnostic]) -> DecodedStep:
    options = _options(kind, body, problems)
    written = _written(body) if options is None else {}
    return DecodedStep(body.type, options, body.common, written)


def _options(
    kind: ComponentKind, body: ComponentBody, problems: list[Diagnostic]
) -> Options | None:
    try:
        found = component(kind, body.type)
    except UnknownComponent:
        return None
    options: Options | None
    options, told = decode(body.evaluate(), found.Options)
    problems += [problem for problem in told if problem.is_error]
    return options


def _written(body: ComponentBody) -> Mapping[str, Any]:
    return {name: a.value.data for name, a in body.evaluate().attributes.items()}


def dumped(options: Options | None) -> Mapping[str, Any]:
    """Options by name, defaults included."""
    return {} if options is None else options.model_dump(by_alias=True)


def same_common(one: CommonOptions, other: CommonOptions) -> bool:
    """Whether two provisioners, or two post-processors, run under the same conditions, apart from where they run."""
    bare = {"only": (), "except_": ()}
    return replace(one, **bare) == replace(other, **bare)  # type: ignore[arg-type]


def step_names(steps: Sequence[DecodedStep]) -> list[str]:
    """The types, in order."""
    return [step.type for step in steps]
