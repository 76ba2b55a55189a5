"""SSH to a real server: what an operator's commands, files and shells get."""

from __future__ import annotations

import asyncio
import errno
import getpass
from pathlib import Path

import pytest

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.connect import explain
from oxtui.communicators.ssh.keys import generate
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.errors import ConnectError
from oxtui.component.protocols import ExitStatus
from tests.guests import Recorded, live_guest
from tests.ports import reserved
from tests.sshd import sshd


async def test_a_command_gives_both_streams_and_its_exit_status(tmp_path: Path) -> None:
    heard = Recorded()
    async with live_guest(tmp_path) as live:
        status = await live.communicator.run("echo out; echo err >&2; exit 7", heard.output)
    assert status == ExitStatus(7)
    assert heard.streams == {"stdout": b"out\n", "stderr": b"err\n"}


async def test_a_command_that_a_signal_ends_tells_the_signal(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        status = await live.communicator.run("kill -9 $$", Recorded().output)
    assert status.signal == "KILL"


async def test_input_reaches_the_command(tmp_path: Path) -> None:
    heard = Recorded()
    async with live_guest(tmp_path) as live:
        await live.communicator.run("wc -c", heard.output, stdin=b"x" * 1_000_000)
    assert heard.streams["stdout"].strip() == b"1000000"


async def test_a_server_that_comes_late_is_reached_and_the_wait_has_a_reason(
    tmp_path: Path,
) -> None:
    pair = await generate("ed25519", 0, "test")
    waiting = asyncio.Event()
    attempts: list[str] = []

    def attempt(reason: str) -> None:
        attempts.append(reason)
        waiting.set()

    with reserved() as port:
        options = SshOptions(ssh_username=getpass.getuser(), ssh_port=port, ssh_timeout="60s")
        communicator = SshCommunicator(Target("127.0.0.1", options, pair.private), attempt)
        connecting = asyncio.create_task(communicator.connection())
        await waiting.wait()
        with sshd(tmp_path, pair.public, port=port):
            await connecting
            await communicator.close()
    assert attempts[0].startswith("connection refused")


async def test_a_refused_key_ends_with_user_reason_and_what_to_do(tmp_path: Path) -> None:
    async with live_guest(tmp_path, ssh_timeout="2.5s") as live:
        stranger = await generate("ed25519", 0, "stranger")
        target = Target("127.0.0.1", live.communicator.target.options, stranger.private)
        attempts: list[str] = []
        with pytest.raises(ConnectError, match=r"login refused.*serial console"):
            await SshCommunicator(target, attempts.append).connection()
    assert any("login refused" in reason for reason in attempts)


async def twice(communicator: SshCommunicator) -> None:
    """The first command may still find the old connection open."""
    for _ in range(2):
        await communicator.run("true", Recorded().output)


async def test_another_host_key_is_not_trusted(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        await live.communicator.run("true", Recorded().output)
        live.communicator.target.pin.pinned = "SHA256:other"
        live.server.restart()
        with pytest.raises(ConnectError, match="another host key"):
            await twice(live.communicator)


async def test_after_a_reboot_the_next_command_connects_again(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        status = await live.communicator.run("kill -9 $PPID", Recorded().output)
        assert status.lost
        assert await live.communicator.run("true", Recorded().output) == ExitStatus(0)


async def test_a_shell_has_a_terminal_of_the_given_size_that_follows_resizes(
    tmp_path: Path,
) -> None:
    async with live_guest(tmp_path) as live:
        shell = await live.communicator.open_shell(101, 31)
        shell.write(b"stty size; read go; stty size; exit 5\n")
        seen = b""
        while b"31 101" not in seen:
            seen += await shell.read()
        shell.resize(77, 19)
        shell.write(b"\n")
        while data := await shell.read():
            seen += data
        assert b"19 77" in seen
        assert await shell.close() == ExitStatus(5)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
async def test_temporary_keys_of_each_kind_log_in_and_do_not_show_themselves(
    tmp_path: Path, kind: str
) -> None:
    pair = await generate(kind, 2048 if kind == "rsa" else 0, "test")
    assert pair.private not in repr(pair)
    with sshd(tmp_path, pair.public) as server:
        options = SshOptions(ssh_username=server.user, ssh_port=server.port)
        communicator = SshCommunicator(Target("127.0.0.1", options, pair.private), print)
        assert await communicator.run("true", Recorded().output) == ExitStatus(0)
        await communicator.close()


def test_an_address_without_a_route_says_what_may_be_missing() -> None:
    told = explain(OSError(errno.ENETUNREACH, "Network is unreachable"))
    assert told == "this machine has no route to the address; one of IPv6 needs IPv6 here too"
