"""An upload of a build whose process was killed: sweep lists what is on MAAS, and removes it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.cli.running import oxtui, started
from tests.maas.double import Maas
from tests.maas.server import KEY, maas
from tests.rack_process import rack

pytestmark = pytest.mark.slow


@asynccontextmanager
async def killed(folder: Path, there: Maas) -> AsyncIterator[dict[str, str]]:
    """The environment of a build whose process was killed while its file was sent."""
    disk = folder / "disk.raw"
    disk.write_bytes(bytes(510) + b"\x55\xaa" + bytes(1 << 20))
    template = folder / "t.pkr.hcl"
    there.stall.clear()
    async with rack() as racks:
        template.write_text(
            f'source "oxide-instance" "t" {{\n project = "web"\n boot_disk_image_id = "ubuntu-24-04"\n'
            f' ssh_username = "ubuntu"\n ssh_port = {racks.ssh_port}\n artifact_name = "m"\n}}\n'
            'build {\n sources = ["oxide-instance.t"]\n post-processor "oxtui-maas" {\n'
            f'  maas_url = "{there.url}"\n  source = "{disk}"\n }}\n}}\n'
        )
        environ = {
            "OXIDE_HOST": racks.host, "OXIDE_TOKEN": racks.token, "OXTUI_MAAS_API_KEY": KEY,
            "HOME": str(folder),
        }  # fmt: skip
        process = await started("build", str(template), environ=environ, forked=False)
        await there.until(lambda: there.stalled > 0)
        process.kill()
        await process.communicate()
        there.stall.set()
        yield environ


async def test_sweep_finds_a_new_image_of_maas_and_removes_it(tmp_path: Path) -> None:
    with maas() as there:
        async with killed(tmp_path, there) as environ:
            keyless = {**environ, "OXTUI_MAAS_API_KEY": ""}
            _, out, _ = await oxtui("sweep", "--json", environ=keyless)
            [left] = [each for each in json.loads(out)["leftovers"] if each["kind"] == "maas.image"]
            assert "There is no MAAS API key" in str(left)
            code, out, err = await oxtui("sweep", "--yes", environ=environ)
            assert (code, "✓ removed image t" in out) == (0, True), out + err
        assert there.images == {}
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


async def test_a_resumed_build_hands_over_the_image_that_was_begun(tmp_path: Path) -> None:
    with maas() as there:
        async with killed(tmp_path, there) as environ:
            code, out, err = await oxtui("resume", "1", environ=environ)
            assert code == 0, out + err
            assert "--> oxide-instance.t: MAAS image t (amd64/generic)" in out
            _, out, _ = await oxtui("sweep", "--json", environ=environ)
            assert json.loads(out)["leftovers"] == []
        assert there.content("t") == (tmp_path / "disk.raw").read_bytes()
        [image] = there.images.values()
        assert len(image.sets) == 1
