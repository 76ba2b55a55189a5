"""Transfers with guests that lack what most have: tar, SFTP, a Bourne shell for logins, a /tmp to write to."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from oxtui.communicators.ssh.calls import SshCall
from oxtui.component.errors import StepError, TransferError
from oxtui.component.protocols import Moved
from tests.communicators.test_transfer import METHODS, NAMES, TREE, look, mode, source_tree
from tests.guests import LiveGuest, live_guest

pytestmark = pytest.mark.slow

TOOLS = ("sh", "cat", "chmod", "mkdir", "mv", "rm", "wc")
ODD = "".join(NAMES)
NO_SFTP = "Subsystem=other /bin/false"


def only(folder: Path, *names: str) -> str:
    """The setting that leaves a guest with these programs."""
    tools = folder / "tools"
    tools.mkdir()
    for name in names:
        (tools / name).symlink_to(str(shutil.which(name)))
    return f"SetEnv=PATH={tools}"


def forced(folder: Path, text: str) -> str:
    """The setting that has a script run in place of each command, which it finds in SSH_ORIGINAL_COMMAND."""
    script = folder / "forced"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    return f"ForceCommand={script}"


async def all_ways(live: LiveGuest, folder: Path, guest: Path) -> None:
    """A file and a tree up and down again."""
    source = source_tree(folder)
    ssh = live.communicator
    for content in (b"old", b"new"):
        await ssh.upload(content, f"{guest}/{ODD}", 0o640, masked=True)
    await ssh.download(f"{guest}/{ODD}", folder / "back")
    assert (guest / ODD).read_bytes() == b"new" == (folder / "back").read_bytes()
    assert mode(guest / ODD) == 0o640
    moved = await ssh.upload_tree(source, f"{guest}/b!ang 'tree'")
    assert look(guest / "b!ang 'tree'") == TREE
    assert (moved.files, moved.size) == (5, 5)
    await ssh.download_tree(f"{guest}/b!*/", folder / "here")
    assert look(folder / "here" / "b!ang 'tree'") == TREE


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    (tmp_path / "guest").mkdir()
    return tmp_path / "guest"


async def test_a_guest_without_tar_gets_and_gives_trees_by_sftp(
    tmp_path: Path, guest: Path
) -> None:
    async with live_guest(tmp_path, server=(only(tmp_path, *TOOLS),)) as live:
        calls: list[SshCall] = []
        live.communicator.on_call = calls.append
        await all_ways(live, tmp_path, guest)
    assert [call.operation for call in calls].count("sftp") == 2


async def test_a_guest_without_tar_and_sftp_gets_a_tree_file_by_file(
    tmp_path: Path, guest: Path
) -> None:
    source = source_tree(tmp_path)
    server = (only(tmp_path, *TOOLS), NO_SFTP)
    heard: list[Moved] = []
    async with live_guest(tmp_path, server=server) as live:
        await live.communicator.upload_tree(source, str(guest), inside="in", moved=heard.append)
        await live.communicator.upload_tree(source, f"{guest}/new", inside="in")
        with pytest.raises(StepError, match="opens no session"):
            await live.communicator.download_tree(f"{guest}/", tmp_path / "here")
    assert look(guest / "in") == look(guest / "new") == TREE
    assert heard[-1] == Moved(5, 5, 5, 5)


async def test_a_server_that_only_lets_sftp_through_is_served_by_that_method(
    tmp_path: Path, guest: Path
) -> None:
    server = ("ForceCommand=internal-sftp",)
    async with live_guest(tmp_path, server=server, ssh_file_transfer_method="sftp") as live:
        await all_ways(live, tmp_path, guest)
    async with live_guest(tmp_path, server=server) as live:
        with pytest.raises(TransferError):
            await live.communicator.upload(b"", f"{guest}/not there")
    assert not (guest / "not there").exists()


@pytest.mark.parametrize("shell", ["tcsh", "dash", "bash", "zsh", "fish", "ksh"])
async def test_any_login_shell_will_do(tmp_path: Path, guest: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    server = (forced(tmp_path, f'exec {shell} -c "$SSH_ORIGINAL_COMMAND"'),)
    async with live_guest(tmp_path, server=server) as live:
        await all_ways(live, tmp_path, guest)


async def test_a_guest_whose_tools_are_busybox(tmp_path: Path, guest: Path) -> None:
    if shutil.which("busybox") is None:
        pytest.skip("busybox is not installed")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in (*TOOLS, "tar"):
        (tools / name).symlink_to(str(shutil.which("busybox")))
    async with live_guest(tmp_path, server=(f"SetEnv=PATH={tools}", NO_SFTP)) as live:
        await all_ways(live, tmp_path, guest)


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that is not below /tmp."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


@pytest.mark.parametrize("method", METHODS)
async def test_nothing_is_written_to_the_guests_tmp(
    tmp_path: Path, elsewhere: Path, method: str
) -> None:
    or_skip("unshare", "--mount", "sh", "-c", "mount -t tmpfs -o ro none /tmp")
    inner = 'mount -t tmpfs -o ro none /tmp && exec sh -c "$SSH_ORIGINAL_COMMAND"'
    server = (
        forced(tmp_path, f"exec unshare --mount sh -c '{inner}'"),
        f"Subsystem=sftp {sftp_server()}",
    )
    async with live_guest(tmp_path, server=server, ssh_file_transfer_method=method) as live:
        await all_ways(live, tmp_path, elsewhere)


def sftp_server(places: Sequence[str] = ("/usr/lib/openssh", "/usr/libexec")) -> str:
    for place in places:
        if Path(place, "sftp-server").exists():
            return f"{place}/sftp-server"
    pytest.skip("sftp-server is not installed")


async def test_a_login_that_talks_does_not_end_up_in_a_download(
    tmp_path: Path, guest: Path
) -> None:
    server = (forced(tmp_path, 'echo welcome; echo watch out >&2; eval "$SSH_ORIGINAL_COMMAND"'),)
    async with live_guest(tmp_path, server=server) as live:
        await all_ways(live, tmp_path, guest)


@pytest.fixture
def small(guest: Path) -> Iterator[Path]:
    """A disk of the guest with room for 1 MB."""
    or_skip("mount", "-t", "tmpfs", "-o", "size=1m", "none", str(guest))
    yield guest
    subprocess.run(["umount", str(guest)], check=True)


@pytest.mark.parametrize("method", METHODS)
async def test_a_full_disk_leaves_nothing_under_the_final_name(
    tmp_path: Path, small: Path, method: str
) -> None:
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        with pytest.raises(TransferError, match="cannot be written to"):
            await live.communicator.upload(b"x" * 3_000_000, f"{small}/large")
    assert not list(small.iterdir())


def or_skip(*command: str) -> None:
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount")
