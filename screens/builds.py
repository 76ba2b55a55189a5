"""The builds that were started from the screens: they run on whichever screen is in front."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from screens.connection import Demo, Link
from screens.stops_shelf import StopsShelf

if TYPE_CHECKING:
    from oxtui.build.control import OnError
    from oxtui.build.environment import Environment
    from oxtui.build.live import LiveSession
    from oxtui.build.plan import Plan
    from oxtui.build.planner import Planning
    from oxtui.build.state import BuildState
    from oxtui.template.hcl.diagnostic import Diagnostic
    from screens.services import Services
    from screens.template_stops import TemplateStops


class NotStarted(Exception):
    """A build cannot start; the text says why. `diagnostics` are the template's errors, if it has any."""

    def __init__(self, text: str, diagnostics: list[Diagnostic] | None = None) -> None:
        super().__init__(text)
        self.diagnostics = diagnostics or []


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be built: a template's text, where it came from, and values of its variables."""

    name: str
    """Path of its file, or of the folder that it is."""
    text: str
    """Of a folder: of all its files, one after the other."""
    folder: Path = field(default_factory=Path.cwd)
    values: tuple[str, ...] = ()
    """`NAME=VALUE`, as of `-var`."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Of a folder: the texts of its files by their names; empty for a single file."""
    value_files: tuple[Path, ...] = ()
    """Variable files, as of `-var-file`."""
    needs_rack: bool = True
    """Whether it can be built only where a rack is connected."""

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts by the names of their files, of a single file as well."""
        return self.files or {self.name: self.text}


Make = Callable[["Environment"], Awaitable["LiveSession"]]
"""Gives a session that is ready to run."""


@dataclass(slots=True)
class Running:
    """A session that was started here, and the task that runs it."""

    job: Job
    session: LiveSession
    task: asyncio.Task[None]
    is_new: bool = False
    """It was begun here, with all that its job has; not continued from what another began."""

    @property
    def is_over(self) -> bool:
        """Whether all of its builds have ended."""
        return self.task.done()

    @property
    def builds(self) -> list[BuildState]:
        """Its builds as they stand."""
        return list(self.session.state.builds.values())


class Builds:
    """Starts sessions and knows them; `changed` is called whenever one starts or tells something."""

    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self.all: list[Running] = []
        self.stops = StopsShelf(services.settings.paths.state, lambda text: self.complain(text))
        """What builds of a template stop for."""
        self.complain: Callable[[str], object] = lambda _text: None
        """Told what goes wrong beside a build."""

    @property
    def live(self) -> list[Running]:
        """Those that are not over."""
        return [running for running in self.all if not running.is_over]

    def numbered(self, number: str) -> Running | None:
        """The session of that number."""
        return next((one for one in self.all if str(one.session.number) == number), None)

    async def start(self, job: Job, link: Link | None) -> Running:
        """Plan and start a session, on a rack if one is connected; it goes on when this returns.

        Raises:
            NotStarted: the template has errors, the journal cannot be opened, or the demo rack
                isolates nothing and is to build what oxtui did not come with.
        """
        if link is not None and link.demo is not None:
            from oxtui.examples import example

            bundled = example("demo.pkr.hcl")
            if refusal := link.demo.refusal(job.text, bundled, asks=True):
                raise NotStarted(refusal)

        async def make(environment: Environment) -> LiveSession:
            from oxtui.build.changes.wanted import changes_wanted
            from oxtui.build.control import Policy
            from oxtui.build.live import new_session
            from oxtui.build.promotion import promotion

            plan = await _plan(job, environment)
            stops = await self._followed(job)
            set_ = stops.session(plan)
            on_error: OnError = "ask" if stops.error else "cleanup"
            policy = Policy(on_error, attended=True, secrets=True, stopping=set_.stopping())
            session = new_session(
                environment, plan, policy,
                promote=promotion(self._services.settings),
                changes=changes_wanted(self._services.settings, attended=True),
            )  # fmt: skip
            session.subscribe(lambda event: set_.heard(event, session.state))
            return session

        running = await self.begin(job, link, make)
        running.is_new = True
        return running

    async def begin(self, job: Job, link: Link | None, make: Make) -> Running:
        """Start the session that `make` gives in its environment; it goes on when this returns.

        Raises:
            NotStarted: it cannot be made, or the journal cannot be opened.
        """
        loop = asyncio.get_running_loop()
        begun: asyncio.Future[LiveSession] = loop.create_future()
        task = asyncio.create_task(self._run(link, begun, make), name=f"session {job.name}")
        try:
            session = await begun
        except BaseException:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        running = Running(job, session, task)
        # One that was continued here takes the place of what it was.
        self.all = [one for one in self.all if one.session.number != session.number]
        self.all.append(running)
        session.subscribe(lambda event: self._changed())
        task.add_done_callback(lambda task: self._changed())
        self._changed()
        return running

    async def _followed(self, job: Job) -> TemplateStops:
        """The stops of the job's template, at its steps as it has them now."""
        from screens.compose.steps import steps_of_texts
        from screens.template_stops import lost_words

        stops = self.stops.of(job.name)
        steps = await asyncio.to_thread(steps_of_texts, job.texts)
        if steps is not None and (lost := stops.follow(steps)):
            self.complain(lost_words(lost))
        return stops

    async def close(self) -> None:
        """Abort what runs and wait for its cleanup, and until stops are kept."""
        from oxtui.component.commands import Abort

        live = self.live
        for running in live:
            await running.session.command(Abort())
        await asyncio.gather(*(running.task for running in live), return_exceptions=True)
        await self.stops.close()

    async def _run(self, link: Link | None, begun: asyncio.Future[LiveSession], make: Make) -> None:
        from oxtui.build.environment import open_environment
        from oxtui.build.journal import JournalError
        from oxtui.build.recorded import NoSuchSession
        from oxtui.build.remote.server import served
        from oxtui.build.resume.continued import CannotResume
        from oxtui.build.session import SessionBusy
        from oxtui.component.debugger_events import SessionContinued
        from oxtui.component.events import SessionStarted

        services = self._services
        simulated = link is not None and isinstance(link.target, Demo)
        apart = {
            name: value
            for name, value in services.environment.items()
            if not (simulated and name.startswith("OXIDE_"))
        }
        started = (SessionStarted, SessionContinued)
        try:
            async with open_environment(
                services.settings, apart, connected=link.connection if link else None,
                ssh_port=link.ssh_port if link else None, simulated=simulated,
            ) as environment:  # fmt: skip
                session = await make(environment)
                # It counts as begun once it has its number and its folder.
                session.subscribe(
                    lambda event: begun.set_result(session) if isinstance(event, started) else None
                )
                async with served(session, self.complain):
                    await session.run()
        except (
            NotStarted, CannotResume, NoSuchSession, SessionBusy, JournalError, OSError,
        ) as error:  # fmt: skip
            if begun.done():
                raise
            begun.set_exception(error if isinstance(error, NotStarted) else NotStarted(str(error)))


async def _plan(job: Job, environment: Environment) -> Plan:
    from oxtui.build.planner import data_resolver, make_plan
    from oxtui.template.load import parse_texts
    from oxtui.template.stores import Stores
    from oxtui.template.variables import VariableInputs

    folder = Path(job.name) if job.files else None
    template = await asyncio.to_thread(parse_texts, job.texts, folder)
    planning = await make_plan(
        template, VariableInputs(environment.environ, job.value_files, job.values), name=job.name,
        text=job.text, folder=job.folder, data=data_resolver(environment.connector()),
        hide=environment.redactor.add, stores=Stores(environment.environ, environment.redactor.add),
    )  # fmt: skip
    return plan_or_complain(planning, environment)


def plan_or_complain(planning: Planning, environment: Environment) -> Plan:
    """The plan. Raises NotStarted where the template has errors."""
    if planning.plan is None:
        errors = [problem for problem in planning.diagnostics if problem.is_error]
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise NotStarted(environment.redactor.text(f"{errors[0]}{more}"), planning.diagnostics)
    return planning.plan
