"""SSH servers that go away: frozen, stalled, reset or closed in each phase."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from oxtui.component.errors import ConnectError, TransferError
from tests.builders.test_null import template
from tests.communicators.hosts import (
    host,
    reached,
    said,
)
from tests.communicators.relay import relay
from tests.sessions import rackless, shell
from tests.sshd import Sshd


def frozen(server: Sshd, how: signal.Signals) -> None:
    """Stops, or lets go on, the processes of the server's connections."""
    found = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
    )
    for pid in found.stdout.split():
        deeper = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False)
        for each in (pid, *deeper.stdout.split()):
            os.kill(int(each), how)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"ssh_keep_alive_interval": "300ms"},
        {"ssh_keep_alive_interval": "-1s", "ssh_read_write_timeout": "900ms"},
    ],
)
async def test_a_frozen_peer_is_noticed(tmp_path: Path, options: dict[str, Any]) -> None:
    with host(tmp_path / "guest") as guest:
        async with reached(guest, **options) as (ssh, _):
            running = asyncio.Event()
            command = asyncio.create_task(
                ssh.run("echo on; sleep 60", lambda _stream, _data: running.set())
            )
            await running.wait()
            frozen(guest.server, signal.SIGSTOP)
            try:
                status = await command
            finally:
                frozen(guest.server, signal.SIGCONT)
    assert status.lost
    assert str(status) == (
        "connection lost: the guest has stopped answering: not a sign of it for 0.9 s"
    )


async def test_an_upload_to_a_frozen_peer_ends_with_the_reason(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with (
            relay(guest.server.port) as between,
            reached(guest, ssh_port=between.port, ssh_keep_alive_interval="300ms") as (ssh, _),
        ):
            between.freeze_after = 1_000_000
            with pytest.raises(TransferError, match="the guest has stopped answering"):
                await ssh.upload(b"x" * 10_000_000, str(tmp_path / "uploaded"))


@pytest.mark.slow
async def test_a_script_of_a_frozen_guest_fails_with_the_reason(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with rackless(tmp_path) as there, relay(guest.server.port) as between:
            source = (
                f'ssh_host = "127.0.0.1"\n ssh_port = {between.port}\n'
                f' ssh_username = "{guest.server.user}"\n ssh_private_key_file = "{guest.key}"\n'
                ' ssh_keep_alive_interval = "300ms"'
            )
            between.freeze_after = 6_000  # a login and the script are less; keep-alives add up
            finished = await there.run(template(shell("sleep 60"), source=source))
    assert finished.status == "failed"
    assert "while it ran (the guest has stopped answering: not" in there.build.error


@pytest.mark.slow
async def test_a_silent_command_of_a_living_guest_is_not_cut_off(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with reached(guest, ssh_read_write_timeout="300ms") as (ssh, _):
            assert await said(ssh, "sleep 1; echo alive") == "alive"


# a server that fails in each phase


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 10, 50, 700, 1500], ids=lambda n: f"after {n} bytes")
@pytest.mark.parametrize("fault", ["stall", "reset", "close"])
async def test_a_server_that_fails_in_a_phase_is_logged_in_to_once_it_works(
    tmp_path: Path, fault: Any, after: int
) -> None:
    with host(tmp_path / "guest") as guest:
        async with (
            relay(guest.server.port) as between,
            reached(guest, ssh_port=between.port, ssh_timeout="30s") as (ssh, reasons),
        ):
            between.fault, between.after = fault, after
            told = asyncio.Event()
            ssh.on_attempt = lambda reason: (reasons.append(reason), told.set())  # type: ignore[assignment, func-returns-value]
            connecting = asyncio.create_task(ssh.connection())
            await told.wait()
            between.fault = "none"
            await connecting
            assert await said(ssh, "echo in") == "in"
    assert reasons


@pytest.mark.slow
async def test_a_server_that_never_answers_is_told_of_with_where_it_stands(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with (
            relay(guest.server.port) as between,
            reached(guest, ssh_port=between.port, ssh_timeout="7s") as (ssh, _),
        ):
            between.fault = "stall"
            with pytest.raises(ConnectError, match="and has not sent its SSH version"):
                await ssh.connection()
