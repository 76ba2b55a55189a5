"""Programs on a terminal of their own."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.build.packer.terminal import COLUMNS, ROWS, TerminalProcess


class Listener:
    """What a program writes; `until` waits for a part of it."""

    def __init__(self) -> None:
        self.text = b""
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []

    def heard(self, data: bytes) -> None:
        self.text += data
        for text, future in self._waiting:
            if text in self.text and not future.done():
                future.set_result(None)

    async def until(self, text: bytes) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((text, future))
        self.heard(b"")
        await future


async def shell(
    script: str, folder: Path, heard: Callable[[bytes], None], shell: str = "/bin/sh"
) -> TerminalProcess:
    return await TerminalProcess.start(
        [shell, "-c", script], environ={"PATH": os.environ["PATH"]}, folder=folder, heard=heard
    )


async def test_it_has_a_terminal_whose_bytes_pass_as_they_are(tmp_path: Path) -> None:
    listener = Listener()
    script = 'stty size; printf "ask? "; dd bs=1 count=2 2>/dev/null </dev/tty | od -An -c; exit 3'
    process = await shell(script, tmp_path, listener.heard)
    await listener.until(b"ask? ")
    process.type("r\r")
    assert await process.wait() == 3
    assert listener.text.decode().split() == [str(ROWS), str(COLUMNS), "ask?", "r", "\\r"]


@pytest.mark.parametrize("ours", [signal.SIG_IGN, signal.default_int_handler])
async def test_an_interrupt_reaches_all_of_its_group_whatever_we_ignore(
    tmp_path: Path, ours: signal.Handlers
) -> None:
    listener = Listener()
    before = signal.signal(signal.SIGINT, ours)
    try:
        script = "trap 'echo caught; exit 7' INT; (trap 'echo child; exit' INT; echo up; read x); echo no"
        process = await shell(script, tmp_path, listener.heard, shell="/bin/bash")
        await listener.until(b"up")
        process.signal(signal.SIGINT)
        assert await process.wait() == 7
    finally:
        signal.signal(signal.SIGINT, before)
    assert b"child" in listener.text
    assert b"caught" in listener.text


async def test_a_program_that_cannot_be_started_says_why(tmp_path: Path) -> None:
    listener = Listener()
    process = await shell("", tmp_path, listener.heard, shell="/no/such/program")
    assert await process.wait() == 127
    assert listener.text == b"/no/such/program: No such file or directory\n"


async def test_the_signal_that_ended_it_is_told(tmp_path: Path) -> None:
    process = await shell("kill -9 $$", tmp_path, Listener().heard)
    assert await process.wait() == -9


async def test_what_others_hold_open_is_not_waited_for(tmp_path: Path) -> None:
    listener = Listener()
    process = await shell("trap '' HUP; sleep 1000 & echo $!", tmp_path, listener.heard)
    assert await process.wait() == 0
    os.kill(int(listener.text), signal.SIGKILL)


async def test_a_listener_that_fails_ends_it_and_is_told(tmp_path: Path) -> None:
    def full(data: bytes) -> None:
        raise OSError(28, "No space left on device")

    process = await shell("trap 'exit 5' INT; while :; do echo text; done", tmp_path, full)
    with pytest.raises(OSError, match="No space left"):
        await process.wait()
