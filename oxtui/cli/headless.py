"""`oxtui build`: plans a session, and has it run and followed without a screen."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Literal

from oxtui.build.changes.wanted import changes_wanted
from oxtui.build.control import Policy
from oxtui.build.environment import Environment, open_environment
from oxtui.build.live import new_session
from oxtui.build.plan import Plan
from oxtui.build.promotion import promotion
from oxtui.build.report.form import Form, FormName
from oxtui.build.selection import Selection
from oxtui.build.stops import UnknownStep
from oxtui.cli import template_flags
from oxtui.cli.diagnosed import announce, tell
from oxtui.cli.errors import FAILED, USAGE, CommandError
from oxtui.cli.following import Write, exit_code, follow
from oxtui.cli.planning import plan as planned
from oxtui.cli.setting_flags import settings_from
from oxtui.cli.standard_input import is_terminal
from oxtui.cli.stop_flags import stopping
from oxtui.demo import DemoError, demo_rack
from oxtui.examples import example
from oxtui.settings import Settings
from oxtui.template.model import Template
from oxtui.template.variables import VariableInputs

Isolation = Literal["auto", "overlay", "chroot", "none"]


@asynccontextmanager
async def environment(
    settings: Settings, environ: Mapping[str, str], *, demo: Isolation | None, template: str
) -> AsyncIterator[Environment]:
    """What the session runs in; with `demo` on the built-in simulated rack, isolated that way.

    template: what is to be built, which a demo rack that isolates nothing may refuse.

    Raises:
        CommandError: the demo rack does not start, or is not to run that template.
    """
    if demo is None:
        async with open_environment(settings, environ) as opened:
            yield opened
        return
    # The demo rack is meant by name: whatever rack the environment names is not to be touched.
    apart = {name: value for name, value in environ.items() if not name.startswith("OXIDE_")}
    try:
        async with demo_rack(settings.paths, isolation=demo) as rack:
            print(rack.banner, file=sys.stderr)
            refusal = rack.refusal(template, example("demo.pkr.hcl"), asks=False)
            if refusal and demo != "none":
                raise CommandError(refusal, FAILED)
            async with open_environment(
                settings, apart, connected=rack.connection, ssh_port=rack.ssh_port, simulated=True
            ) as opened:
                yield opened
    except DemoError as error:
        raise CommandError(str(error), FAILED) from error


async def build_template(arguments: Namespace, environ: Mapping[str, str], write: Write) -> int:
    """`oxtui build`: returns the exit code."""
    settings = settings_from(arguments)
    form = form_of(arguments, environ, settings)
    template = await asyncio.to_thread(template_flags.read, arguments.template)
    inputs = template_flags.inputs(arguments, environ, warn_undeclared=arguments.warn_undeclared)
    selection = template_flags.selection(arguments)
    if arguments.isolation != "auto" and not arguments.demo:
        raise CommandError("--isolation is of the demo rack: say --demo as well", USAGE)
    demo = arguments.isolation if arguments.demo else None
    async with environment(settings, environ, demo=demo, template=template.text) as opened:
        opened = keeping(opened, arguments)
        plan = await plan_or_complain(
            template, inputs, opened, form, name=str(arguments.template), selection=selection
        )
        if plan is None:
            return FAILED
        # A program that reads records types no answers.
        asks = form.name == "plain" and is_terminal()
        stops = stopping(arguments, attended=asks)
        if stops.asked and plan.packer is not None:
            raise CommandError(
                "Packer runs these builds, and stops only at breakpoints of the template and after "
                "failures (--on-error=ask): leave --break… out.", USAGE,
            )  # fmt: skip
        policy = Policy(
            on_error=arguments.on_error or "cleanup", attended=asks, debug=arguments.debug, secrets=is_terminal(),
            stopping=stops,
        )  # fmt: skip
        promote = promotion(settings, arguments.promote)
        session = new_session(
            opened, plan, policy, force=arguments.force, promote=promote,
            parallel=1 if arguments.debug else arguments.parallel_builds,
            changes=changes_wanted(settings, attended=False, flag=arguments.changes),
        )  # fmt: skip
        if arguments.debug:
            announce(form, "Debug mode enabled. Builds will not be parallelized.", write)
        try:
            return exit_code(await follow(session, write, form, seconds=arguments.build_timeout))
        except UnknownStep as error:
            raise CommandError(str(error), USAGE) from None


def keeping(opened: Environment, arguments: Namespace) -> Environment:
    """The environment with what was said of checkpoints."""
    chosen = opened.checkpoints
    if not arguments.cache:
        chosen = replace(chosen, cache=False)
    if arguments.checkpoints:
        chosen = replace(chosen, policy=arguments.checkpoints)
    return replace(opened, checkpoints=chosen)


def form_of(arguments: Namespace, environ: Mapping[str, str], settings: Settings) -> Form:
    """In which form a session is written, by the flags of `oxtui.cli.build.add_running`."""
    color = arguments.color
    # Packer tells which build has which colour unless it is told to use none (packer.md c03).
    header = color is not False
    if color is None:
        refused = environ.get("NO_COLOR") or settings.general.color == "never"
        color = sys.stdout.isatty() and not refused
    color = color and not environ.get("PACKER_NO_COLOR")
    name: FormName = "plain"
    if arguments.machine_readable:
        name = "machine-readable"
    elif arguments.json:
        name = "json"
    return Form(name, color, arguments.timestamp_ui, header)


async def plan_or_complain(
    template: Template,
    inputs: VariableInputs,
    opened: Environment,
    form: Form,
    *,
    name: str,
    selection: Selection | None = None,
) -> Plan | None:
    """The plan; where the template has errors they are all written down, and there is none."""
    connector = opened.connector()
    planning = await planned(
        template, inputs, opened.redactor, connector, name=name, selection=selection
    )
    for diagnostic in planning.diagnostics:
        tell(diagnostic, opened.redactor, form, print)
    return planning.plan
