"""From a template to a plan: every component decoded, every problem told at once, at its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from oxtui.build.plan import Plan, PlannedBuild, PlannedProvisioner
from oxtui.build.steps import Common
from oxtui.component.decode import UNKNOWN, decode
from oxtui.component.errors import StepError
from oxtui.component.events import Failure
from oxtui.component.options import Options, option_specs
from oxtui.component.protocols import Connector, DataSource
from oxtui.component.registry import ComponentKind, UnknownComponent, component
from oxtui.oxide.errors import OxideError
from oxtui.template.component_body import ComponentBody, DecodedBody
from oxtui.template.hcl.diagnostic import (
    Diagnostic,
    Severity,
    TemplateError,
    error,
    has_errors,
    render,
    warning,
)
from oxtui.template.load import with_context
from oxtui.template.model import Template
from oxtui.template.resolve import DataResolver, DataSourceError, Resolved, resolve
from oxtui.template.resolve.builds import ResolvedBuild
from oxtui.template.resolve.context import BUILD_FIELDS
from oxtui.template.values import Value, from_python
from oxtui.template.variables import VariableInputs


@dataclass(frozen=True, slots=True)
class Selection:
    """Which builds run: names or patterns of `-only` and `-except`; empty selects all."""

    only: Sequence[str] = ()
    excluded: Sequence[str] = ()

    def takes(self, name: str) -> bool:
        """Whether the build of that full name runs."""
        if self.only and not any(fnmatchcase(name, pattern) for pattern in self.only):
            return False
        return not any(fnmatchcase(name, pattern) for pattern in self.excluded)


@dataclass(slots=True)
class Planning:
    """A plan, or None where the template has errors; `secrets` must be hidden from now on."""

    plan: Plan | None
    diagnostics: list[Diagnostic]
    secrets: set[str] = field(default_factory=set)

    @property
    def has_errors(self) -> bool:
        """Whether nothing can be built."""
        return has_errors(self.diagnostics)


def data_resolver(connector: Connector) -> DataResolver:
    """Asks data sources for the values of a template's `data` blocks."""

    async def ask(kind: str, name: str, body: DecodedBody) -> Value:
        try:
            found = component("data source", kind)
        except UnknownComponent as unknown:
            raise DataSourceError(str(unknown)) from None
        options, problems = decode(body, found.Options)
        if options is None:
            raise TemplateError(problems)
        source: DataSource = found(options, connector)
        try:
            return from_python(dict(await source.read()))
        except OxideError as problem:
            raise DataSourceError(f'data "{kind}" "{name}": {problem}') from problem

    return ask


async def make_plan(
    template: Template,
    inputs: VariableInputs,
    *,
    name: str,
    text: str,
    folder: Path,
    data: DataResolver | None,
    selection: Selection | None = None,
    hide: Callable[[str], None] = lambda secret: None,
) -> Planning:
    """Decodes and checks everything that can be without a rack.

    Args:
        template: as it was read.
        inputs: where values of variables come from.
        name: of the template, for the operator.
        text: of the template.
        folder: that relative paths of scripts and files start from: the working directory, as in Packer.
        data: asks data sources; without it their values stay unknown.
        selection: which builds run.
        hide: takes each secret as soon as it is known.
    """
    resolved = await resolve(template, inputs, data)
    for secret in resolved.secrets():
        hide(secret)
    planner = _Planner(resolved, folder, selection or Selection())
    builds = await asyncio.to_thread(planner.builds)
    # What functions made of secrets while bodies were evaluated, and options that are secret by nature.
    secrets = resolved.secrets() | planner.secrets
    for secret in secrets:
        hide(secret)
    diagnostics = [with_context(template, problem) for problem in planner.diagnostics]
    diagnostics = list(dict.fromkeys([*resolved.diagnostics, *diagnostics]))
    plan = None if has_errors(diagnostics) else Plan(name, text, tuple(builds))
    return Planning(plan, diagnostics, secrets)


