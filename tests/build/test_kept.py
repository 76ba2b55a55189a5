"""How to log in to instances that a session left running."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path

import pytest

from oxtui.build.folding import fold
from oxtui.build.kept import ssh_commands
from oxtui.build.session import SessionFolder
from oxtui.build.state import SessionState
from oxtui.component import events as e
from oxtui.component.commands import Keep
from tests.sessions import bench, shell, template

WHERE = e.AddressKnown(time=1.0, build="b", address="10.0.0.1", port=2222, user="u")
MADE = e.ResourceCreated(time=2.0, build="b", resource=1, kind="oxide.instance", name="n", id="i")
LEFT = e.ResourceLeft(
    time=3.0, build="b", resource=1, kind="oxide.instance", name="n", reason="kept", command="rm"
)
BASTION = "ssh -p 2222 -J jump@10.0.0.9:22 u@10.0.0.1"
CONNECTED = e.SshCalled(
    time=1.5, build="b", operation="connect", place="u@10.0.0.1 port 2222", text="", seconds=0.1,
    command=BASTION,
)  # fmt: skip


@pytest.mark.parametrize(
    ("events", "commands"),
    [
        ([WHERE, MADE, LEFT], {"b": "ssh -p 2222 u@10.0.0.1"}),
        ([WHERE, CONNECTED, MADE, LEFT], {"b": BASTION}),
        ([WHERE, MADE], {}),
        ([MADE, LEFT], {}),
    ],
)
def test_of_an_instance_that_is_left(
    tmp_path: Path, events: list[e.Event], commands: dict[str, str]
) -> None:
    state = SessionState()
    for event in events:
        state = fold(state, event)
    folder = SessionFolder(1, tmp_path / "1")
    assert ssh_commands(state, folder) == commands
    if commands:
        (tmp_path / "1").mkdir()
        key = folder.keep_key("b", "secret")
        (command,) = ssh_commands(state, folder).values()
        assert command == commands["b"].replace("ssh", f"ssh -i {key} -o IdentitiesOnly=yes", 1)


@pytest.mark.slow
async def test_the_command_logs_in(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        await there.run(template(shell("echo here > ~/made; exit 1")), lambda stop: Keep())
        session = there.sessions[-1]
        assert session._folder is not None
        (command,) = ssh_commands(session.state, session._folder).values()
        options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
        program, *words = shlex.split(command)
        process = await asyncio.create_subprocess_exec(
            program, *options, *words, "cat made", stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        assert (process.returncode, said) == (0, b"here\n")
