"""Sessions for tests: a template's text on a real simulated rack, and an operator who answers."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.build.control import Policy
from oxtui.build.engine import Session
from oxtui.build.environment import Environment, open_environment
from oxtui.build.planner import Planning, data_resolver, make_plan
from oxtui.build.resume.choices import Choices
from oxtui.build.resume.continued import Continued
from oxtui.build.resume.planning import Which, inputs_of, plan_again
from oxtui.build.state import BuildState
from oxtui.component.commands import Command
from oxtui.component.events import Event, Paused, SessionFinished, StepFinished
from oxtui.component.resources import ResourceRecord
from oxtui.logs.reader import SpoolReader
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from oxtui.settings import load
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs
from tests.rack_process import RackProcess, rack

Answer = Callable[[Paused], Command]


def template(*provisioners: str, source: str = "", build: str = "") -> str:
    """A template with one source on the demo seed and these provisioners."""
    inner = "\n".join(provisioners)
    return f"""
source "oxide-instance" "t" {{
  project            = "web"
  boot_disk_image_id = "ubuntu-24-04"
  ssh_username       = "ubuntu"
  artifact_name      = "made"
  {source}
}}
build {{
  sources = ["source.oxide-instance.t"]
  {inner}
  {build}
}}
"""


def shell(*lines: str, more: str = "") -> str:
    """A shell provisioner."""
    quoted = ", ".join('"' + line.replace('"', '\\"') + '"' for line in lines)
    return f'provisioner "shell" {{\n inline = [{quoted}]\n {more}\n}}'


@dataclass
class Sessions:
    """Sessions, and what they tell; all without a rack."""

    environment: Environment
    sessions: list[Session] = field(default_factory=list, kw_only=True)
    events: list[Event] = field(default_factory=list, kw_only=True)

    async def plan(self, text: str, values: Mapping[str, str] | None = None) -> Planning:
        """The plan of a template's text."""
        environment = self.environment
        assignments = [f"{name}={value}" for name, value in (values or {}).items()]
        return await make_plan(
            parse_template(text, "t.pkr.hcl"), VariableInputs({}, (), assignments),
            name="t.pkr.hcl", text=text, folder=Path.cwd(), data=data_resolver(environment.connector()),
            hide=environment.redactor.add,
        )  # fmt: skip

    async def session(
        self, text: str, policy: Policy, *, force: bool = False, promote: str = "", **values: str
    ) -> Session:
        """A session that is ready to run."""
        planning = await self.plan(text, values)
        assert planning.plan is not None, [str(d) for d in planning.diagnostics]
        session = Session(self.environment, planning.plan, policy, force=force, promote=promote)
        session.subscribe(self.events.append)
        self.sessions.append(session)
        return session

    async def run(
        self, text: str, *answers: Answer, force: bool = False, promote: str = "", **values: str
    ) -> SessionFinished:
        """Runs a template; with answers, an operator gives one at each stop, in order."""
        policy = Policy("ask", attended=True) if answers else Policy()
        session = await self.session(text, policy, force=force, promote=promote, **values)
        return await self._run(session, answers)

    async def resume(
        self, *answers: Answer, number: int = 1, policy: Policy | None = None, which: Which = "",
        heard: Callable[[Event], None] = lambda event: None,
        choices: Choices | None = None,
        **values: str,
    ) -> SessionFinished:  # fmt: skip
        """Goes on with a session whose process has ended, or would have."""
        policy = policy or (Policy("ask", attended=True) if answers else Policy())
        there = self.environment
        continued = await Continued.read(there.journal, there.folders, number)
        assignments = [f"{name}={value}" for name, value in values.items()]
        inputs = inputs_of(continued, there, assignments, [])
        planning = await plan_again(continued, there, inputs, which=which)
        assert planning.plan is not None, [str(d) for d in planning.diagnostics]
        given = continued.given
        session = Session(
            there, planning.plan, policy, force=given.force, promote=given.promote,
            parallel=given.parallel, continues=continued, choices=choices or Choices(),
        )  # fmt: skip
        session.subscribe(heard)
        session.subscribe(self.events.append)
        self.sessions.append(session)
        return await self._run(session, answers)

    async def _run(self, session: Session, answers: Sequence[Answer]) -> SessionFinished:
        left = list(answers)

        def heard(event: Event) -> None:
            if isinstance(event, Paused):
                assert left, f"nobody expected a stop at {event.step}: {event}"
                for control in session._controls.values():
                    control.command(left.pop(0)(event))

        session.subscribe(heard)
        finished = await session.run()
        assert not left, "the build did not stop as often as expected"
        return finished

    @property
    def build(self) -> BuildState:
        """The only build of the last session."""
        (state,) = self.sessions[-1].state.builds.values()
        return state

    def log(self, step: str) -> str:
        """The output of a step of the last session."""
        path = self.sessions[-1].spool(self.build.name, step)
        if path is None:
            return ""
        with SpoolReader(path) as reader:
            reader.refresh()
            return "\n".join(line.text for line in reader.read(0, reader.lines))

    def attempts(self, step: str) -> list[str]:
        """How each attempt of a step ended."""
        return [e.status for e in self.events if isinstance(e, StepFinished) and e.step == step]

    async def records(self) -> list[ResourceRecord]:
        """What the journal says may exist."""
        records = await self.environment.journal.resources(states=("intended", "created", "left"))
        return [record for record in records if not record.released]


