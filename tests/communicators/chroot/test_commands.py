"""Commands in a root: what they are told, what they tell, and their end."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from oxtui.communicators.chroot.communicator import ChrootCommunicator
from oxtui.communicators.chroot.host import Host
from oxtui.component.errors import ConnectError, StepError
from oxtui.component.protocols import ExitStatus, Stream
from tests.roots import rooted_in

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="chroot is for root")


class Heard:
    """What a command printed, by stream."""

    def __init__(self, until: bytes = b"") -> None:
        self.streams: dict[Stream, bytes] = {}
        self.begun = asyncio.Event()
        self._until = until

    def __call__(self, stream: Stream, data: bytes) -> None:
        self.streams[stream] = self.streams.get(stream, b"") + data
        if self._until in self.streams.get("stdout", b""):
            self.begun.set()


async def test_the_shell_of_the_root_gets_each_character_and_this_machine_s_expands_none(
    chroot: ChrootCommunicator,
) -> None:
    heard = Heard()
    command = """printf '%s|' "$HOME" '$HOME' "`echo in`" 'a  b' "it's" '!' '\\n' ; ls -d /proc/1; exit 7"""
    assert await chroot.run(command, heard) == ExitStatus(7)
    assert heard.streams["stdout"] == b"/root|$HOME|in|a  b|it's|!|\\n|"
    assert b"/proc/1" in heard.streams["stderr"]  # which this machine has


async def test_the_environment_is_that_of_a_login_and_not_of_this_user(
    chroot: ChrootCommunicator,
) -> None:
    environ = {"PATH": os.environ["PATH"], "OXIDE_TOKEN": "s3cret", "https_proxy": "http://p:1"}
    chroot.host = Host(environ=environ)
    heard = Heard()
    await chroot.run("env", heard)
    found = dict(line.split("=", 1) for line in heard.streams["stdout"].decode().splitlines())
    assert (found["HOME"], found["USER"], found["SHELL"]) == ("/root", "root", "/bin/sh")
    assert found["https_proxy"] == "http://p:1"
    assert "OXIDE_TOKEN" not in found


async def test_an_input_comes_whole_and_a_command_may_leave_it_unread(
    chroot: ChrootCommunicator,
) -> None:
    heard = Heard()
    content = bytes(range(256)) * 4096
    assert (await chroot.run("cat", heard, stdin=content)).status == 0
    assert heard.streams["stdout"] == content
    assert (await chroot.run("exit 3", heard, stdin=content)).status == 3
    assert (await chroot.run("cat; echo end", heard)).status == 0  # none: at its end at once


async def test_a_signal_ends_a_command_by_its_name(chroot: ChrootCommunicator) -> None:
    assert await chroot.run("kill -s KILL $$", Heard()) == ExitStatus(None, signal="KILL")


async def test_commands_go_through_the_wrapper_as_one_word_each(
    chroot: ChrootCommunicator, tmp_path: Path
) -> None:
    wrapper = tmp_path / "my wrapper"
    log = tmp_path / "log"
    wrapper.write_text(f'#!/bin/sh\nprintf "[%s]" "$@" >>{log}\nexec "$@"\n')
    wrapper.chmod(0o755)
    chroot.host = Host(f"'{wrapper}' -- {{{{.Command}}}}".replace(" --", ""))
    heard = Heard()
    assert (await chroot.run("echo \"a  'b'\" $(echo c)", heard)).status == 0
    assert heard.streams["stdout"] == b"a  'b' c\n"
    assert log.read_text().startswith(f"[chroot][{chroot.root}][/bin/sh][-c][export ")


async def test_cancelling_ends_all_that_was_started_also_in_sessions_of_their_own(
    chroot: ChrootCommunicator, tmp_path: Path
) -> None:
    heard = Heard(b"ready")
    # The first does not end when it is asked to, and the second has a session of its own.
    command = "trap '' TERM; sleep 300 & setsid sh -c 'sleep 300; :' & echo ready; wait"
    running = asyncio.create_task(chroot.run(command, heard))
    await heard.begun.wait()
    assert rooted_in(tmp_path)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert rooted_in(tmp_path) == []


async def test_what_still_holds_the_output_is_told_and_not_waited_for(
    chroot: ChrootCommunicator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oxtui.communicators.chroot.program.HELD", 0.1)
    heard = Heard()
    assert (await chroot.run("sleep 300 & echo done", heard)).status == 0
    assert heard.streams["stdout"] == b"done\n"
    assert b"still holds its output" in heard.streams["ours"]
    for pid in rooted_in(tmp_path):
        os.kill(int(pid), 9)


async def test_a_root_whose_shell_does_not_run_is_told(tmp_path: Path) -> None:
    communicator = ChrootCommunicator(tmp_path, Host())
    with pytest.raises(ConnectError, match=r"/bin/sh of .* does not run: .*No such file"):
        await communicator.check()


async def test_a_command_that_is_too_long_is_refused(chroot: ChrootCommunicator) -> None:
    with pytest.raises(StepError, match="too long"):
        await chroot.run(f"echo {'x' * 200_000}", Heard())


async def test_a_shell_has_a_terminal_of_its_own(chroot: ChrootCommunicator) -> None:
    shell = await chroot.open_shell(100, 30)
    shell.write(b"sh -c 'stty size; exec sleep 300'\n")
    seen = b""
    while b"30 100" not in seen:
        seen += await shell.read()
    shell.resize(80, 24)
    shell.write(b"\x03")  # Ctrl-C reaches what runs on it
    while b"^C" not in seen:
        seen += await shell.read()
    shell.write(b"stty size; exit 5\n")
    while data := await shell.read():
        seen += data
    assert b"24 80" in seen
    assert (await shell.close()).status == 5


async def test_a_shell_that_is_closed_ends_with_what_runs_in_it(
    chroot: ChrootCommunicator, tmp_path: Path
) -> None:
    shell = await chroot.open_shell(80, 24)
    shell.write(b"sleep 300 & echo rea''dy\n")
    seen = b""
    while b"ready" not in seen:
        seen += await shell.read()
    reading = asyncio.ensure_future(shell.read())
    await shell.close()
    while await reading:
        reading = asyncio.ensure_future(shell.read())
    assert rooted_in(tmp_path) == []
    shell.write(b"x")
    shell.resize(1, 1)
