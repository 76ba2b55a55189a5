"""From a template to a plan: every component decoded, every problem told at once, at its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from oxtui.build.checkpoints.stand_ins import StandIns
from oxtui.build.checkpoints.written import Written, written
from oxtui.build.decoding import decode_late, decoded, problems_of, secrets_of
from oxtui.build.packer.components import is_foreign
from oxtui.build.packer.planning import Foreign
from oxtui.build.plan import Plan, PlannedBuild, PlannedPostProcessor, PlannedProvisioner
from oxtui.build.post_processing.planning import ChainPlanner
from oxtui.build.resume.given import given_of
from oxtui.build.selection import Selection
from oxtui.build.steps import Common
from oxtui.component.data_sources import DataSource
from oxtui.component.options import Options
from oxtui.component.protocols import Connector
from oxtui.component.registry import ComponentKind, unknown_to_packer
from oxtui.service import ServiceError
from oxtui.template.component_body import ComponentBody, DecodedBody
from oxtui.template.hcl.diagnostic import (
    Diagnostic,
    Severity,
    TemplateError,
    error,
    has_errors,
    warning,
)
from oxtui.template.load import with_context
from oxtui.template.model import Template
from oxtui.template.resolve import Answer, DataResolver, DataSourceError, Resolved, resolve
from oxtui.template.resolve.builds import ResolvedBuild
from oxtui.template.resolve.members import Members
from oxtui.template.stores import Stores, in_thread
from oxtui.template.values import from_python, unknown
from oxtui.template.variables import VariableInputs


@dataclass(slots=True)
class Planning:
    """A plan, or None where the template has errors; `secrets` must be hidden from now on."""

    plan: Plan | None
    diagnostics: list[Diagnostic]
    for_packer: list[Diagnostic] = field(default_factory=list)
    """What matters only where Packer is to run the template: oxtui itself builds it."""
    secrets: set[str] = field(default_factory=set)
    resolved: Resolved | None = field(default=None, repr=False)
    """The values that it was made with."""

    @property
    def has_errors(self) -> bool:
        """Whether nothing can be built."""
        return has_errors(self.diagnostics)


def data_resolver(connector: Connector) -> DataResolver:
    """Asks data sources for the values of a template's `data` blocks."""

    async def ask(kind: str, name: str, body: DecodedBody) -> Answer:
        if is_foreign("data source", kind):
            return Answer(unknown())  # packer asks it
        found, options, problems = decoded("data source", kind, body)
        if options is None:
            raise TemplateError(problems)
        for secret in secrets_of(body, found.Options, options):
            connector.hide(secret)
        source: DataSource = found(options, connector)
        try:
            return Answer(from_python(dict(await source.read())), source.warnings)
        except ServiceError as problem:
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
    stores: Stores | None = None,
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
        stores: asked by functions such as `vault`; without them what these give stays unknown.
    """
    resolved = await resolve(template, inputs, data, stores)
    for secret in resolved.secrets():
        hide(secret)
    planner = _Planner(resolved, folder, selection or Selection(), Foreign(resolved, inputs))
    builds = await in_thread(stores, planner.builds)
    planner.check_data()
    # What functions made of secrets while bodies were evaluated, and options that are secret by nature.
    secrets = resolved.secrets() | planner.secrets | planner.foreign.secrets
    for secret in secrets:
        hide(secret)
    packer = planner.foreign.plan(planner.selection, folder, planner.detail)
    for_packer = [with_context(template, problem) for problem in planner.for_packer]
    diagnostics = [with_context(template, problem) for problem in planner.diagnostics]
    if packer is not None:  # it refuses all that is not its own
        diagnostics += [replace(each, severity=Severity.ERROR) for each in for_packer]
    diagnostics = list(dict.fromkeys([*resolved.diagnostics, *diagnostics]))
    plan = None
    if not has_errors(diagnostics):
        given = given_of(resolved, inputs, planner.selection, name=name, folder=folder)
        plan = (
            Plan(name, text, tuple(builds), given)
            if packer is None
            else Plan(name, text, (), packer=packer)
        )
    told = [] if packer is not None else list(dict.fromkeys(for_packer))
    return Planning(plan, diagnostics, told, secrets, resolved)


class _Planner:
    def __init__(
        self, resolved: Resolved, folder: Path, selection: Selection, foreign: Foreign
    ) -> None:
        self.resolved = resolved
        self.foreign = foreign
        self.folder = folder
        self.selection = replace(selection, exact=resolved.template.legacy is not None)
        self.diagnostics: list[Diagnostic] = []
        self.for_packer: list[Diagnostic] = []
        self.secrets: set[str] = set()
        self.stand_ins = StandIns(resolved)
        self.names: dict[str, str] = {}
        """What provisioners are told of the build that they belong to."""

    def builds(self) -> list[PlannedBuild]:
        builds = self.resolved.builds
        chained = [each for build in builds for chain in build.post_processors for each in chain]
        self.diagnostics += self.selection.problems(
            [build.selector for build in builds], [body.name or body.type for body in chained]
        )
        for members in self.resolved.sourceless:
            self._members(members)
            self._chains(members)
            self._error_cleanup(members)
        planned = [self._build(build) for build in builds if self.selection.takes(build.selector)]
        return [build for build in planned if build is not None]

    def check_data(self) -> None:
        """Says what is wrong with the options of data sources, which may not have been asked."""
        for key, body in self.resolved.data_bodies.items():
            if (told := self.foreign.takes("data source", key.type, body)) is not None:
                self.diagnostics += [told, *body.diagnostics]
                continue
            found, options, problems = decoded("data source", key.type, body)
            if found is not None:
                self.secrets |= secrets_of(body, found.Options, options)
            self.diagnostics += problems

    def _build(self, build: ResolvedBuild) -> PlannedBuild | None:
        self.foreign.enter(build)
        self.names = {"build": build.source_name, "builder": build.source_type}
        builder, options = self._decoded("builder", build.body)
        guestless = options is not None and not builder.has_guest(options)
        why = ""
        if guestless:
            why = f"{build.source_type}.{build.local_name} has none: {builder.without_guest}"
        provisioners = self._members(build, why)
        error_cleanup = self._error_cleanup(build, why)
        without = ""
        if options is not None and not builder.has_snapshot(options):
            without = f"{build.source_type}.{build.local_name} has none: {builder.without_snapshot}"
        chains = self._chains(build, without)
        if options is None or provisioners is None or chains is None:
            return None
        return PlannedBuild(
            build.name, build.source_name, build.source_type, builder, options, provisioners,
            build.interpolation, chains, error_cleanup, self._written(build.body, builder),
        )  # fmt: skip

    def _written(self, body: ComponentBody, found: Any, **facts: str) -> Written:
        """A component as it is in the template; what is odd about the comments above it is told."""
        made, told = written(body, found.Options, self.stand_ins, **facts)
        self.diagnostics += told
        return made

    def _members(
        self, members: Members, guestless: str = ""
    ) -> tuple[PlannedProvisioner, ...] | None:
        """The provisioners, or None if one cannot be used.

        `guestless` says why no machine is reached, if none is.
        """
        provisioners = [self._provisioner(body, guestless) for body in members.provisioners]
        whole = tuple(each for each in provisioners if each is not None)
        return whole if len(whole) == len(provisioners) else None

    def _error_cleanup(self, members: Members, guestless: str = "") -> PlannedProvisioner | None:
        body = members.error_cleanup
        return None if body is None else self._provisioner(body, guestless)

    def _provisioner(self, body: ComponentBody, guestless: str) -> PlannedProvisioner | None:
        found, options = self._decoded("provisioner", body)
        if found is not None and found.needs_guest and guestless:
            detail = (
                f'"{body.type}" works in a guest, and {guestless}, or use shell-local, which runs '
                "on this machine."
            )
            self.diagnostics.append(
                error("Provisioner without a guest", detail, body.span, body.file)
            )
        if options is None:
            return None
        self.diagnostics += problems_of("Provisioner", found, options, body, self.folder)
        given = body.common
        common = Common(
            pause_before=given.pause_before or 0.0,
            timeout=given.timeout or 0.0,
            max_retries=given.max_retries,
            continue_on_error=given.continue_on_error,
        )
        return PlannedProvisioner(
            body.type, body.name, found, options, decode_late(body, found.Options), common,
            self._written(body, found, **self.names),
        )  # fmt: skip

    def _chains(
        self, members: Members, snapshotless: str = ""
    ) -> tuple[tuple[PlannedPostProcessor, ...], ...] | None:
        """The post-processors, or None if one cannot be used.

        `snapshotless` says why no snapshot can be read, if none can.
        """
        planner = ChainPlanner(self._decoded, self.folder, self.diagnostics, snapshotless)
        chains = [
            planner.chain(
                takewhile(lambda body: not self.selection.excludes(body.name or body.type), bodies)
            )
            for bodies in members.post_processors
        ]
        whole = tuple(chain for chain in chains if chain is not None)
        return tuple(filter(None, whole)) if len(whole) == len(chains) else None

    def detail(self, body: ComponentBody) -> str:
        """What tells a provisioner from its likes; empty for one that oxtui does not have."""
        found, options, _ = decoded("provisioner", body.type, body.evaluate())
        return "" if options is None else str(found.detail(options))

    def _decoded(self, kind: ComponentKind, body: ComponentBody) -> tuple[Any, Options | None]:
        given = body.evaluate()
        if (told := self.foreign.takes(kind, body.type, given)) is not None:
            self.diagnostics += [told, *given.diagnostics]
            return None, None
        found, options, problems = decoded(kind, body.type, given)
        if found is not None:
            self.secrets |= secrets_of(given, found.Options, options)
        if why := unknown_to_packer(kind, body.type):
            self.for_packer.append(warning("Unknown to Packer", why, given.span, given.file))
        self.diagnostics += problems
        return found, options
