"""Real SSH servers for tests, with the agents and proxies on the way to them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.protocols import ExitStatus
from tests.communicators.relay import Relay
from tests.guests import Recorded
from tests.ports import listening, reserved
from tests.sshd import Sshd, sshd


@dataclass
class Host:
    """A real SSH server that takes the key of `key`."""

    server: Sshd
    key: Path


@contextmanager
def host(folder: Path, *settings: str) -> Iterator[Host]:
    """A server with a key of its own."""
    folder.mkdir(exist_ok=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(folder / "key")
    (folder / "key").chmod(0o600)
    with sshd(folder, key.export_public_key().decode().strip(), *settings) as server:
        yield Host(server, folder / "key")


@asynccontextmanager
async def reached(there: Host, **options: Any) -> AsyncIterator[tuple[SshCommunicator, list[str]]]:
    """A communicator to a server, and the reasons that it told."""
    reasons: list[str] = []
    given = {
        "ssh_username": there.server.user, "ssh_port": there.server.port,
        "ssh_private_key_file": str(there.key), "ssh_timeout": "20s", **options,
    }  # fmt: skip
    agent = os.environ.get("SSH_AUTH_SOCK", "")
    target = Target(
        "127.0.0.1", SshOptions(**{k: v for k, v in given.items() if v is not None}), agent=agent
    )
    communicator = SshCommunicator(target, reasons.append)
    try:
        yield communicator, reasons
    finally:
        await communicator.close()


async def said(communicator: SshCommunicator, command: str) -> str:
    """What a command prints."""
    heard = Recorded()
    status = await communicator.run(command, heard.output)
    assert status == ExitStatus(0), heard.streams
    return heard.streams["stdout"].decode().strip()


@contextmanager
def agent(folder: Path, key: Path | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real ssh-agent that holds a key."""
    path = folder / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()  # it listens now
    process.stdout.close()
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
    try:
        if key is not None:
            subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def socks(way: Host) -> Iterator[int]:
    """A real SOCKS5 proxy: `ssh -D`; its port."""
    with reserved() as port:
        process = subprocess.Popen(
            ["ssh", "-N", "-D", f"127.0.0.1:{port}", "-p", str(way.server.port), "-i",
             str(way.key), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
             "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-F", "/dev/null",
             "-o", "ConnectionAttempts=30", f"{way.server.user}@127.0.0.1"],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            listening(port, process)
            yield port
        finally:
            process.terminate()
            process.wait()


def through(bastion: Host) -> dict[str, Any]:
    """Options of a bastion that has a key of its own."""
    return {
        "ssh_bastion_host": "127.0.0.1", "ssh_bastion_port": bastion.server.port,
        "ssh_bastion_private_key_file": str(bastion.key),
    }  # fmt: skip


async def rebooted(between: Relay, ssh: SshCommunicator) -> None:
    """Whatever was connected is gone, and the next command finds its way."""
    between.reset()
    first = await ssh.run("true", Recorded().output)
    assert first.lost or first == ExitStatus(0)
    assert await said(ssh, "echo back") == "back"
