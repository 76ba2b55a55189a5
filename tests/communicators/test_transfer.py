"""Files to and from a real SSH server, through its shell and over SFTP."""

from __future__ import annotations

import asyncio
import os
import pwd
import stat
from pathlib import Path

import pytest

from oxtui.communicators.transfer.guest_script import assigned_path, program
from oxtui.communicators.transfer.heard import failed
from oxtui.component.errors import TransferError
from oxtui.component.protocols import Moved
from tests.guests import LiveGuest, live_guest

METHODS = ("scp", "sftp")
NAMES = (
    "plain", "with blank", "quote'd", 'double"', "a\nb\n", "-dash", "ünï", "b!ang", "$(touch made)",
    "`id`", "back\\slash", "100%d", "star*?[", "~tilde", "\udcff",
)  # fmt: skip


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def left_behind(folder: Path) -> list[Path]:
    return list(folder.rglob(".oxtui-*"))


def source_tree(folder: Path) -> Path:
    """Hidden files, empty directories, modes, and links to both kinds."""
    source = folder / "source"
    (source / "sub" / "empty").mkdir(parents=True)
    (source / ".hidden").write_text("h")
    (source / "run.sh").write_text("r")
    (source / "run.sh").chmod(0o755)
    (source / "sub" / "private").write_text("p")
    (source / "sub" / "private").chmod(0o600)
    (source / "sub").chmod(0o750)
    (source / "link").symlink_to("run.sh")
    (source / "folder").symlink_to("sub")
    return source


def look(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    """Modes and contents; a link would be seen, as nothing is followed."""
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.lstat().st_mode),
            path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None,
        )
        for path in folder.rglob("*")
        if not path.is_symlink()
    }


TREE = {
    ".hidden": (0o644, b"h"),
    "run.sh": (0o755, b"r"),
    "link": (0o755, b"r"),
    "sub": (0o750, None),
    "sub/empty": (0o755, None),
    "sub/private": (0o600, b"p"),
    "folder": (0o750, None),
    "folder/empty": (0o755, None),
    "folder/private": (0o600, b"p"),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "names", [("a\nb$(touch made)!\n",), pytest.param(NAMES, marks=pytest.mark.slow)], ids=len
)
async def test_a_file_arrives_whole_under_any_name_and_comes_back(
    tmp_path: Path, names: tuple[str, ...], method: str
) -> None:
    content = bytes(range(256)) * 400
    (tmp_path / "guest").mkdir()
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        for name in names:
            there, back = tmp_path / "guest" / name, tmp_path / "back"
            await live.communicator.upload(content, str(there), 0o640)
            await live.communicator.download(str(there), back)
            assert there.read_bytes() == content == back.read_bytes(), name
            assert mode(there) == 0o640
    assert sorted(os.listdir(tmp_path / "guest")) == sorted(names)


@pytest.mark.parametrize("method", METHODS)
async def test_what_is_there_is_overwritten_in_place_and_gets_the_mode(
    tmp_path: Path, method: str
) -> None:
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("a longer text than the new one")
    there.chmod(0o755)
    link.symlink_to(there)
    inode = there.stat().st_ino
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        await live.communicator.upload(b"new", str(link), 0o644)
    assert (there.read_text(), mode(there), there.stat().st_ino) == ("new", 0o644, inode)
    assert link.is_symlink()
    assert not left_behind(tmp_path)


@pytest.mark.parametrize("method", METHODS)
async def test_a_masked_mode_is_that_of_a_new_file_of_the_user(tmp_path: Path, method: str) -> None:
    (tmp_path / "there").touch()
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        for name in ("there", "new"):
            await live.communicator.upload(b"", f"{tmp_path}/{name}", 0o664, masked=True)
            assert mode(tmp_path / name) == 0o644
        await live.communicator.upload(b"", f"{tmp_path}/exact", 0o664)
    assert mode(tmp_path / "exact") == 0o664


@pytest.mark.parametrize("method", METHODS)
async def test_what_cannot_be_written_says_where_why_and_what_to_do(
    tmp_path: Path, method: str
) -> None:
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        upload = live.communicator.upload
        with pytest.raises(
            TransferError,
            match=r"written to /no/x: .*(no directory|No such file).*Make its directory",
        ):
            await upload(b"", "/no/x")
        with pytest.raises(TransferError, match=r"Is a directory\. End .* in / to copy into"):
            await upload(b"", str(tmp_path))
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(TransferError, match="is a pipe and has no content"):
            await upload(tmp_path / "pipe", f"{tmp_path}/x")
        with pytest.raises(TransferError, match="NUL"):
            await upload(b"", "/tmp/a\0b")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("method", METHODS)
