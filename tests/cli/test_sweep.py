"""`oxtui sweep` after SIGKILL, against a rack of another process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.logs.redact import Redactor
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from tests.builders.oxide.leftovers import PROJECT
from tests.cli import running
from tests.rack_process import RackProcess, rack

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]


@dataclass
class Site:
    """A rack, and the sessions of somebody who works on it."""

    rack: RackProcess
    sessions: Path
    client: OxideClient

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "OXTUI_SESSIONS_DIR": str(self.sessions),
            "OXIDE_HOST": self.rack.host,
            "OXIDE_TOKEN": self.rack.token,
        }

    async def victim(self, last: str, *, waits: str = "none") -> asyncio.subprocess.Process:
        """A session that has come as far as `last`."""
        arguments = (self.rack.host, self.rack.token, str(self.sessions), waits)
        victim = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.cli.victim", *arguments),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert victim.stdout is not None
        while (told := await victim.stdout.readline()) != f"{last}\n".encode():
            assert told, "the victim died early"
        return victim

    async def killed(self, last: str, *, waits: str = "none") -> None:
        victim = await self.victim(last, waits=waits)
        victim.send_signal(signal.SIGKILL)
        assert await victim.wait() == -signal.SIGKILL

    async def oxtui(self, *words: str, **environ: str) -> tuple[int, str, str]:
        """Exit code, output and messages of the command."""
        return await running.oxtui(*words, environ=self.environ | environ)

    async def answer(self, answer: bytes) -> tuple[int, str]:
        """Exit code and screen of the command on a terminal where somebody answers."""
        ours, theirs = os.openpty()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "oxtui", "sweep"),
            cwd=ROOT,
            env=self.environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        screen = b""
        while b"[y/N]" not in screen:
            screen += await asyncio.to_thread(os.read, ours, 1000)
        os.write(ours, answer)
        with suppress(OSError):  # a terminal whose last program has ended gives EIO
            while data := await asyncio.to_thread(os.read, ours, 1000):
                screen += data
        os.close(ours)
        return await process.wait(), screen.decode()

    async def listed(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        code, out, err = await self.oxtui("sweep", "--json", *words)
        assert err == ""
        return code, json.loads(out)["leftovers"]

    async def existing(self) -> set[str]:
        """Kinds of what the victim left on the rack."""
        lists = {
            "ssh_key": self.client.ssh_keys.list(),
            "instance": self.client.instances.list(PROJECT),
            "disk": self.client.disks.list(PROJECT),
            "snapshot": self.client.snapshots.list(PROJECT),
        }
        return {
            kind
            for kind, items in lists.items()
            for name in [item.name async for item in items]
            if name == "victim"
        }


def client_of(there: RackProcess) -> OxideClient:
    return OxideClient(Connection(there.host, Token(there.token)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_rack() -> AsyncIterator[RackProcess]:
    async with rack("--isolation", "none") as there:
        yield there


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared_rack: RackProcess, tmp_path: Path) -> AsyncIterator[Site]:
    async with client_of(shared_rack) as client:
        made = Site(shared_rack, tmp_path / "sessions", client)
        yield made
        if await made.existing():
            await made.oxtui("sweep", "--yes", "--kept", "--settle", "0s")
            assert await made.existing() == set()


async def test_what_a_killed_session_made_is_listed_then_removed(site: Site) -> None:
    await site.killed("all")
    assert await site.existing() == {"ssh_key", "instance", "disk", "snapshot"}
    code, out, err = await site.oxtui("sweep")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == "session 1  victim.pkr.hcl"
    names = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert names == ["snapshot", "instance", "disk", "ssh"]
    assert sum("remove  OXIDE_HOST=http://127.0.0.1" in line for line in lines) == 4
    assert site.rack.token not in out
    assert len(await site.existing()) == 4, "a list removes nothing"

    key = site.sessions / "1" / "builds" / "web" / "key"
    assert key.exists()
    code, out, err = await site.oxtui("sweep", "--yes")
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if line.startswith("✓")] == [
        "✓ removed snapshot victim",
        "✓ removed instance victim",
        "✓ removed disk victim",
        "✓ removed ssh key victim",
    ]
    assert await site.existing() == set()
    assert not key.exists()
    assert await site.oxtui("sweep") == (0, "Nothing is left behind.\n", "")
    files = [path for path in site.sessions.rglob("*") if path.is_file()]
    assert journal_path(site.sessions) in files
    for path in files:
        assert site.rack.token.encode() not in path.read_bytes(), path


async def test_what_a_live_session_owns_is_neither_listed_nor_removed(site: Site) -> None:
    victim = await site.victim("all")
    try:
        assert await site.listed("--yes") == (0, [])
        code, _, err = await site.oxtui("sweep", "--yes", "--session", "1")
        assert (code, "Session 1 is at work" in err) == (1, True)
        assert len(await site.existing()) == 4
    finally:
        victim.kill()
        await victim.wait()
    code, left = await site.listed("--yes")
    assert (code, {each["removed"] for each in left}) == (0, {True})
    assert await site.existing() == set()


@pytest.mark.slow
@pytest.mark.parametrize("step", ["instance", "snapshot"])
async def test_a_creation_that_was_done_without_an_answer_is_found(
    tmp_path: Path, step: str
) -> None:
    fault = f"{step}_create:timeout-but-done"
    async with rack("--isolation", "none", "--fault", fault) as there, client_of(there) as client:
        site = Site(there, tmp_path / "sessions", client)
        victim = await site.victim(step)
        while step not in await site.existing():
            pass  # nothing tells when a rack has done what it was asked for
        victim.kill()
        await victim.wait()
        made = await site.existing()
        code, left = await site.listed("--yes")
        assert {each["kind"].removeprefix("oxide.") for each in left} == made
        assert {(each["exists"], each["removed"]) for each in left} == {(True, True)}
        assert code == 0
        assert await site.existing() == set()


async def test_a_creation_that_was_never_asked_for_is_given_up_in_time(site: Site) -> None:
    await site.killed("instance", waits="instance")
    code, left = await site.listed("--yes")
    assert code == 1
    assert {each["kind"]: (each["exists"], each["removed"]) for each in left} == {
        "oxide.instance": (False, False),
        "oxide.disk": (False, False),
        "oxide.ssh_key": (True, True),
    }
    assert "may still be at work" in left[0]["note"]
    assert await site.listed("--settle", "0s") == (0, [])


async def test_what_was_kept_is_removed_only_when_it_is_meant(site: Site) -> None:
    await site.killed("all")
    async with Journal.open(journal_path(site.sessions), Redactor()) as journal:
        for record in await journal.resources():
            if record.kind in ("oxide.instance", "oxide.disk"):
                await journal.left(record.number, "kept on request", kept=True)
    code, left = await site.listed("--yes")
    assert code == 1
    assert {each["kind"] for each in left if each["removed"]} == {
        "oxide.snapshot",
        "oxide.ssh_key",
    }
    assert await site.existing() == {"instance", "disk"}
    code, _ = await site.listed("--yes", "--kept")
    assert code == 0
    assert await site.existing() == set()


@pytest.mark.slow
async def test_on_a_terminal_it_asks(site: Site) -> None:
    await site.killed("instance", waits="instance")
    code, screen = await site.answer(b"\n")
    assert "Remove these 3 resources? [y/N]" in screen
    assert (code, await site.existing()) == (1, {"ssh_key"})
    _, screen = await site.answer(b"y\n")
    assert "✓ removed ssh key victim" in screen
    assert "✗ still there: instance victim" in screen
    assert "2 could not be removed" in screen
    assert await site.existing() == set()


async def test_a_rack_without_credentials_is_told_with_what_is_there(site: Site) -> None:
    await site.killed("ssh_key", waits="none")
    code, out, _ = await site.oxtui("sweep", "--yes", OXIDE_HOST="", OXIDE_TOKEN="")
    assert code == 1
    assert f"There is no token for {site.rack.host}" in out
    assert "run `oxtui login --host" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--session", "9"), 1, "There is no session 9; `oxtui sessions` lists all."),
        (("--older-than", "yesterday"), 2, "expected a duration such as"),
    ],
)
async def test_words_that_make_no_sense(
    site: Site, words: tuple[str, ...], code: int, message: str
) -> None:
    got, _, err = await site.oxtui("sweep", *words)
    assert got == code
    assert message in err
    assert not site.sessions.exists()
