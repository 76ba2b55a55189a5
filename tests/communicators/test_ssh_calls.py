"""Every login, command, shell and SFTP session is told, with the `ssh` command that does it again."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from oxtui.communicators.ssh.calls import SshCall, ssh_called, ssh_command
from oxtui.communicators.ssh.keys import generate
from oxtui.communicators.ssh.options import SshOptions
from oxtui.component.errors import ConnectError
from oxtui.component.protocols import ExitStatus
from tests.communicators.test_ssh import Recorded
from tests.guests import live_guest


async def test_what_is_asked_of_a_guest_is_told_with_how_it_ended(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        calls: list[SshCall] = []
        live.communicator.on_call = calls.append
        await live.communicator.run("echo 'a b'; exit 3", Recorded().output)
        await live.communicator.upload(b"text", f"{tmp_path}/file")
        shell = await live.communicator.open_shell(80, 24)
        await shell.close()
    assert f'"{tmp_path}/file"' in calls[2].command
    told = [(call.operation, call.command, call.status) for call in calls]
    assert told == [
        ("connect", "", None),
        ("run", "echo 'a b'; exit 3", ExitStatus(3)),
        ("run", calls[2].command, ExitStatus(0)),
        ("shell", "", None),
    ]
    again = shlex.split(calls[1].ssh)
    assert again[-1] == "echo 'a b'; exit 3"
    assert again[:3] == ["ssh", "-p", str(live.server.port)]
    assert all(call.seconds >= 0 for call in calls)


async def test_a_guest_that_hangs_up_is_told_as_such(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        calls: list[SshCall] = []
        live.communicator.on_call = calls.append
        await live.communicator.run("kill -9 $PPID", Recorded().output)
    event = ssh_called(calls[-1], time=1.0, build="web")
    assert (event.status, event.error, event.build) == (None, "connection lost", "web")


async def test_a_login_that_fails_is_told_with_its_reason(tmp_path: Path) -> None:
    async with live_guest(tmp_path, ssh_timeout="0.5s") as live:
        calls: list[SshCall] = []
        live.communicator.on_call = calls.append
        stranger = await generate("ed25519", 0, "stranger")
        live.communicator.target.private_key = stranger.private
        with pytest.raises(ConnectError):
            await live.communicator.run("true", Recorded().output)
    event = ssh_called(calls[0], time=1.0, build="web")
    assert event.operation == "connect"
    assert "no SSH to" in event.error


@pytest.mark.parametrize(
    ("options", "terminal", "words"),
    [
        ({}, False, ["ssh", "u@h", "id"]),
        ({"ssh_port": 2222}, False, ["ssh", "-p", "2222", "u@h", "id"]),
        ({}, True, ["ssh", "-t", "u@h", "id"]),
        (
            {"ssh_bastion_host": "b", "ssh_bastion_password": "p"},
            False,
            ["ssh", "-J", "u@b:22", "u@h", "id"],
        ),
        (
            {"ssh_proxy_host": "s"},
            False,
            ["ssh", "-o", "ProxyCommand=nc -X 5 -x s:1080 %h %p", "u@h", "id"],
        ),
    ],
)
def test_the_command_is_what_an_operator_would_type(
    options: dict[str, Any], terminal: bool, words: list[str]
) -> None:
    found = ssh_command("h", SshOptions(ssh_username="u", **options), "id", terminal=terminal)
    assert shlex.split(found) == words
