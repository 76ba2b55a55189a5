"""Resolving a template: variables, then locals and data sources, then builds."""

from __future__ import annotations

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
from oxtui.template.resolve.legacy_builds import legacy_builds
from oxtui.template.resolve.legacy_values import legacy_variables
from oxtui.template.resolve.made_sources import all_sources
from oxtui.template.resolve.resolved import Resolved
from oxtui.template.resolve.variable_values import VariableResolver
from oxtui.template.stores import apart

if TYPE_CHECKING:
    from oxtui.template.model import Template
    from oxtui.template.resolve.builds import ResolvedBuild
    from oxtui.template.resolve.graph import DataResolver
    from oxtui.template.stores import Stores
    from oxtui.template.variables import VariableInputs


async def resolve(
    template: Template,
    inputs: VariableInputs,
    data_resolver: DataResolver | None = None,
    stores: Stores | None = None,
) -> Resolved:
    """Evaluates a template's variables, locals and data sources and lists its builds.

    `data_resolver` is asked for each data source whose options are known; without one, data stays
    unknown. It may raise DataSourceError or TemplateError, which become diagnostics. Nothing else is
    raised for what stands in the template.

    `stores` are asked by functions such as `vault`; without them what these give is unknown. With them
    evaluation is done in a thread, so that the event loop never waits for a network; what is evaluated
    later, such as the body of a component, must be as well.
    """
    resolved = await resolve_values(template, inputs, data_resolver, stores)
    if template.legacy is not None and resolved.interpolation is not None:
        found = resolved.diagnostics
        resolved.builds += legacy_builds(template.legacy, resolved.interpolation, found)
        _check_names(resolved)
        return _told_once(resolved)
    sources = await apart(
        stores, lambda: all_sources(template, resolved.scope, resolved.diagnostics)
    )
    for build in template.builds:
        resolver = BuildResolver(sources, build, resolved.scope, resolved.diagnostics)
        resolved.builds += await apart(stores, resolver.resolve)
        resolved.sourceless += resolver.sourceless
    if not template.builds and not template.has_errors:
        detail = "A template needs a build block, which names its sources and what is done to them."
        resolved.diagnostics.append(Diagnostic(Severity.ERROR, "Missing build block", detail))
    _check_names(resolved)
    return _told_once(resolved)


async def resolve_values(
    template: Template,
    inputs: VariableInputs,
    data_resolver: DataResolver | None = None,
    stores: Stores | None = None,
) -> Resolved:
    """Evaluates a template's variables, locals and data sources, and looks at no build: see `resolve`."""
    resolved = Resolved(template, diagnostics=list(template.diagnostics))
    if template.legacy is not None:
        users = legacy_variables(template, template.legacy, inputs, stores)
        resolved.variables = await apart(stores, users.resolve)
        resolved.diagnostics += users.diagnostics
        resolved.noted |= users.secrets
        resolved.interpolation = users.interpolation()
        return _told_once(resolved)
    work = Work()
    functions = function_table(template.folder, stores=stores, work=work)
    variables = VariableResolver(template, inputs, functions, work)
    resolved.variables = await apart(stores, variables.resolve)
    resolved.diagnostics += variables.diagnostics
    resolved.noted |= variables.secrets
    values = {name: variable.value for name, variable in resolved.variables.items()}
    root = Scope(
        {
            "var": namespace(values),
            "path": path_object(template.root or str(template.folder)),
            "packer": packer_object(),
        },
        functions,
        note_secret=resolved.noted.add,
        work=work,
    )
    graph = Graph(template, root, data_resolver, stores)
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