async def test_a_home_directory_is_expanded(tmp_path: Path, method: str) -> None:
    name = f".oxtui-test-{tmp_path.name}"
    there = Path(pwd.getpwuid(os.getuid()).pw_dir) / name
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        try:
            await live.communicator.upload(b"1", f"~/{name}")
            assert there.read_bytes() == b"1"
            await live.communicator.upload(b"2", name)
            await live.communicator.download(f"~/{name}", tmp_path / "back")
        finally:
            there.unlink(missing_ok=True)
    assert (tmp_path / "back").read_bytes() == b"2"


@pytest.mark.parametrize("method", METHODS)
async def test_a_tree_arrives_with_modes_hidden_files_and_followed_links(
    tmp_path: Path, method: str
) -> None:
    source, guest = source_tree(tmp_path), tmp_path / "guest"
    heard: list[Moved] = []
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        upload = live.communicator.upload_tree
        moved = await upload(source, str(guest), inside="name", moved=heard.append)
        assert look(guest) == TREE  # it was not there: it is the copy
        await upload(source, f"{guest}/", inside="name")
        assert look(guest / "name") == TREE
        await upload(source, str(guest))
    assert (moved.files, moved.size) == (moved.of_files, moved.of_size) == (5, 5)
    assert heard[-1].size == 5


@pytest.mark.parametrize("method", METHODS)
async def test_directories_that_are_there_keep_their_modes_and_links_stay(
    tmp_path: Path, method: str
) -> None:
    source, guest = tmp_path / "source", tmp_path / "guest"
    (source / "lib").mkdir(parents=True)
    (source / "lib" / "new").write_text("n")
    (source / "lib").chmod(0o700)
    (guest / "usr").mkdir(parents=True)
    (guest / "usr").chmod(0o711)
    (guest / "lib").symlink_to("usr")
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        await live.communicator.upload_tree(source, str(guest))
    assert (guest / "lib").is_symlink()
    assert (guest / "usr" / "new").read_text() == "n"
    assert mode(guest / "usr") == 0o711


@pytest.mark.parametrize("method", METHODS)
async def test_a_tree_has_a_place_or_says_why_not(tmp_path: Path, method: str) -> None:
    source = source_tree(tmp_path)
    (tmp_path / "file").touch()
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        upload = live.communicator.upload_tree
        with pytest.raises(TransferError, match=r"copied to .*/no/such: .*No such file"):
            await upload(source, f"{tmp_path}/no/such")
        with pytest.raises(TransferError, match=r"file: Not a directory\. Correct the path"):
            await upload(source, f"{tmp_path}/file")


async def test_a_loop_of_links_is_told_and_special_files_are_left_out(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "file").touch()
    os.mkfifo(source / "pipe")
    async with live_guest(tmp_path) as live:
        moved = await live.communicator.upload_tree(source, f"{tmp_path}/guest")
        assert moved.skipped == (f"{source}/pipe, which is a pipe",)
        (source / "sub" / "loop").symlink_to("..")
        with pytest.raises(TransferError, match=r"sub/loop is a link to a directory above it"):
            await live.communicator.upload_tree(source, f"{tmp_path}/guest")
        (source / "sub" / "loop").unlink()
        (source / "gone").symlink_to("nowhere")
        with pytest.raises(TransferError, match=r"gone is a link to nowhere, which is not there"):
            await live.communicator.upload_tree(source, f"{tmp_path}/guest")
    assert sorted(os.listdir(tmp_path / "guest")) == ["file", "sub"]


@pytest.mark.parametrize("method", METHODS)
async def test_a_failed_download_leaves_nothing_here(tmp_path: Path, method: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "here").mkdir()
    here = tmp_path / "here" / "x"
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        download = live.communicator.download
        with pytest.raises(
            TransferError, match=r"/nowhere/x cannot be copied .*No such file.*a step before"
        ):
            await download("/nowhere/x", here)
        with pytest.raises(TransferError, match=r"folder cannot .* End the source in /"):
            await download(f"{tmp_path}/folder", here)
        with pytest.raises(TransferError, match="has no content to copy"):
            await download(f"{tmp_path}/pipe", here)
        with pytest.raises(TransferError, match=r"nothing there|no directory /nowhere"):
            await live.communicator.download_tree("/nowhere/*", tmp_path / "here")
    assert not list((tmp_path / "here").iterdir())


def test_what_cannot_be_read_there_is_to_be_made_readable() -> None:
    refused = failed("x cannot be copied from the guest", "x: Permission denied", reading=True)
    assert "Let the user who logs in read it" in str(refused)
    assert "Write where the user" in str(failed("x cannot be written", "x: Permission denied"))


