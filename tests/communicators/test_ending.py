"""A command that is cut off is gone from a real guest with all that it started."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from oxtui.communicators.ssh.ending import Leader
from oxtui.component.protocols import ExitStatus, Stream
from tests.guests import LiveGuest, Recorded, live_guest

IGNORES = "trap '' TERM; "
STUBBORN = f"{IGNORES} sleep 1007 & echo $!; echo $$; echo started; while :; do sleep 1003; done"


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return text.rpartition(") ")[2][0] not in "ZX"


async def cut_off(live: LiveGuest, command: str, **options: Any) -> tuple[list[int], Recorded]:
    """Cancels a command once it has printed `started`, and the pids that it printed before."""
    heard, started = Recorded(), asyncio.Event()

    def output(stream: Stream, data: bytes) -> None:
        heard.output(stream, data)
        if b"started" in heard.streams["stdout"]:
            started.set()

    running = asyncio.ensure_future(live.communicator.run(command, output, **options))
    waiting = asyncio.ensure_future(started.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    assert started.is_set(), heard.streams
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    pids = [int(word) for word in heard.streams["stdout"].split() if word.isdigit()]
    assert pids
    return pids, heard


@pytest.mark.parametrize(
    "command",
    [
        "sleep 1001 | cat & sleep 1002 & echo $!; echo $$; echo started; wait",
        "setsid sleep 1004 & echo $!; set -m; sleep 1005 & echo $!; echo started; wait",
    ],
    ids=["pipeline", "groups of their own"],
)
@pytest.mark.parametrize("pty", [False, pytest.param(True, marks=pytest.mark.slow)])
async def test_children_go_with_the_command(tmp_path: Path, command: str, pty: bool) -> None:
    async with live_guest(tmp_path, ssh_pty=pty) as live:
        pids, _ = await cut_off(live, command)
        assert not [pid for pid in pids if alive(pid)]
        assert await live.communicator.run("true", Recorded().output) == ExitStatus(0)


@pytest.mark.slow
@pytest.mark.parametrize("pty", [False, True])
@pytest.mark.parametrize("by_sh", [False, True])
async def test_what_ignores_the_request_to_end_is_killed(
    tmp_path: Path, pty: bool, by_sh: bool
) -> None:
    async with live_guest(tmp_path, ssh_pty=pty) as live:
        pids, heard = await cut_off(live, STUBBORN, by_sh=by_sh)
        assert not [pid for pid in pids if alive(pid)]
        assert "ours" not in heard.streams


async def test_a_program_that_cleans_up_when_it_is_asked_to_end_can_do_so(tmp_path: Path) -> None:
    done = tmp_path / "done"
    command = f"trap 'echo > {done}; exit' TERM; echo $$; echo started; while :; do sleep 1; done"
    async with live_guest(tmp_path) as live:
        await cut_off(live, f"exec /bin/bash -c '{command.replace(chr(39), chr(34))}'")
    assert done.exists()


@pytest.mark.parametrize(
    ("chunks", "printed", "pid"),
    [
        ([b"W 12\n", b"x"], b"x", 12),
        ([b"hello\nW", b" 1", b"2\r\nx"], b"hello\nx", 12),
        ([b"no such thing\n"], b"no such thing\n", 0),
        ([b"what is held W"], b"what is held W", 0),
    ],
)
def test_the_line_that_tells_the_leader_is_no_output(
    chunks: list[bytes], printed: bytes, pid: int
) -> None:
    heard = Recorded()
    leader = Leader(heard.output)
    word = leader.command("").split()[3].encode()
    for chunk in chunks:
        leader.feed("stdout", chunk.replace(b"W", word))
    leader.end()
    assert heard.streams["stdout"] == printed.replace(b"W", word)
    assert leader.pid == pid
