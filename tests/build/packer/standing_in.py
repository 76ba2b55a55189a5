"""A packer of a test's own: transcripts of the real one, played back; and sessions that it runs."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from oxtui.build.control import Policy
from oxtui.build.environment import open_environment
from oxtui.build.live import LiveSession, new_session
from oxtui.build.planner import Planning, make_plan
from oxtui.build.state import BuildState
from oxtui.component.commands import Abort, Command, command_name
from oxtui.component.events import Event, OutputGrown, Paused, SessionFinished
from oxtui.logs.reader import SpoolReader
from oxtui.settings import load
from oxtui.template.load import load_template
from oxtui.template.variables import VariableInputs

SHEBANG = f"#!/bin/sh\nexec {sys.executable} -I -S"
STUCK = 100.0
"""Seconds after which a test says where it is stuck; the whole suite's limit tells only that it is."""
HERE = Path(__file__).parent
Answer = Callable[[Paused], Command]


@dataclass
class StandIn:
    """A folder with a `packer` that plays transcripts, and the sessions run by it."""

    folder: Path
    environ: dict[str, str]
    events: list[Event] = field(default_factory=list)
    session: LiveSession | None = None
    heard: list[Callable[[Event], None]] = field(default_factory=list)

    def plays(self, transcript: str | Mapping[str, Any], command: str = "build") -> None:
        """What `packer COMMAND` does: a recorded transcript by its name, or one that is given."""
        if isinstance(transcript, str):
            text = (HERE / "transcripts" / f"{transcript}.json").read_text()
        else:
            text = json.dumps(transcript)
        (self.folder / f"{command}.json").write_text(text)

    def calls(self) -> list[dict[str, Any]]:
        """How packer was called, beside `packer version`."""
        lines = (self.folder / "calls.jsonl").read_text().splitlines()
        return [call for call in map(json.loads, lines) if call["words"] != ["version"]]

    def abort_at(self, step: str, abort: Abort) -> None:
        """The operator ends the session once, when the step has written something."""
        aborts: list[asyncio.Task[None]] = []

        def heard(event: Event) -> None:
            if isinstance(event, OutputGrown) and event.step == step and not aborts:
                assert self.session is not None
                aborts.append(asyncio.ensure_future(self.session.command(abort)))

        self.heard.append(heard)

    async def plan(self, text: str, *variables: str, files: Sequence[Path] = ()) -> Planning:
        """The plan of a template that is written to the folder first."""
        name = "t.json" if text.startswith("{") else "t.pkr.hcl"
        path = self.folder / name
        path.write_text(text)
        template = load_template(path)
        return await make_plan(
            template, VariableInputs(self.environ, files, variables), name=str(path),
            text=template.text, folder=self.folder, data=None,
        )  # fmt: skip

    async def run(
        self, text: str, *answers: Answer, variables: Sequence[str] = ()
    ) -> SessionFinished:
        """Runs a template; with answers, an operator gives one at each stop, in order."""
        policy = Policy("ask", attended=True) if answers else Policy()
        left = list(answers)
        async with open_environment(load(self.environ), self.environ) as environment:
            planning = await self.plan(text, *variables)
            assert planning.plan is not None, [str(each) for each in planning.diagnostics]
            for secret in planning.secrets:
                environment.redactor.add(secret)
            session = self.session = new_session(environment, planning.plan, policy, force=True)
            session.subscribe(self.events.append)
            for each in self.heard:
                session.subscribe(each)
            tasks = []
            unexpected: list[Paused] = []

            def stopped(event: Event) -> None:
                if isinstance(event, Paused):
                    command = left.pop(0)(event) if left else None
                    if command is None or command_name(command) not in event.choices:
                        unexpected.append(event)
                        command = Abort()
                    tasks.append(asyncio.ensure_future(session.command(command)))

            session.subscribe(stopped)
            try:
                async with asyncio.timeout(STUCK):
                    finished = await session.run()
            except TimeoutError:
                names = session.state.builds
                pytest.fail(
                    f"stuck: {[(name, self.steps(name), self.logs(name)) for name in names]}"
                )
            assert unexpected == []
            assert not left, "the build did not stop as often as expected"
            return finished

    @property
    def build(self) -> BuildState:
        """The only build of the session."""
        assert self.session is not None
        (state,) = self.session.state.builds.values()
        return state

    def steps(self, build: str) -> dict[str, str]:
        """How each step of a build ended."""
        assert self.session is not None
        return {id_: step.phase for id_, step in self.session.state.builds[build].steps.items()}

    def logs(self, build: str) -> dict[str, list[str]]:
        """The output of all steps."""
        return {step: self.log(build, step) for step in self.steps(build)}

    def log(self, build: str, step: str) -> list[str]:
        """The output of a step."""
        assert self.session is not None
        path = self.session.spool(build, step)
        if path is None:
            return []
        with SpoolReader(path) as reader:
            reader.refresh()
            return [line.text for line in reader.read(0, reader.lines)]


def stand_in(folder: Path, version: str = "Packer v1.6.6") -> StandIn:
    """A `packer` in `folder/bin`, alone on the PATH."""
    binaries = folder / "bin"
    binaries.mkdir()
    packer = binaries / "packer"
    packer.write_text(f'{SHEBANG} {HERE / "replay.py"} {folder} "$@"\n')
    packer.chmod(0o755)
    (folder / "version").write_text(version)
    environ = {
        "PATH": str(binaries), "HOME": str(folder), "TMPDIR": str(folder),
        "OXTUI_SESSIONS_DIR": str(folder / "sessions"),
    }  # fmt: skip
    return StandIn(folder, environ)
