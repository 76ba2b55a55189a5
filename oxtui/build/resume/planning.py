"""The plan of a session that goes on, made again of its template, or of the text that it began with."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from oxtui.build.environment import Environment
from oxtui.build.plan import Plan
from oxtui.build.planner import Planning, data_resolver, make_plan
from oxtui.build.resume.continued import CannotResume, Continued
from oxtui.build.resume.resumption import Resumption
from oxtui.build.selection import Selection
from oxtui.build.session import write_private
from oxtui.logs.redact import MARK
from oxtui.template.load import load_template, parse_template, parse_texts
from oxtui.template.model import Template
from oxtui.template.stores import Stores
from oxtui.template.variables import VariableInputs

Which = Literal["", "file", "session"]
"""Of a template that was changed since: nothing chosen, the file as it is now, or the session's own text."""


class TemplateChanged(CannotResume):
    """The template is not what the session began with, and nobody said which text to go on with."""

    def __init__(self, change: str, advice: str) -> None:
        super().__init__(f"{change} {advice}")
        self.change = change
        """What has changed, as a sentence."""


def inputs_of(
    continued: Continued, environment: Environment, values: Sequence[str], files: Sequence[Path]
) -> VariableInputs:
    """What gives the variables their values: what gave them at first, and then what is given now.

    Raises:
        OSError: the values cannot be written into the session's folder, from where they are read.
    """
    given = continued.given
    kept = continued.folder.path / given.variables_name
    write_private(kept, given.variables_text)
    first = [path for file in given.files if (path := Path(given.folder) / file).exists()]
    return VariableInputs(environment.environ, [*first, kept, *files], values)


async def plan_again(
    continued: Continued,
    environment: Environment,
    inputs: VariableInputs,
    *,
    which: Which = "",
) -> Planning:
    """The plan, or what is wrong with the template now.

    Raises:
        CannotResume: the template is another one now, in a way that matters; or relative paths would
            lead elsewhere.
        TemplateChanged: the template has changed, and `which` does not say what to go on with.
        OSError: the session's own text cannot be read.
    """
    given, redactor = continued.given, environment.redactor
    if Path.cwd() != Path(given.folder):
        raise CannotResume(
            f"Relative paths of session {continued.number} count from {given.folder}; "
            "start oxtui in that folder."
        )
    template, own = await asyncio.to_thread(_template, continued, which)
    if which == "" and template.text != own and MARK not in own:
        raise _changed(continued, own, template.text)
    planning = await make_plan(
        template, inputs, name=given.template, text=template.text, folder=Path(given.folder),
        data=data_resolver(environment.connector()), selection=Selection(given.only, given.excluded),
        hide=redactor.add, stores=Stores(environment.environ, redactor.add),
    )  # fmt: skip
    now = redactor.text(template.text)  # its secrets are known by now
    if which == "" and now != own:
        raise _changed(continued, own, now)
    if planning.plan is not None:
        _check(continued, planning.plan, environment)
    return planning


def _template(continued: Continued, which: Which) -> tuple[Template, str]:
    """What is planned, and the text that the session began with, secrets masked."""
    given = continued.given
    path = Path(given.template)
    own = continued.folder.template.read_text(encoding="utf-8")
    if which != "session" and given.template != "-" and path.exists():
        template = load_template(path)
    elif MARK in own:
        gone = "" if which == "session" else f"{given.template} is gone, and "
        raise CannotResume(
            f"{gone}the text that session {continued.number} began with holds secrets, which are written "
            f"down nowhere; see {continued.folder.template}. Put a whole template at {given.template}."
        )
    elif path.is_dir():
        template = parse_texts({str(path / "template.pkr.hcl"): own}, path)
    else:
        template = parse_template(own, "<stdin>" if given.template == "-" else str(path))
    if path.is_dir():
        template.root = given.template
    return template, own


def _changed(continued: Continued, own: str, now: str) -> TemplateChanged:
    lines = zip_longest(own.splitlines(), now.splitlines(), fillvalue="")
    at, before, after = next(
        ((at, old, new) for at, (old, new) in enumerate(lines, 1) if old != new), (0, "", "")
    )
    return TemplateChanged(
        f"{continued.given.template} has changed since session {continued.number} began, first in line "
        f'{at}: "{before.strip()}" is "{after.strip()}" now.',
        "Say which to go on with: the file as it is now (--template=file), or the text that the session "
        f"began with (--template=session, {continued.folder.template}).",
    )


def _check(continued: Continued, plan: Plan, environment: Environment) -> None:
    """What was done must be what the template does.

    Raises:
        CannotResume: it is not.
    """
    planned = {build.name: build for build in plan.builds}
    for name, build in continued.state.builds.items():
        if name not in planned:
            raise CannotResume(
                f'Session {continued.number} has a build "{name}", which the template has not any more. '
                "Give it back, or use --template=session."
            )
        titles = {
            f"provision-{number}": f"{number} {each.title}"
            for number, each in enumerate(planned[name].provisioners, 1)
        }
        for step, reused in Resumption(build).done().items():
            was = build.steps[step].plan
            if was.kind == "provision" and step not in (set(titles) | _added(continued, name)):
                now = "nothing"
            elif was.kind == "provision" and titles.get(step, was.title) != was.title:
                now = f'"{titles[step]}"'
            else:
                continue
            raise CannotResume(
                f'Step "{was.title}" of build "{name}" is done ({reused.reason.rstrip(".").lower()}), and '
                f"the template has {now} in its place now. Put new steps behind those that are done, or "
                "use --template=session."
            )


def _added(continued: Continued, build: str) -> set[str]:
    return {each.plan.id for each in continued.state.builds[build].added}
