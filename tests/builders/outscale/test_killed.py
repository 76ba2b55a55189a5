"""What builds of volumes and surrogates made before their process was killed is swept, volumes included."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.builders.outscale.bench import template
from tests.builders.outscale.test_headless import ended, start
from tests.builders.outscale.test_surrogate import BLANK
from tests.builders.outscale.test_volume import VOLUMES
from tests.outscale_process import outscale
from tests.sessions import shell

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("kind", "fault", "until", "kinds"),
    [
        ("volume", "unlink:stuck", b"begun", {"i", "vol", "sg", "key"}),
        ("surrogate", "snapshot:stuck", b"Snapshot snap-", {"i", "vol", "sg", "key", "snap"}),
    ],
)
async def test_it_is_swept(
    tmp_path: Path, kind: str, fault: str, until: bytes, kinds: set[str]
) -> None:
    async with outscale("--fault", fault) as there:
        given = VOLUMES if kind == "volume" else BLANK.format(more="delete_on_vm_deletion = false")
        source = f"ssh_port = {there.ssh_port}\n{given}"
        waits = "; sleep 600" if kind == "volume" else ""
        name = "" if kind == "volume" else "made"
        text = template(
            shell(f"echo begun{waits}"), source=source, kind=f"outscale-bsu{kind}", name=name
        )
        file = tmp_path / "t.pkr.hcl"
        file.write_text(text)
        building = await start(there, tmp_path, "build", str(file))
        assert building.stdout is not None
        async for line in building.stdout:
            if until in line:
                break
        os.kill(building.pid, signal.SIGKILL)
        await ended(building)
        assert {each.partition("-")[0] for each in await there.leftovers()} == kinds
        code, _ = await ended(await start(there, tmp_path, "sweep", "--yes"))
        assert code == 0
        assert await there.leftovers() == []
