"""Commands that read a template and make nothing: no session, no journal, and no folder of oxtui's own."""

from __future__ import annotations

import asyncio
import sys
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from oxtui.build.connector import ServiceConnector
from oxtui.build.known_secrets import known_secrets
from oxtui.build.planner import data_resolver
from oxtui.cli import template_flags
from oxtui.cli.errors import FAILED, CommandError
from oxtui.cli.planning import plan, tell
from oxtui.cli.setting_flags import settings_from
from oxtui.logs.redact import Redactor
from oxtui.logs.sanitise import plain_lines
from oxtui.template.hcl.diagnostic import Severity, has_errors
from oxtui.template.inspection import inspection
from oxtui.template.resolve import resolve_values
from oxtui.template.resolve.first_look import first_look
from oxtui.template.resolve.variable_values import UNSET_VARIABLE
from oxtui.template.stores import Stores, apart

if TYPE_CHECKING:
    from oxtui.build.plan import Plan

VALID = "The configuration is valid."


async def validate(arguments: Namespace, environ: Mapping[str, str]) -> int:
    """`oxtui validate`: tells every problem on standard output, as Packer does; returns the exit code."""
    settings_from(arguments)  # a wrong --set is told, although none matters here
    template = await asyncio.to_thread(template_flags.read, arguments.template)
    inputs = template_flags.inputs(arguments, environ, warn_undeclared=arguments.warn_undeclared)
    async with redacting(environ) as redactor:
        planning = None
        if arguments.syntax_only:
            look = first_look(template, inputs)
            for secret in look.secrets:
                redactor.add(secret)
            diagnostics, done = look.diagnostics, "Syntax-only check passed. Everything looks okay."
        else:
            connector = rack_of(environ, redactor) if arguments.evaluate_datasources else None
            planning = await plan(
                template, inputs, redactor, connector, name=str(arguments.template),
                selection=template_flags.selection(arguments),
            )  # fmt: skip
            diagnostics, done = [*planning.diagnostics, *planning.for_packer], VALID
        tell(diagnostics, redactor, sys.stdout)
        if has_errors(diagnostics):
            return FAILED
        if planning is not None and planning.plan is not None and planning.plan.packer is not None:
            return await _validate_by_packer(planning.plan, arguments.packer, environ, redactor)
    print(done)
    return 0


async def _validate_by_packer(
    plan: Plan, asked: bool, environ: Mapping[str, str], redactor: Redactor
) -> int:
    """What packer says of a template that it would run; returns the exit code."""
    if not asked:
        print("The configuration is valid as far as oxtui can tell; packer was not asked.")
        return 0
    from oxtui.build.packer.check import packer_validate
    from oxtui.build.packer.command import TemplateNotSaved
    from oxtui.build.packer.find import PackerError

    try:
        code, text = await packer_validate(plan, environ)
    except (PackerError, TemplateNotSaved, OSError) as problem:
        raise CommandError(f"packer validate: {problem}", FAILED) from problem
    told = plain_lines(redactor.text(text)).strip()
    if told and told != VALID:
        print(f"packer validate:\n{told}")
    if code:
        return FAILED
    print(VALID)
    return 0


async def inspect(arguments: Namespace, environ: Mapping[str, str]) -> int:
    """`oxtui inspect`: tells what can be read; returns the exit code.

    As in Packer only what is wrong with the text or with given values is an error. Why a value is not
    known is a warning, and that a variable has none is neither.
    """
    settings_from(arguments)
    template = await asyncio.to_thread(template_flags.read, arguments.template)
    inputs = template_flags.inputs(arguments, environ)
    async with redacting(environ) as redactor:
        look = first_look(template, inputs)
        for secret in look.secrets:
            redactor.add(secret)
        if has_errors(look.diagnostics):
            tell(look.diagnostics, redactor, sys.stderr)
            return FAILED
        asks = template.data and template.locals
        data = data_resolver(rack_of(environ, redactor)) if asks else None
        stores = Stores(environ, redactor.add)
        resolved = await resolve_values(template, inputs, data, stores)
        text = plain_lines(await apart(stores, partial(inspection, resolved, redactor)))
        told = [
            each for each in resolved.diagnostics if not each.summary.startswith(UNSET_VARIABLE)
        ]
        warnings = [replace(each, severity=Severity.WARNING) for each in told]
        tell(warnings, redactor, sys.stderr)
    print(text)
    return 0


@asynccontextmanager
async def redacting(environ: Mapping[str, str]) -> AsyncIterator[Redactor]:
    """What hides secrets: those of the environment, and all that are added; in crash reports, too."""
    redactor = Redactor(known_secrets(environ, None))
    async with redactor.of_errors():
        yield redactor


def rack_of(environ: Mapping[str, str], redactor: Redactor) -> ServiceConnector:
    """Opens clients of the services that a template, the environment or the profile in use names."""
    return ServiceConnector(environ, None, redactor.add, time.time)
