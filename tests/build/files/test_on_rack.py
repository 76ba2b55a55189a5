"""Files of an instance of the rack, by a user who is not root but may use sudo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.build.files.content import GuestFileChanged, read, write
from oxtui.build.files.copies import GuestFileThere, download, upload
from oxtui.build.files.guest import GuestFileError, GuestShell, shown
from oxtui.build.files.listing import listed
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.commands import Keep
from oxtui.component.events import AddressKnown
from tests.sessions import bench, template

pytestmark = pytest.mark.slow

NAMES = (
    "-n", " ", "two\nlines\n", "it's \"$(x)\" `y` \\ *", "é漢", "\t~", "%s%n",
    b"no \xff\xfe UTF-8".decode(errors="surrogateescape"),
)  # fmt: skip


@asynccontextmanager
async def instance(folder: Path) -> AsyncIterator[GuestShell]:
    """An instance that a build has left running."""
    async with bench(folder) as there:
        assert (
            await there.run(template('provisioner "breakpoint" {}'), lambda _: Keep())
        ).status == "kept"
        (key,) = folder.glob("sessions/*/builds/*/key")
        at = next(event for event in there.events if isinstance(event, AddressKnown))
        options = SshOptions(ssh_username="ubuntu", ssh_port=at.port, ssh_timeout="60s")
        communicator = SshCommunicator(Target(at.address, options, key.read_text()), lambda _: None)
        try:
            yield GuestShell(communicator)
        finally:
            await communicator.close()


async def told(shell: GuestShell, program: str) -> str:
    """What a program of root's prints."""
    ran = await shell.run(program, limit=4000, as_root=True)
    assert ran.status == 0, ran.words
    return ran.output.decode().strip()


async def test_files_of_root_are_read_written_and_copied_by_sudo(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine\n")
    async with instance(tmp_path) as shell:
        about = "stat -c '%a %U %s' /etc/app.conf"
        assert await upload(shell, mine, "/etc/app.conf") == (5, True)
        assert await told(shell, about) == "644 root 5"
        await told(
            shell, "chmod 600 /etc/app.conf; mkdir -m 700 /etc/app; echo deep >/etc/app/deep"
        )
        found = await read(shell, "/etc/app.conf")
        assert (found.text, found.mode, found.owner, found.as_root) == (
            "mine\n",
            "600",
            "root:root",
            True,
        )
        assert await write(shell, found, b"edited\n")
        assert await told(shell, f"{about}; cat /etc/app.conf") == "600 root 7\nedited"
        with pytest.raises(GuestFileChanged):
            await write(shell, found, b"again\n")
        with pytest.raises(GuestFileThere):
            await upload(shell, mine, "/etc/app.conf")
        # Root alone sees that it is there.
        with pytest.raises(GuestFileThere):
            await upload(shell, mine, "/etc/app/deep")
        assert await told(shell, "cat /etc/app.conf /etc/app/deep") == "edited\ndeep"
        assert await upload(shell, mine, "/etc/app.conf", replace=True) == (5, True)
        assert await told(shell, about) == "600 root 5"
        with pytest.raises(GuestFileError, match="directory"):
            await upload(shell, mine, "/etc/app", replace=True)
        assert await download(shell, "/etc/app/deep", tmp_path / "deep") == 5
        assert (tmp_path / "deep").read_text() == "deep\n"
        assert [each.name for each in (await listed(shell, "/etc/app")).entries] == ["deep"]
        asks = GuestShell(shell.communicator, _sudo=False)
        for doing in (
            read(asks, "/etc/app.conf"), listed(asks, "/etc/app"), download(asks, "/etc/app.conf", tmp_path / "no"),
            upload(asks, mine, "/etc/new"),
        ):  # fmt: skip
            with pytest.raises(
                GuestFileError, match=r"ermission denied.*sudo needs a password here"
            ):
                await doing
        assert not (tmp_path / "no").exists()
        assert await told(shell, "ls /tmp | grep -c oxtui- || :") == "0"


@pytest.mark.parametrize("folder", ["~/odd", "/opt/odd"])
async def test_names_may_have_any_bytes(tmp_path: Path, folder: str) -> None:
    as_root = folder.startswith("/")
    mine = tmp_path / "mine"
    mine.write_text("mine\n")
    async with instance(tmp_path) as shell:
        await shell.run(f"mkdir {folder}", limit=0, as_root=as_root)
        path = (await listed(shell, folder)).path
        for number, name in enumerate(NAMES):
            whole = f"{path}/{name}"
            assert await upload(shell, mine, whole) == (5, as_root)
            found = await read(shell, whole)
            assert found.data == b"mine\n"
            assert await write(shell, found, name.encode(errors="surrogateescape")) == as_root
            into = tmp_path / f"into-{number}"
            await download(shell, whole, into)
            assert into.read_bytes() == name.encode(errors="surrogateescape")
        assert {each.name for each in (await listed(shell, path)).entries} == set(NAMES)
        with pytest.raises(GuestFileError) as refused:
            await read(shell, f"{path}/none {NAMES[-1]}")
        assert shown(NAMES[-1]) in str(refused.value)
        str(refused.value).encode()