async def test_a_download_keeps_the_mode_and_the_link_that_are_here(tmp_path: Path) -> None:
    (tmp_path / "guest").write_text("new")
    (tmp_path / "here").write_text("old")
    (tmp_path / "here").chmod(0o600)
    (tmp_path / "link").symlink_to("here")
    async with live_guest(tmp_path) as live:
        await live.communicator.download(f"{tmp_path}/guest", tmp_path / "link")
        await live.communicator.download(f"{tmp_path}/guest", Path("/dev/null"))
    assert ((tmp_path / "here").read_text(), mode(tmp_path / "here")) == ("new", 0o600)
    assert (tmp_path / "link").is_symlink()
    assert not left_behind(tmp_path)


@pytest.mark.parametrize("method", METHODS)
async def test_what_matches_comes_here_under_its_own_name(tmp_path: Path, method: str) -> None:
    source_tree(tmp_path)
    (tmp_path / "source" / "a b.log").write_text("l")
    here = tmp_path / "here"
    (here / "source" / "old").mkdir(parents=True)
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        download = live.communicator.download_tree
        moved = await download(f"{tmp_path}/source/", here)
        await download(f"{tmp_path}/source/*.log", here / "logs")
        await download(f"{tmp_path}/s?urce/sub*", here / "many")
    assert moved.files == 6
    assert look(here / "source") == {**TREE, "a b.log": (0o644, b"l"), "old": (0o755, None)}
    assert look(here / "logs") == {"a b.log": (0o644, b"l")}
    assert sorted(look(here / "many")) == ["sub", "sub/empty", "sub/private"]
    assert not left_behind(tmp_path)


async def test_links_of_the_guest_that_lead_back_end_a_download(tmp_path: Path) -> None:
    (tmp_path / "guest" / "sub").mkdir(parents=True)
    (tmp_path / "guest" / "sub" / "loop").symlink_to("..")
    for method in METHODS:
        async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
            with pytest.raises(TransferError, match=r"has no end|ymbolic links"):
                await live.communicator.download_tree(f"{tmp_path}/guest/", tmp_path / "here")
    assert not list((tmp_path / "here").iterdir())


async def cancelled_upload(live: LiveGuest, folder: Path) -> None:
    """Cancels once some of the file is there."""
    size = 50_000_000
    with (folder / "large").open("wb") as file:
        file.truncate(size)
    begun = asyncio.Event()

    def moved(_moved: Moved) -> None:
        begun.set()

    upload = asyncio.create_task(
        live.communicator.upload(folder / "large", f"{folder}/guest/there", moved=moved)
    )
    await begun.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload


@pytest.mark.parametrize("method", METHODS)
async def test_a_cancelled_upload_leaves_nothing(tmp_path: Path, method: str) -> None:
    (tmp_path / "guest").mkdir()
    async with live_guest(tmp_path, ssh_file_transfer_method=method) as live:
        await cancelled_upload(live, tmp_path)
        # The guest's program has ended once another one that waits for it has.
        await live.communicator.run(
            f"while ls -A {tmp_path}/guest | grep -q .; do :; done", lambda _stream, _data: None
        )
    assert not list((tmp_path / "guest").iterdir())


async def test_a_connection_lost_meanwhile_is_told_and_leaves_the_old_content(
    tmp_path: Path,
) -> None:
    there = tmp_path / "there"
    there.write_text("old")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(50_000_000)
    async with live_guest(tmp_path) as live:

        def moved(_moved: Moved) -> None:
            live.server.restart()

        with pytest.raises(TransferError, match="the connection was lost") as lost:
            await live.communicator.upload(tmp_path / "large", str(there), moved=moved)
    assert lost.value.lost
    assert there.read_text() == "old"


def test_a_path_reaches_the_shell_as_it_is_and_a_leading_tilde_is_its_home() -> None:
    assert assigned_path("t", "/a b; rm") == 't="/a b; rm";'
    assert assigned_path("t", "-x") == 't="./-x";'
    assert assigned_path("t", "~/x") == 't="x"; t=~/$t;'
    assert assigned_path("t", "~user-1/x") == 't="x"; t=~user-1/$t;'
    assert assigned_path("t", "~$(x)/y") == 't=$(printf "\\176\\044\\050x\\051/yx"); t=${t%x};'
    assert assigned_path("t", "a'b") == 't=$(printf "a\\047bx"); t=${t%x};'


def test_a_program_that_some_login_shell_changes_is_refused() -> None:
    assert program("true;\ntrue") == "sh -c 'true; true'"
    for text in ("echo '1'", "[ ! -e x ]"):
        with pytest.raises(ValueError, match="no login shell"):
            program(text)
