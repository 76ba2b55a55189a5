"""Guests whose user has csh, may become root with sudo, or is told what to run by the server."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.keys import generate
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.protocols import Guest
from oxtui.provisioners.shell import ShellProvisioner
from oxtui.provisioners.shell.options import ShellOptions
from tests.communicators.test_ending import alive, cut_off
from tests.guests import LiveGuest, Recorded, setting
from tests.sshd import sshd

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="another user can be made by root alone"),
]
USER = f"oxtuitest{os.getpid()}"
"""Of this process alone: another worker may have one at the same time."""
SUDOERS = Path("/etc/sudoers.d", USER)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The home of a user of one's own, whose login shell is csh and who may use sudo."""
    folder = Path("/tmp", USER)
    subprocess.run(["useradd", "-m", "-p", "*", "-d", folder, "-s", "/bin/tcsh", USER], check=True)
    SUDOERS.write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
    SUDOERS.chmod(0o440)
    try:
        yield folder
    finally:
        SUDOERS.unlink()
        # By force: what was ended a moment ago may still be there.
        subprocess.run(["userdel", "--force", "--remove", USER], check=True, capture_output=True)


@asynccontextmanager
async def guest(folder: Path, *server: str, **options: Any) -> AsyncIterator[LiveGuest]:
    pair = await generate("ed25519", 0, "test")
    folder.chmod(0o755)
    with sshd(folder, pair.public, *server) as live:
        (folder / "authorized_keys").chmod(0o644)
        given = SshOptions(ssh_username=USER, ssh_port=live.port, ssh_timeout="10s", **options)
        communicator = SshCommunicator(Target("127.0.0.1", given, pair.private), print)
        try:
            yield LiveGuest(live, communicator, Guest(communicator), [])
        finally:
            await communicator.close()


@pytest.fixture
def keys() -> Iterator[Path]:
    """A folder that the user can look into, for the server's files."""
    folder = Path("/tmp", f"{USER}-keys")
    folder.mkdir()
    try:
        yield folder
    finally:
        subprocess.run(["rm", "-rf", folder], check=True)


@pytest.mark.parametrize("pty", [False, True])
@pytest.mark.parametrize("env_file", [False, True])
async def test_scripts_run_where_the_login_shell_is_csh(
    home: Path, keys: Path, pty: bool, env_file: bool
) -> None:
    options = ShellOptions(
        inline=['echo "$A $PACKER_BUILD_NAME $SHELL"'], env={"A": "it's $HOME"},
        use_env_var_file=env_file,
    )  # fmt: skip
    heard = Recorded()
    async with guest(keys, ssh_pty=pty) as live:
        provisioner = ShellProvisioner(options, setting())
        await provisioner.provision(heard, live.guest)
        await ShellProvisioner(
            ShellOptions(inline=["true"], execute_command="sh {{.Path}}"), setting()
        ).provision(heard, live.guest)
    assert heard.streams["stdout"].split(b"\r")[0].strip() == b"it's $HOME web /bin/tcsh"
    assert heard.streams["stderr"] == b""
    assert not Path(provisioner.place.script).exists()


@pytest.mark.parametrize("pty", [False, True])
@pytest.mark.parametrize(
    "server", [(), ('ForceCommand=exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"',)], ids=["", "forced"]
)
async def test_what_sudo_started_goes_too(
    home: Path, keys: Path, pty: bool, server: tuple[str, ...]
) -> None:
    command = "sudo sh -c 'echo $$; sleep 1011 & echo $!; echo started; trap \"\" TERM; wait; wait'"
    async with guest(keys, *server, ssh_pty=pty) as live:
        pids, heard = await cut_off(live, command)
        assert not [pid for pid in pids if alive(pid)]
        assert "ours" not in heard.streams


async def test_what_cannot_be_ended_is_told(home: Path, keys: Path) -> None:
    async with guest(keys) as live:
        SUDOERS.write_text(f"{USER} ALL=(ALL) NOPASSWD: /bin/sh, /usr/bin/sh\n")
        pids, heard = await cut_off(
            live, "sudo sh -c 'trap \"\" TERM; echo $$; echo started; exec sleep 60'"
        )
        assert str(pids[0]).encode() in heard.streams["ours"]
        os.kill(pids[0], signal.SIGKILL)
