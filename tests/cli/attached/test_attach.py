"""`oxtui attach` to a build of another process, on a simulated rack and on this machine."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.build_templates import null_template
from tests.cli.running import conversation, on, oxtui, started
from tests.forking import command
from tests.rack_process import ROOT, rack
from tests.sessions import shell, template

pytestmark = pytest.mark.slow  # each word is a process of its own


@dataclass
class Running:
    """`oxtui build --json` under way, with what it has told."""

    process: asyncio.subprocess.Process
    environ: dict[str, str]
    told: list[dict[str, Any]] = field(default_factory=list)

    async def until(self, type_: str, **values: object) -> dict[str, Any]:
        """The next record of that type and these values."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            record: dict[str, Any] = json.loads(line)
            self.told.append(record)
            if record["type"] == type_ and values.items() <= record.items():
                return record
        raise AssertionError(f"no {type_} came: {self.told[-3:]}")

    async def attach(self, *words: str) -> tuple[int, str, str]:
        return await oxtui("attach", *words, environ=self.environ)


@asynccontextmanager
async def building(*words: str, environ: dict[str, str]) -> AsyncIterator[Running]:
    """The command; it is to end by itself."""
    process = await started("build", "--json", *words, environ=environ)
    try:
        yield Running(process, environ)
        await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        process._transport.close()  # type: ignore[attr-defined]


def sessions(folder: Path) -> dict[str, str]:
    return {"OXTUI_SESSIONS_DIR": str(folder / "sessions")}


async def test_a_failed_build_is_entered_repaired_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    async with rack() as there:
        port = f"ssh_port = {there.ssh_port}"
        steps = shell("test -e /tmp/repaired"), shell("echo and on")
        path.write_text(template(*steps, source=port))
        environ = {**sessions(tmp_path), **on(there)}
        async with building("--break-on-error", str(path), environ=environ) as build:
            paused = await build.until("paused")
            assert (paused["reason"], paused["until"] is not None) == ("failure", True)
            code, out, _ = await build.attach("status")
            assert code == 0
            assert 'Step "1 shell" failed' in out
            assert "it ends by itself at" in out
            # A shell whose keys come through a pipe: what it does is seen by the build.
            process = await asyncio.create_subprocess_exec(
                *command("attach", "--shell"), stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE, cwd=ROOT, env={**os.environ, **environ},
            )  # fmt: skip
            out_bytes, _ = await process.communicate(
                b"touch /tmp/repaired; echo a$((6*7))b; exit 7\n"
            )
            assert process.returncode == 7
            assert b"a42b" in out_bytes
            assert await build.attach("1", "retry") == (0, "", "")
            await build.until("step_finished", step="provision-2", status="done")
            finished = await build.until("session_finished")
            assert finished["status"] == "succeeded"
            opened = [
                e["text"] for e in build.told if e["type"] == "noted" and "shell" in e["text"]
            ]
            assert [text.split(" (")[0] for text in opened] == [
                "A shell was opened from another terminal", "The shell of another terminal",
            ]  # fmt: skip
            moved = [e["until"] is None for e in build.told if e["type"] == "deadline_moved"]
            assert moved == [True, False]
    assert build.process.returncode == 0


async def test_one_word_steers_it(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo one", "exit 5", "echo three")
    flags = ("--break=before:1", "--break-on-error")
    async with building(*flags, path, environ=sessions(tmp_path)) as build:
        await build.until("paused")
        assert await build.attach("break", "after:3") == (0, "", "")
        code, _, err = await build.attach("break", "9")
        assert (code, err.startswith('oxtui: There is no step "9". The steps are: provision-1')) == (
            2, True
        )  # fmt: skip
        code, _, err = await build.attach("retry")
        assert (code, err) == (1, "oxtui: Retry does not apply here.\n")
        assert await build.attach("until", "2 shell-local") == (0, "", "")
        assert (await build.until("paused"))["reason"] == "requested"
        assert await build.attach("continue") == (0, "", "")
        assert (await build.until("paused"))["reason"] == "failure"
        assert await build.attach("skip") == (0, "", "")
        assert (await build.until("paused"))["reason"] == "after"
        code, _, err = await build.attach("--shell")
        assert (code, "no connection to an instance" in err) == (1, True)
        assert await build.attach("abort") == (0, "", "")
        assert (await build.until("build_finished"))["status"] == "cancelled"
    code, _, err = await build.attach("status")
    assert (code, err) == (
        1, "oxtui: No session runs now; `oxtui sessions` lists those there were.\n"
    )  # fmt: skip


async def test_stops_are_asked_about_at_another_terminal(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo one", "echo two; exit 5", "echo three")
    flags = ("--break=1", "--break-on-error")
    async with building(*flags, path, environ=sessions(tmp_path)) as build:
        await build.until("paused")
        chat = [
            (b"null.x> ", b"dance\r"),
            (b'There is no "dance" here', b""),
            (b"null.x> ", b"step\r"),
            (b"null.x> ", b"c\r"),
            (b'Step "2 shell-local" failed', b""),
            (b"retry, trace, skip", b""),
            (b"null.x> ", b"skip\r"),
            (b"==> null.x: three", b""),
        ]
        code, screen = await conversation("attach", environ=sessions(tmp_path), chat=chat)
        assert code == 0, screen
        assert "==> null.x: two" in screen  # the output of what ran meanwhile
        assert "==> oxtui: left session 1. The session is over." in screen
        assert (await build.until("session_finished"))["status"] == "succeeded"


async def test_one_of_two_builds_waits_while_the_other_ends(tmp_path: Path) -> None:
    once = "test $PACKER_BUILD_NAME = y || exit 5"
    path = null_template(tmp_path, once, builds=("x", "y"))
    async with building("--break-on-error", path, environ=sessions(tmp_path)) as build:
        ended = await build.until("build_finished")
        assert ended["build"] == "null.y"
        if not any(each["type"] == "paused" for each in build.told):
            await build.until("paused", build="null.x")
        assert await build.attach("skip") == (0, "", "")
        assert (await build.until("session_finished"))["status"] == "succeeded"


async def test_several_sessions_are_listed(tmp_path: Path) -> None:
    path = null_template(tmp_path, "true")
    environ = sessions(tmp_path)
    async with (
        building("--break=1", path, environ=environ) as one,
        building("--break=1", path, environ=environ) as two,
    ):
        for each in (one, two):
            await each.until("paused")
        code, _, err = await one.attach()
        assert code == 2
        assert "Several sessions run: 1, 2. Say which: `oxtui attach 2`." in err
        for number in ("1", "2"):
            assert await one.attach(number, "continue") == (0, "", "")
    code, _, err = await one.attach("1")
    assert (code, "Session 1 does not run" in err) == (1, True)
