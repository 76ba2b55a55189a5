"""A build that stops where nobody answers: until when is told at once, and then nothing of it is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from tests.cli.attached.test_attach import sessions
from tests.cli.running import on, oxtui, started
from tests.rack_process import RackProcess, rack
from tests.sessions import shell, template

pytestmark = pytest.mark.slow  # each word is a process of its own
UNTIL = r"it ends by itself at \d\d:\d\d:\d\d [+-]\d{4}"


async def left_on(there: RackProcess) -> list[str]:
    """Names of the instances and disks of the project that builds use."""
    connection = Connection(there.host, Token(there.token), source={})
    async with OxideClient(connection) as client:
        instances = [each async for each in client.instances.list(project="web")]
        disks = [each async for each in client.disks.list(project="web")]
        return [each.name for each in (*instances, *disks)]


async def test_what_nobody_answers_is_cleaned_up_when_it_said(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    async with rack() as there:
        path.write_text(template(shell("exit 3"), source=f"ssh_port = {there.ssh_port}"))
        environ = {**sessions(tmp_path), **on(there)}
        before = await left_on(there)
        flags = ("--break-on-error", "--break-timeout=15s", "-color=false")
        process = await started("build", *flags, str(path), environ=environ)
        assert process.stdout is not None
        log = ""
        while not re.search(UNTIL, log):
            line = await process.stdout.readline()
            assert line, log
            log += line.decode()
        assert "`oxtui attach 1` answers it, `oxtui attach 1 --shell` looks into" in log
        code, out, _ = await oxtui("attach", "status", environ=environ)
        assert (code, bool(re.search(UNTIL + r", in \d+\.\ds, if nobody answers", out))) == (
            0,
            True,
        )
        assert len(await left_on(there)) > len(before)
        rest, _ = await process.communicate()
        log += rest.decode()
        assert process.returncode == 1
        assert "Nobody answered the stop at 1 shell within 15s: it is cleaned up now." in log
        assert await left_on(there) == before
