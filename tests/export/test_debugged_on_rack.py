"""Fail, look, repair, edit, retry, success, export: and the export alone builds the same image."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.build.engine import Session
from oxtui.component.commands import EditAndRetry
from oxtui.component.debugger_events import CommandRan
from oxtui.component.events import Paused
from tests.cli.running import on, oxtui
from tests.export.test_session_on_rack import content, on_port
from tests.packer import PACKER, packer
from tests.sessions import bench, shell, template

pytestmark = pytest.mark.slow


async def by_hand(session: Session, command: CommandRan) -> None:
    """What an operator has run in the guest at a stop, with the event that tells of it."""
    runner = session.runner(command.build)
    assert runner is not None
    status = await runner.builder.guest.reach().run(command.command, lambda stream, data: None)
    assert status.status == command.status
    session._emit(command)


async def test_what_was_debugged_builds_from_its_export_alone(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    path = tmp_path / "t" / "t.pkr.hcl"
    text = template(
        shell("echo one >> ~/log"),
        shell("cat ~/needed >> ~/log", "no-such-command"),
        shell("echo three >> ~/log"),
    )
    path.write_text(text)
    sessions = {"OXTUI_SESSIONS_DIR": str(tmp_path / "sessions")}
    async with bench(tmp_path) as there:
        planning = await there.plan(text)
        assert planning.plan is not None
        command = "echo repaired > ~/needed"
        session = await there.session(text, Policy("ask", attended=True))
        stops: asyncio.Queue[Paused] = asyncio.Queue()
        session.subscribe(
            lambda event: stops.put_nowait(event) if isinstance(event, Paused) else None
        )
        running = asyncio.create_task(session.run())
        stop = await stops.get()
        assert stop.step == "provision-2"
        now = there.environment.now
        done = CommandRan(
            time=now(), build=stop.build, step=stop.step, command=command, status=0, seconds=0.1
        )
        await by_hand(session, done)
        edited = {"inline": ["cat ~/needed >> ~/log", "true"]}
        await session.command(EditAndRetry(changes=edited))
        finished = await running
        assert finished.status == "succeeded", there.build.error
        first = await content(there, "made")
        out = tmp_path / "out" / "made.pkr.hcl"
        out.parent.mkdir()
        code, printed, err = await oxtui("export", "1", "-o", str(out), environ=sessions)
        assert (code, printed) == (0, ""), err
        exported = out.read_text()
        assert (
            exported.index("echo one") < exported.index("repaired") < exported.index("cat ~/needed")
        )
        assert "no-such-command" not in exported
        _accepted_by_packer(out)
        renamed = exported.replace('"made"', '"again"')
        out.write_text(on_port(renamed, there.rack.ssh_port))
        code, printed, err = await oxtui("build", str(out), environ={**on(there.rack), **sessions})
        assert (code, err) == (0, ""), printed
        again = await content(there, "again")
        # A bundle of the session exports to the same text.
        bundle = tmp_path / "s.zip"
        code, printed, err = await oxtui("bundle", "1", "-o", str(bundle), environ=sessions)
        assert (code, err) == (0, ""), err
        code, printed, err = await oxtui("export", str(bundle), environ=sessions)
        assert (code, printed) == (0, exported), err
        # And the session is printed again as it was.
        code, printed, err = await oxtui("replay", str(bundle), "--plain", environ=sessions)
        assert code == 0, err
        assert "Build 'oxide-instance.t' finished" in printed
    assert first.splitlines()[-3:] == again.splitlines()[-3:] == ["one", "repaired", "three"]


def _accepted_by_packer(path: Path) -> None:
    """A packer that is there reads the file: what it misses is the plugin, which it knows nothing of."""
    if PACKER is None:
        return
    text = path.read_text()
    # The releases before 1.7, such as Debian's, know no required_plugins.
    older = re.sub(r"\A\s*packer \{\n.*?\n\}\n", "", text, flags=re.DOTALL)
    assert "required_plugins" in text
    assert "required_plugins" not in older
    there = path.with_name("older.pkr.hcl")
    there.write_text(older)
    found = packer("inspect", there.name, cwd=path.parent)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "oxide-instance" in found.stdout, found.stdout
