"""A session without a screen: plan, run, follow as text or JSON, heed Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Literal

from oxtui.build.connector import RackConnector
from oxtui.build.control import Policy
from oxtui.build.engine import Environment, Session
from oxtui.build.environment import open_environment
from oxtui.build.plan import Plan
from oxtui.build.promotion import promotion
from oxtui.build.report.json_lines import JsonLines
from oxtui.build.report.plain import PlainLog
from oxtui.build.selection import Selection
from oxtui.cli import template_flags
from oxtui.cli.ask import Asker
from oxtui.cli.errors import CANCELLED, FAILED, USAGE, CommandError
from oxtui.cli.interrupts import interrupts
from oxtui.cli.planning import plan as planned
from oxtui.cli.planning import tell
from oxtui.cli.setting_flags import settings_from
from oxtui.component.commands import Abort
from oxtui.component.events import SessionFinished
from oxtui.demo import DemoError, demo_rack
from oxtui.examples import example
from oxtui.settings import Settings
from oxtui.template.model import Template
from oxtui.template.variables import VariableInputs

Write = Callable[[str], object]
Isolation = Literal["auto", "overlay", "chroot", "none"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a session is written down."""

    json: bool = False
    color: bool = False


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
    color = arguments.color
    if color is None:
        wanted = not environ.get("NO_COLOR") and settings.general.color != "never"
        color = sys.stdout.isatty() and wanted
    style = Style(arguments.json, color)
    template = await asyncio.to_thread(template_flags.read, arguments.template)
    inputs = template_flags.inputs(arguments, environ)
    selection = template_flags.selection(arguments)
    if arguments.isolation != "auto" and not arguments.demo:
        raise CommandError("--isolation is of the demo rack: say --demo as well", USAGE)
    demo = arguments.isolation if arguments.demo else None
    async with environment(settings, environ, demo=demo, template=template.text) as opened:
        plan = await plan_or_complain(
            template, inputs, opened, name=str(arguments.template), selection=selection
        )
        if plan is None:
            return FAILED
        asks = arguments.on_error == "ask" and sys.stdin.isatty()
        policy = Policy(on_error=arguments.on_error, attended=asks)
        promote = promotion(settings, arguments.promote)
        session = Session(
            opened, plan, policy, force=arguments.force, promote=promote,
            parallel=arguments.parallel_builds,
        )  # fmt: skip
        return exit_code(await follow(session, write, style, asks=asks))


async def plan_or_complain(
    template: Template,
    inputs: VariableInputs,
    opened: Environment,
    *,
    name: str,
    selection: Selection | None = None,
) -> Plan | None:
    """The plan; where the template has errors they are all written to stderr, and there is none."""
    connector = RackConnector(
        "", opened.environ, opened.config_dir, opened.connected, lambda event: None,
        opened.redactor.add, opened.now,
    )  # fmt: skip
    planning = await planned(
        template, inputs, opened.redactor, connector, name=name, selection=selection
    )
    tell(planning.diagnostics, opened.redactor, sys.stderr)
    return planning.plan


async def follow(session: Session, write: Write, style: Style, *, asks: bool) -> SessionFinished:
    """Runs a session while its events are written; Ctrl-C once cleans up, twice leaves at once."""

    def line(text: str) -> None:
        write(text + "\n")

    reader = (
        JsonLines(session.spool, line)
        if style.json
        else PlainLog(session.spool, line, color=style.color)
    )
    unsubscribe = session.subscribe(reader)
    asker = Asker(session, line) if asks else None
    try:
        with _signals(session):
            return await session.run()
    finally:
        unsubscribe()
        reader.close()
        if asker is not None:
            asker.close()


def exit_code(finished: SessionFinished) -> int:
    """0 if every build succeeded, 130 if the operator cancelled, else 1."""
    return {"succeeded": 0, "cancelled": CANCELLED}.get(finished.status, FAILED)


@contextmanager
def _signals(session: Session) -> Iterator[None]:
    asked: list[asyncio.Task[None]] = []

    def abort() -> None:
        asked.append(asyncio.ensure_future(session.command(Abort())))

    with interrupts(abort, lambda: session.number):
        yield
