"""The demo without a screen: builds the bundled example and proves what is in its image."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from oxtui.build.control import Policy
from oxtui.build.engine import Session
from oxtui.build.environment import Environment
from oxtui.build.promotion import promotion
from oxtui.build.report.form import Form
from oxtui.cli.errors import FAILED
from oxtui.cli.following import Write, exit_code, follow
from oxtui.cli.headless import environment, plan_or_complain
from oxtui.cli.setting_flags import settings_from
from oxtui.component.events import SessionFinished
from oxtui.examples import example
from oxtui.logs.reader import SpoolReader
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs

PAGE = "/srv/www/index.txt"


async def build_and_prove(arguments: Namespace, environ: Mapping[str, str], write: Write) -> int:
    """Returns 0 if the file that the build wrote came back from an instance of the new image."""
    settings = settings_from(arguments)
    form = Form("json" if arguments.json else "plain")

    def tell(text: str) -> None:
        if not arguments.json:
            write(text + "\n")

    promote = promotion(settings)
    async with environment(
        settings, environ, demo=arguments.isolation, template=example("demo.pkr.hcl")
    ) as opened:
        built, session = await _run(opened, "demo.pkr.hcl", [], environ, write, form, promote)
        if session is None or built.status != "succeeded":
            return FAILED if session is None else exit_code(built)
        made = next(build.artifact for build in session.state.builds.values())
        if made is None:
            return FAILED
        tell(f"\nProving the image {made.name}: an instance of it is to have {PAGE}.")
        values = [f"image={made.id}", f"path={PAGE}"]
        proved, proof = await _run(opened, "proof.pkr.hcl", values, environ, write, form)
        if proof is None or proved.status != "succeeded":
            return FAILED if proof is None else exit_code(proved)
        wanted = await _greeting(opened, environ)
        if wanted not in _output(proof):
            tell(f"NOT PROVEN: {PAGE} in the image does not say {wanted!r}.")
            return FAILED
        tell(f"Proven: {PAGE} in the image says {wanted!r}.")
        return 0


async def _run(
    opened: Environment,
    name: str,
    values: list[str],
    environ: Mapping[str, str],
    write: Write,
    form: Form,
    promote: str = "",
) -> tuple[SessionFinished, Session | None]:
    plan = await plan_or_complain(
        parse_template(example(name), name),
        VariableInputs(environ, (), values),
        opened,
        form,
        name=name,
    )
    if plan is None:
        return SessionFinished(time=opened.now(), status="failed", seconds=0.0), None
    session = Session(opened, plan, Policy(), promote=promote)
    return await follow(session, write, form), session


async def _greeting(opened: Environment, environ: Mapping[str, str]) -> str:
    """What the page is to say: the example's variable, which the environment may set."""
    from oxtui.template.resolve import resolve

    name = "demo.pkr.hcl"
    resolved = await resolve(parse_template(example(name), name), VariableInputs(environ))
    return resolved.variables["greeting"].value.text


def _output(session: Session) -> list[str]:
    lines = []
    for build in session.state.builds:
        path = session.spool(build, "provision-1")
        if path is not None:
            with SpoolReader(path) as reader:
                reader.refresh()
                lines += [line.text for line in reader.read(0, reader.lines)]
    return lines
