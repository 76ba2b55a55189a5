"""`oxtui attach run`: what a command prints, and how it ends, at the terminal that asked for it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.cli.attached.test_attach import building, sessions
from tests.cli.build_templates import null_template
from tests.cli.running import on
from tests.forking import command
from tests.rack_process import ROOT, rack
from tests.sessions import shell, template

pytestmark = pytest.mark.slow  # each word is a process of its own


async def test_a_command_prints_here_and_its_exit_status_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    async with rack() as there:
        port = f"ssh_port = {there.ssh_port}"
        path.write_text(template(shell("echo before; exit 3"), source=port))
        environ = {**sessions(tmp_path), **on(there)}
        async with building("--break-on-error", str(path), environ=environ) as build:
            await build.until("paused")
            assert await build.attach("run", "echo out; echo err >&2") == (0, "out\n", "err\n")
            # Also without an end of line, in many lines, and with a status of its own.
            many = "seq 99; printf 'no end'; exit 9"
            code, out, err = await build.attach("run", many)
            lines = [*map(str, range(1, 100)), "no end"]
            assert (code, out.splitlines(), err) == (9, lines, "")
            killed = (1, "", "oxtui: The command did not end by itself.\n")
            assert await build.attach("run", "kill -TERM $$") == killed
            code, out, err = await build.attach("upload", str(tmp_path / "none"), "/tmp/x")
            assert (code, out, "none" in err) == (1, "", True)
            (tmp_path / "there").write_text("sent\n")
            assert await build.attach("upload", str(tmp_path / "there"), "/tmp/x") == (0, "", "")
            assert await build.attach("run", "cat", "/tmp/x") == (0, "sent\n", "")
            # Ctrl-C ends it in the guest, too.
            words = command("attach", "run", "echo begun; sleep 300")
            process = await asyncio.create_subprocess_exec(
                *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                cwd=ROOT, env={**os.environ, **environ},
            )  # fmt: skip
            assert process.stdout is not None
            assert await process.stdout.readline() == b"begun\n"
            process.send_signal(signal.SIGINT)
            _, err_bytes = await process.communicate()
            assert (process.returncode, err_bytes) == (1, b"oxtui: It was cancelled.\n")
            assert await build.attach("abort") == (0, "", "")


async def test_where_there_is_no_guest_it_says_so(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo one")
    async with building("--break=1", path, environ=sessions(tmp_path)) as build:
        await build.until("paused")
        code, out, err = await build.attach("run", "true")
        assert (code, out) == (1, "")
        assert err.startswith("oxtui: Run command ")
        assert await build.attach("continue") == (0, "", "")
