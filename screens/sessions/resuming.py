"""Going on with a session whose process ended: what will happen, secrets, and which text of the template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from textual.widgets import Input

from oxtui.build.resume.choices import Beginning, Choices
from oxtui.logs.sanitise import plain
from screens.builds import Job, NotStarted, Running, plan_or_complain
from screens.connection import Demo, Link
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.form import Field, FormDialog
from screens.sessions.lost_machines import LostMachine, lost_machines
from screens.sessions.resume_question import beginning, is_chosen, question
from screens.waiting import patiently

if TYPE_CHECKING:
    from oxtui.build.environment import Environment
    from oxtui.build.live import LiveSession
    from oxtui.build.resume.continued import Continued
    from oxtui.build.resume.planning import Which
    from screens.app import OxtuiApp


_CHOICES = {each: Choices(each) for each in get_args(Beginning)}


class SecretValuesDialog(FormDialog):
    """Values of sensitive variables, shown as dots while they are typed."""

    def __init__(self, number: int, names: Sequence[str]) -> None:
        fields = [
            Field(
                name=f"value-{at}", label=plain(name), secret=True,
                help="Kept in memory for this session and written nowhere.",
            )
            for at, name in enumerate(names)
        ]  # fmt: skip
        text = (
            f"Session {number} was given these values; they are sensitive, so they were not kept."
        )
        super().__init__("Secrets", fields, text=text)

    def _values(self) -> dict[str, str]:
        """As they were typed: a secret may begin or end with a blank."""
        return {name: self.query_one(f"#{name}", Input).value for name in self._fields}


async def resume(app: OxtuiApp, number: int) -> Running | None:
    """Ask what has to be known, and go on with the session; None where the operator does not want to.

    Raises:
        NotStarted: it cannot go on.
    """
    continued = await _read(app, number)
    link = app.connector.link
    _check_rack(continued, link)
    lost = await _lost(app, continued, link)
    if await app.push_screen_wait(question(continued, lost)) is None:
        return None
    choices: Choices | None = Choices()
    if is_chosen(lost):
        asked = beginning(lost, app.services.clock())
        choices = _CHOICES.get(await app.push_screen_wait(asked) or "")
    if choices is None:
        return None
    values: list[str] = []
    if names := continued.given.missing(app.services.environment, ()):
        given = await app.push_screen_wait(SecretValuesDialog(number, names))
        if given is None:
            return None
        values = [f"{name}={given[f'value-{at}']}" for at, name in enumerate(names)]
    changed: list[str] = []
    which: Which = ""
    while True:
        try:
            return await _begin(app, continued, link, values, which, changed, choices)
        except NotStarted:
            if not changed:
                raise
        answer = await app.push_screen_wait(_which(changed.pop()))
        if answer not in ("file", "session"):
            return None
        which = "file" if answer == "file" else "session"


async def _read(app: OxtuiApp, number: int) -> Continued:
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalError, JournalReader
    from oxtui.build.recorded import NoSuchSession
    from oxtui.build.resume.continued import CannotResume, Continued
    from oxtui.build.session import SessionFolders

    folder = app.services.settings.paths.sessions
    try:
        async with JournalReader.open(journal_path(folder)) as reader:
            return await Continued.read(reader, SessionFolders(folder), number)
    except (CannotResume, NoSuchSession, JournalError) as error:
        raise NotStarted(str(error)) from error


def _check_rack(continued: Continued, link: Link | None) -> None:
    from oxtui.build.resume.whereabouts import elsewhere

    record = continued.record
    is_demo = link is not None and isinstance(link.target, Demo)
    if record.simulated and not is_demo:
        raise NotStarted(
            f"Session {record.number} runs on the demo rack, and another one is connected. "
            "Choose the demo rack first."
        )
    if record.host and not record.simulated and (link is None or is_demo):
        raise NotStarted(
            f"Session {record.number} runs on {record.host}. Connect to that rack first."
        )
    if link is not None and not is_demo:
        builds = continued.state.builds.values()
        if why := elsewhere(record, builds, link.connection.host, link.owner):
            raise NotStarted(f"{why} Choose that one first (ctrl+o).")


async def _lost(app: OxtuiApp, continued: Continued, link: Link | None) -> list[LostMachine]:
    from oxtui.build.journal import JournalError

    told = f"Looking what is left of session {continued.number}…"
    try:
        with patiently(app.screen, lambda: app.notify(told)):
            return await lost_machines(app.services, link, continued)
    except JournalError as error:
        raise NotStarted(str(error)) from error


async def _begin(
    app: OxtuiApp,
    continued: Continued,
    link: Link | None,
    values: Sequence[str],
    which: Which,
    changed: list[str],
    choices: Choices,
) -> Running:
    """Starts it; where nobody said which text to go on with, `changed` tells what has changed."""

    async def make(environment: Environment) -> LiveSession:
        from oxtui.build.control import Policy
        from oxtui.build.live import new_session
        from oxtui.build.resume.continued import Continued
        from oxtui.build.resume.planning import TemplateChanged, inputs_of, plan_again

        found = await Continued.read(environment.journal, environment.folders, continued.number)
        inputs = inputs_of(found, environment, values, [])
        try:
            planning = await plan_again(found, environment, inputs, which=which)
        except TemplateChanged as error:
            changed.append(environment.redactor.text(error.change))
            raise
        plan = plan_or_complain(planning, environment)
        given = found.given
        return new_session(
            environment, plan, Policy("ask", attended=True, secrets=True), force=given.force,
            promote=given.promote, parallel=given.parallel, continues=found,
            choices=choices,
        )  # fmt: skip

    given = continued.given
    job = Job(given.template, continued.folder.template.read_text(), folder=Path(given.folder))
    return await app.builds.begin(job, link, make)


def _which(change: str) -> ChoiceDialog:
    return ChoiceDialog(
        "The template has changed",
        [
            Choice("file", "the file as it is now"),
            Choice("session", "the text that the session began with"),
        ],
        text=f"{plain(change)}\nGo on with:",
    )
