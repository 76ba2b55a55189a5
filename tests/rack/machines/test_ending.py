"""A command of a build that is cut off is gone from an instance, with all that it started."""

from __future__ import annotations

import pytest

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.protocols import Guest
from tests.communicators.test_ending import STUBBORN, cut_off
from tests.guests import LiveGuest, Recorded
from tests.rack.machines.harness import Bench

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("pty", [False, True])
@pytest.mark.parametrize(
    "command", [STUBBORN, f"sudo sh -c '{STUBBORN.replace(chr(39), chr(34))}'"], ids=["own", "sudo"]
)
async def test_what_is_cut_off_is_gone_from_an_instance(
    bench: Bench, pty: bool, command: str
) -> None:
    async with bench.booted() as machine:
        options = SshOptions(
            ssh_username=bench.user, ssh_port=bench.hypervisor.ssh_port, ssh_pty=pty
        )
        key = bench.key.export_private_key().decode()
        communicator = SshCommunicator(Target(machine.address, options, key), print)
        try:
            heard = Recorded()
            live = LiveGuest(None, communicator, Guest(communicator), [])  # type: ignore[arg-type]
            pids, told = await cut_off(live, command)
            looking = "; ".join(f"test -d /proc/{pid} && echo {pid}" for pid in pids)
            await communicator.run(f"{looking}; true", heard.output, stdin=b"")
        finally:
            await communicator.close()
    assert heard.streams["stdout"] == b""
    assert "ours" not in told.streams
