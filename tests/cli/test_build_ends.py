"""Builds that are ended before their time: by a signal, a lost reader, or -build-timeout (case e06)."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from oxtui.build.folding import fold
from oxtui.build.state import SessionState
from oxtui.cli.following import farewell
from oxtui.component.events import ResourceCreated, ResourceDeleted, ResourceIntended
from tests.cli.build_templates import null_template
from tests.cli.running import conversation, oxtui, started


async def begun(path: str, *words: str, forked: bool = True) -> asyncio.subprocess.Process:
    """A build of a script that has said that it begins."""
    process = await started("build", "-color=false", *words, path, forked=forked)
    assert process.stdout is not None
    while b": begin" not in await process.stdout.readline():
        pass
    return process


@pytest.fixture
def slow(tmp_path: Path) -> str:
    """A build that takes longer than anybody waits, and tells the process that works for it."""
    return null_template(tmp_path, f"echo $$ > {tmp_path}/pid; echo begin; exec sleep 600")


def is_gone(folder: Path) -> bool:
    """Whether the script's process has ended, or does so now: a signal takes its time to arrive."""
    try:
        process = os.pidfd_open(int((folder / "pid").read_text()))
    except ProcessLookupError:
        return True
    try:
        ended, _, _ = select.select([process], [], [], 30)
    finally:
        os.close(process)
    return bool(ended)


@pytest.fixture(autouse=True)
def heeded_hangup() -> Iterator[None]:
    """Builds heed SIGHUP unless whoever starts them ignores it, as `nohup` does for all of these tests."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("number", "word"),
    [(signal.SIGINT, "interrupt"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "hangup")],
)
async def test_a_signal_cancels_and_cleans_up(
    number: signal.Signals, word: str, slow: str, tmp_path: Path
) -> None:
    # What is forked ignores the signals that were ignored when the first of these tests began.
    process = await begun(slow, forked=number is not signal.SIGHUP)
    process.send_signal(number)
    out, _ = await process.communicate()
    assert process.returncode == 1
    text = out.decode()
    assert f"Cancelling build after receiving {word}\n" in text
    assert "Build 'null.x' cancelled after " in text
    assert text.endswith("\nCleanly cancelled builds after being interrupted.\n")
    assert is_gone(tmp_path)


async def test_json_tells_of_the_signal_and_why_the_build_ended(slow: str) -> None:
    process = await started("build", "--json", slow)
    assert process.stdout is not None
    while b'"text": "begin"' not in await process.stdout.readline():
        pass
    process.send_signal(signal.SIGTERM)
    out, _ = await process.communicate()
    records = [json.loads(line) for line in out.splitlines()]
    (told,) = (each for each in records if each["type"] == "interrupted")
    assert (told["signal"], told["builds"]) == ("terminated", ["null.x"])
    (end,) = (each for each in records if each["type"] == "build_finished")
    assert (end["status"], end["error"]) == ("cancelled", "cancelled after receiving terminated")


async def test_a_second_signal_leaves_at_once_and_names_the_command(tmp_path: Path) -> None:
    # The script ignores what asks it to end, so that the first signal alone does not.
    path = null_template(
        tmp_path,
        f"trap '' TERM INT; echo $$ > {tmp_path}/pid; echo begin; while :; do sleep 1; done",
    )
    process = await begun(path)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while b"cleaning up" not in await process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate()
    assert process.returncode == 1
    assert b"left at once" in err
    assert b"`oxtui sweep --session 1`" in err
    assert is_gone(tmp_path)


@pytest.mark.slow
async def test_a_closed_terminal_cleans_up(slow: str, tmp_path: Path) -> None:
    words = ("build", "-color=false", slow)
    code, screen = await conversation(*words, chat=[(b": begin\r", b"")], hangs_up=True)
    assert code == 1, screen
    assert is_gone(tmp_path)


async def test_a_build_has_no_more_time_than_it_is_given(slow: str, tmp_path: Path) -> None:
    code, out, _ = await oxtui("build", "-color=false", "-build-timeout=1500ms", slow)
    assert code == 1
    why = "-build-timeout: not done after 1 second 500 milliseconds"
    assert f"--> null.x: {why}\n" in out
    assert "interrupted" not in out
    # On a machine that is very busy the time is over before there is a script.
    assert ": begin\n" not in out or is_gone(tmp_path)


@pytest.mark.parametrize("text", ["soon", "0s", "-1m"])
async def test_a_time_that_is_none_is_wrong_usage(text: str) -> None:
    code, _, err = await oxtui("build", f"-build-timeout={text}", "t.pkr.hcl")
    assert code == 1
    assert f'"{text}" ' in err


def test_who_leaves_at_once_is_told_what_stays_and_how_to_remove_it() -> None:
    state = SessionState()
    for event in (
        ResourceIntended(time=1, build="b", resource=1, kind="oxide.disk", name="packer-d"),
        ResourceCreated(time=1, build="b", resource=1, kind="oxide.disk", name="packer-d", id="i"),
        ResourceIntended(time=1, build="b", resource=2, kind="oxide.ssh_key", name="packer-k"),
        ResourceIntended(time=1, build="b", resource=3, kind="oxide.instance", name="packer-i"),
        ResourceDeleted(time=1, build="b", resource=3, kind="oxide.instance", name="packer-i"),
    ):
        state = fold(state, event)
    assert farewell(state, 4).splitlines() == [
        "This session leaves behind:",
        "  disk packer-d (build b)",
        "  ssh key packer-k (build b)",
        "`oxtui sweep --session 4` lists and removes them.",
    ]
    assert farewell(SessionState(), 4) == (
        "Nothing is known to be left behind; `oxtui sweep --session 4` looks for it."
    )
