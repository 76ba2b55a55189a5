"""Files of a real guest: listed, read, written back, copied, and compared with the source."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.build.files.content import (
    LONGEST,
    GuestFileChanged,
    read,
    write,
)
from oxtui.build.files.copies import GuestFileThere, download, upload
from oxtui.build.files.differing import differing
from oxtui.build.files.guest import GuestFileError, GuestShell
from oxtui.build.files.listing import listed
from tests.guests import live_guest

pytestmark = pytest.mark.slow


@asynccontextmanager
async def guest(folder: Path) -> AsyncIterator[GuestShell]:
    there = folder / "sshd"
    there.mkdir()
    async with live_guest(there) as live:
        yield GuestShell(live.communicator)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "place"
    made.mkdir()
    (made / "text").write_text("one\ntwo\n")
    (made / "text").chmod(0o640)
    (made / " odd 'name'\n$(x)").write_bytes(b"\0\1")
    (made / "sub").mkdir()
    (made / ".hidden").symlink_to("text")
    return made


@pytest.mark.parametrize("find", [True, False])
async def test_a_directory_is_listed(tmp_path: Path, place: Path, find: bool) -> None:
    async with guest(tmp_path) as shell:
        if not find:  # as where find has no -printf
            tools = tmp_path / "tools"
            tools.mkdir()
            (tools / "find").write_text("#!/bin/sh\nexit 1\n")
            (tools / "find").chmod(0o755)
            run = shell.communicator.run

            async def without(command, *rest, **more):  # type: ignore[no-untyped-def]
                return await run(f"PATH={tools}:$PATH; {command}", *rest, **more)

            shell.communicator.run = without  # type: ignore[method-assign]
        found = await listed(shell, str(place))
        assert found.path == str(place)
        by_name = {entry.name: entry for entry in found.entries}
        assert set(by_name) == {path.name for path in place.iterdir()}
        text = by_name["text"]
        assert (text.kind, text.mode, text.size) == ("file", 0o640, 8)
        assert text.modified == pytest.approx((place / "text").stat().st_mtime, abs=1)
        assert (by_name["sub"].kind, by_name[".hidden"].kind) == ("directory", "link")
        assert by_name[".hidden"].target == "text"
        assert (await listed(shell, "~")).path == pwd.getpwuid(os.getuid()).pw_dir


async def test_what_is_not_there_is_said(tmp_path: Path, place: Path) -> None:
    async with guest(tmp_path) as shell:
        with pytest.raises(GuestFileError, match="cannot be listed"):
            await listed(shell, str(place / "none"))
        with pytest.raises(GuestFileError, match="No such file"):
            await read(shell, str(place / "none"))
        with pytest.raises(GuestFileError, match="no regular file"):
            await read(shell, str(place / "sub"))


async def test_a_file_is_written_back_in_place(tmp_path: Path, place: Path) -> None:
    async with guest(tmp_path) as shell:
        path = place / "text"
        (place / "hard").hardlink_to(path)
        before = await read(shell, str(path))
        assert (before.text, before.mode, before.whole) == ("one\ntwo\n", "640", True)
        assert not await write(shell, before, b"three\n")
        assert (place / "hard").read_text() == "three\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        # What was read is no longer what is there.
        with pytest.raises(GuestFileChanged):
            await write(shell, before, b"four\n")
        assert path.read_text() == "three\n"
        assert not [
            name for name in os.listdir("/tmp") if name.startswith("oxtui-") and len(name) == 22
        ]


async def test_binary_and_large_files_say_so(tmp_path: Path, place: Path) -> None:
    async with guest(tmp_path) as shell:
        assert (await read(shell, str(place / " odd 'name'\n$(x)"))).text is None
        (place / "big").write_text("ü" * LONGEST)
        big = await read(shell, str(place / "big"))
        assert (big.whole, big.size, len(big.data)) == (False, 2 * LONGEST, LONGEST)
        assert big.text is not None


async def test_files_are_copied_both_ways(tmp_path: Path, place: Path) -> None:
    async with guest(tmp_path) as shell:
        into = tmp_path / "copy"
        assert await download(shell, str(place / "text"), into) == 8
        assert into.read_text() == "one\ntwo\n"
        with pytest.raises(GuestFileError, match="there already"):
            await download(shell, str(place / "text"), into)
        assert await upload(shell, into, str(place / "sub" / "up")) == (8, False)
        assert (place / "sub" / "up").read_text() == "one\ntwo\n"
        into.write_text("other")
        with pytest.raises(GuestFileThere, match="nothing was written"):
            await upload(shell, into, str(place / "sub" / "up"))
        assert (place / "sub" / "up").read_text() == "one\ntwo\n"
        assert await upload(shell, into, str(place / "sub" / "up"), replace=True) == (5, False)
        assert (place / "sub" / "up").read_text() == "other"
        with pytest.raises(GuestFileError, match="Name a file"):
            await upload(shell, tmp_path / "none", str(place / "new"))
        with pytest.raises(GuestFileError, match="cannot be copied"):
            await download(shell, str(place / "none"), tmp_path / "no")
        assert not (tmp_path / "no").exists()


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="no dpkg")
async def test_files_that_changed_since_are_found_with_what_they_are_of(tmp_path: Path) -> None:
    made = Path("/usr/local/oxtui test\n")
    if os.geteuid() != 0:
        pytest.skip("only root may write below /usr")
    plain = Path("/usr/local/oxtui-test")
    async with guest(tmp_path) as shell:
        began = time.time()
        try:
            for path in (made, plain):
                path.write_text("new")
            found = await differing(shell, began - 1)
        finally:
            for path in (made, plain):
                path.unlink(missing_ok=True)
        by_path = {each.path: each for each in found.files}
        assert (by_path[str(plain)].origin, by_path[str(plain)].size) == ("new", 3)
        assert "/etc/hostname" not in by_path
        assert "dpkg" in found.basis