@dataclass
class Bench(Sessions):
    """A rack, and sessions on it."""

    rack: RackProcess
    client: OxideClient

    async def read_back(self, image: str, path: str) -> list[str]:
        """The lines of a file in an instance of an image; a relative path is in the user's home."""
        text = template(shell(f"cat {path}"), source="skip_create_image = true")
        finished = await self.run(text.replace('"ubuntu-24-04"', f'"{image}"'))
        assert finished.status == "succeeded", self.build.error
        ours = ("Provisioning with", "Script")
        return [line for line in self.log("provision-1").splitlines() if not line.startswith(ours)]

    async def left_on_rack(self) -> list[str]:
        """Temporary things of builds that still exist."""
        names = [i.name async for i in self.client.instances.list(project="web")]
        names += [d.name async for d in self.client.disks.list(project="web")]
        names += [s.name async for s in self.client.snapshots.list(project="web")]
        names += [k.name async for k in self.client.ssh_keys.list()]
        return [name for name in names if name.startswith("packer-")]


@asynccontextmanager
async def bench(folder: Path, *flags: str) -> AsyncIterator[Bench]:
    """A rack of one's own with an environment for sessions."""
    async with rack(*flags) as process, bench_on(process, folder) as there:
        yield there


@asynccontextmanager
async def bench_on(process: RackProcess, folder: Path) -> AsyncIterator[Bench]:
    """An environment for sessions on a rack that runs already."""
    environ = {"OXTUI_SESSIONS_DIR": str(folder / "sessions"), "HOME": str(folder)}
    source = {"host": "test", "token": "test"}
    connection = Connection(process.host, Token(process.token), source=source)
    async with (
        open_environment(
            load(environ), environ, connected=connection, ssh_port=process.ssh_port, simulated=True
        ) as environment,
        OxideClient(connection) as client,
    ):
        yield Bench(environment, process, client)


@asynccontextmanager
async def rackless(folder: Path) -> AsyncIterator[Sessions]:
    """An environment for sessions of somebody who has no rack and no credentials of one."""
    home = {"OXTUI_SESSIONS_DIR": str(folder / "sessions"), "HOME": str(folder)}
    environ = {**home, "PATH": os.environ["PATH"], "TMPDIR": str(folder)}
    async with open_environment(load(environ), environ) as environment:
        yield Sessions(environment)
