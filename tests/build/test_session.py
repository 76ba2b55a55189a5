"""The folder of a session: one process has it, nobody else reads its key."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.session import SessionBusy, SessionFolders, safe_name

HOLDER = """
import sys
from pathlib import Path
from oxtui.build.session import SessionFolders
with SessionFolders(Path(sys.argv[1])).claim(41):
    print("mine", flush=True)
    sys.stdin.read()
"""


async def holder(root: Path) -> asyncio.subprocess.Process:
    """A process that has session 41."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(root), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"mine\n"
    return process


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
async def test_a_session_lives_as_long_as_its_process(tmp_path: Path, end: signal.Signals) -> None:
    folders = SessionFolders(tmp_path / "sessions")
    assert not folders.is_live(41)
    process = await holder(folders.root)
    assert folders.is_live(41)
    assert folders.folder(41).pid() == process.pid
    with pytest.raises(SessionBusy, match=f"Session 41 is at work in process {process.pid}"):
        folders.claim(41).__enter__()
    assert not folders.is_live(40)
    process.send_signal(end)
    await process.wait()
    assert not folders.is_live(41)
    with folders.claim(41) as folder:
        assert folder.pid() == os.getpid()
        assert folders.is_live(41)
    assert not folders.is_live(41)


def test_a_session_of_this_process_is_live_too(tmp_path: Path) -> None:
    folders = SessionFolders(tmp_path)
    with folders.claim(1):
        assert folders.is_live(1)
        with pytest.raises(SessionBusy), folders.claim(1):
            pass
        assert folders.is_live(1)


def test_looking_whether_a_session_lives_does_not_keep_it_from_anyone(tmp_path: Path) -> None:
    import fcntl

    folders = SessionFolders(tmp_path)
    with folders.claim(1) as folder:
        pass
    looking = os.open(folder.path / "lock", os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    assert not folders.is_live(1)
    os.close(looking)
    with folders.claim(1):
        pass


def test_only_its_owner_can_look_into_it(tmp_path: Path) -> None:
    folders = SessionFolders(tmp_path / "sessions")
    with folders.claim(7) as folder:
        spool = folder.spool("oxide-instance.web", "provision-2")
        spool.write_text("output")
        assert spool == tmp_path / "sessions/7/builds/oxide-instance.web/provision-2.log"
        assert folder.spools() == [spool]
        made = [folders.root, *(path for path in folders.root.rglob("*") if path.is_dir())]
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


def test_the_key_of_a_kept_machine(tmp_path: Path) -> None:
    with SessionFolders(tmp_path).claim(7) as folder:
        folder.key("web").parent.mkdir(parents=True)
        folder.key("web").write_text("older, and open to all")
        path = folder.keep_key("web", "-----BEGIN KEY-----\nx\n-----END KEY-----")
        assert path.read_text().endswith("-----END KEY-----\n")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert folder.spools() == []
        folder.remove_key("web")
        folder.remove_key("web")
        assert not path.exists()


@given(st.text(), st.text())
def test_every_name_has_a_file_name_of_its_own(one: str, other: str) -> None:
    name = safe_name(one)
    assert "/" not in name
    assert name not in ("", ".", "..")
    assert not name.startswith(".")
    assert len(name.encode()) < 200
    assert name.isascii()
    assert name.isprintable()
    assert (name == safe_name(other)) == (one == other)


@pytest.mark.parametrize("length", [119, 120, 121, 500])
def test_long_names_stay_apart(length: int) -> None:
    assert safe_name("a" * length + "b") != safe_name("a" * length + "c")
    assert len(safe_name("ä" * length)) < 200
