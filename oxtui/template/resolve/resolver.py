"""Resolving a template: variables, then locals and data sources, then builds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import Diagnostic, Severity, error
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.evaluate.work import Work
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.hcl.values.value import namespace
from oxtui.template.load import with_context
from oxtui.template.resolve.builds import BuildResolver
from oxtui.template.resolve.context import packer_object, path_object
from oxtui.template.resolve.graph import Graph
from oxtui.template.resolve.variable_values import VariableResolver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oxtui.template.component_body import ComponentBody, DecodedBody
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.model import ComponentKey, Template
    from oxtui.template.resolve.builds import ResolvedBuild
    from oxtui.template.resolve.graph import DataResolver
    from oxtui.template.resolve.members import Members
    from oxtui.template.resolve.variable_values import VariableValue
    from oxtui.template.variables import VariableInputs


@dataclass(repr=False)
class Resolved:
    """A template with its values. What could not be evaluated is unknown, and `diagnostics` says why."""

    template: Template
    variables: Mapping[str, VariableValue] = field(default_factory=dict)
    locals: Mapping[str, Value] = field(default_factory=dict)
    data: Mapping[ComponentKey, Value] = field(default_factory=dict)
    data_bodies: Mapping[ComponentKey, DecodedBody] = field(default_factory=dict)
    builds: list[ResolvedBuild] = field(default_factory=list)
    sourceless: list[Members] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    scope: Scope = field(default_factory=Scope)
    noted: set[str] = field(default_factory=set)

    def __repr__(self) -> str:
        return f"Resolved({[build.name for build in self.builds]})"

    @property
    def has_errors(self) -> bool:
        """Whether it cannot be built as it is."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)

    @property
    def sources(self) -> dict[str, ComponentBody]:
        """The body of each source that is built, by the name of its build."""
        return {build.name: build.body for build in self.builds}

    def secrets(self) -> set[str]:
        """Texts that must be hidden: sensitive values, and what functions have made of them so far.

        Evaluating a body may add some, so ask again afterwards.
        """
        found = set(self.noted)
        for variable in self.variables.values():
            found |= variable.value.secret_texts()
        for value in (*self.locals.values(), *self.data.values()):
            found |= value.secret_texts()
        return {text for text in found if text}


async def resolve(
    template: Template, inputs: VariableInputs, data_resolver: DataResolver | None = None
) -> Resolved:
    """Evaluates a template's variables, locals and data sources and lists its builds.

    `data_resolver` is asked for each data source whose options are known; without one, data stays
    unknown. It may raise DataSourceError or TemplateError, which become diagnostics. Nothing else is
    raised for what stands in the template.
    """
    resolved = await resolve_values(template, inputs, data_resolver)
    for build in template.builds:
        resolver = BuildResolver(template, build, resolved.scope, resolved.diagnostics)
        resolved.builds += resolver.resolve()
        resolved.sourceless += resolver.sourceless
    if not template.builds and not template.has_errors:
        detail = "A template needs a build block, which names its sources and what is done to them."
        resolved.diagnostics.append(Diagnostic(Severity.ERROR, "Missing build block", detail))
    _check_names(resolved)
    return _told_once(resolved)


async def resolve_values(
    template: Template, inputs: VariableInputs, data_resolver: DataResolver | None = None
) -> Resolved:
    """Evaluates a template's variables, locals and data sources, and looks at no build: see `resolve`."""
    resolved = Resolved(template, diagnostics=list(template.diagnostics))
    work = Work()
    functions = function_table(template.folder, work=work)
    variables = VariableResolver(template, inputs, functions, work)
    resolved.variables = variables.resolve()
    resolved.diagnostics += variables.diagnostics
    resolved.noted |= variables.secrets
    values = {name: variable.value for name, variable in resolved.variables.items()}
    root = Scope(
        {
            "var": namespace(values),
            "path": path_object(template.folder),
            "packer": packer_object(),
        },
        functions,
        note_secret=resolved.noted.add,
        work=work,
    )
    graph = Graph(template, root, data_resolver)
    evaluated = await graph.run()
    resolved.diagnostics += graph.diagnostics
    resolved.locals, resolved.data = evaluated.locals, evaluated.data
    resolved.data_bodies = graph.bodies
    resolved.scope = graph.full_scope()
    return _told_once(resolved)


def _told_once(resolved: Resolved) -> Resolved:
    found = dict.fromkeys(with_context(resolved.template, each) for each in resolved.diagnostics)
    resolved.diagnostics = list(found)
    return resolved


def _check_names(resolved: Resolved) -> None:
    first: dict[str, ResolvedBuild] = {}
    for build in resolved.builds:
        if first.setdefault(build.name, build) is not build:
            detail = f'Two builds are called "{build.name}". Give one a name of its own.'
            problem = error("Duplicate build name", detail, build.span, build.file)
            resolved.diagnostics.append(problem)