class _Planner:
    def __init__(self, resolved: Resolved, folder: Path, selection: Selection) -> None:
        self.resolved = resolved
        self.folder = folder
        self.selection = selection
        self.diagnostics: list[Diagnostic] = []
        self.secrets: set[str] = set()

    def builds(self) -> list[PlannedBuild]:
        taken = [build for build in self.resolved.builds if self.selection.takes(build.name)]
        if self.resolved.builds and not taken:
            known = ", ".join(build.name for build in self.resolved.builds)
            detail = f"None of the builds ({known}) matches -only and -except."
            self.diagnostics.append(Diagnostic(Severity.ERROR, "No builds to run", detail))
        planned = [self._build(build) for build in taken]
        return [build for build in planned if build is not None]

    def _build(self, build: ResolvedBuild) -> PlannedBuild | None:
        builder, options = self._decoded("builder", build.body)
        provisioners = [self._provisioner(body) for body in build.provisioners]
        for chain in build.post_processors:
            for body in chain:
                self._decoded("post-processor", body)
        if build.error_cleanup is not None:
            detail = "The error-cleanup-provisioner is read but not run by this version of oxtui."
            place = build.error_cleanup
            self.diagnostics.append(
                warning("Not run: error-cleanup-provisioner", detail, place.span, place.file)
            )
        whole = [provisioner for provisioner in provisioners if provisioner is not None]
        if options is None or len(whole) != len(provisioners):
            return None
        return PlannedBuild(
            build.name, build.source_name, build.source_type, builder, options, tuple(whole)
        )

    def _provisioner(self, body: ComponentBody) -> PlannedProvisioner | None:
        found, options = self._decoded("provisioner", body)
        if options is None:
            return None
        for option, text in found.problems(options, self.folder):
            place = body.evaluate().attributes.get(option, body)
            self.diagnostics.append(
                error("Provisioner cannot run", _sentence(text), place.span, place.file)
            )
        given = body.common
        common = Common(
            pause_before=given.pause_before or 0.0,
            timeout=given.timeout or 0.0,
            max_retries=given.max_retries,
            continue_on_error=given.continue_on_error,
        )
        return PlannedProvisioner(
            body.type, body.name, found, options, _late(body, found.Options), common
        )

    def _decoded(self, kind: ComponentKind, body: ComponentBody) -> tuple[Any, Options | None]:
        try:
            found = component(kind, body.type)
        except UnknownComponent as unknown:
            self.diagnostics.append(
                error(f"Unknown {kind} type", str(unknown), body.span, body.file)
            )
            return None, None
        given = body.evaluate()
        options, problems = decode(given, found.Options)
        self.secrets |= _secrets(given, found.Options, options)
        self.diagnostics += problems
        return found, options


def _secrets(given: DecodedBody, kind: type[Options], made: Options | None) -> set[str]:
    """What was written for options that are secret by nature, such as `ssh_password`.

    A password that is the user's name, or a part of the instance's name, is told there anyway: to hide
    it would make the log unreadable, and names that hold it impossible.
    """
    names = {spec.name for spec in option_specs(kind) if spec.secret}
    written = [each.value for name, each in given.attributes.items() if name in names]
    found = {text for value in written for text in value.marked().secret_texts() if text}
    told = made.model_dump(exclude=names, by_alias=True).values() if found and made else ()
    lines = [each for each in told if isinstance(each, str) and "\n" not in each]
    return {text for text in found if not any(text in line for line in lines)}


def _late(body: ComponentBody, options: type[Options]) -> Callable[[Mapping[str, Any]], Options]:
    """Decodes a body again, with `build.*` known (packer.md 1.2, 14)."""

    def decode_late(build: Mapping[str, Any]) -> Options:
        # What a builder does not tell stays the text that Packer has for it.
        known = {**dict.fromkeys(BUILD_FIELDS, UNKNOWN), **build}
        made, problems = decode(body.evaluate({"build": from_python(known)}), options)
        if made is None:
            first = next(problem for problem in problems if problem.is_error)
            raise StepError(
                Failure(summary=str(first), last_lines=tuple(render(first).splitlines()))
            )
        return made

    return decode_late


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
