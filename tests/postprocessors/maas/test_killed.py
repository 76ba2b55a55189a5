"""An upload of a build whose process was killed: sweep lists what is on MAAS, and removes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import oxtui, started
from tests.maas.server import KEY, maas
from tests.rack_process import rack

pytestmark = pytest.mark.slow


async def test_sweep_finds_a_new_image_of_maas_and_removes_it(tmp_path: Path) -> None:
    disk = tmp_path / "disk.raw"
    disk.write_bytes(bytes(510) + b"\x55\xaa" + bytes(1 << 20))
    template = tmp_path / "t.pkr.hcl"
    with maas() as there:
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
                "HOME": str(tmp_path),
            }  # fmt: skip
            process = await started("build", str(template), environ=environ, forked=False)
            await there.until(lambda: there.stalled > 0)
            process.kill()
            await process.communicate()
            there.stall.set()
            keyless = {**environ, "OXTUI_MAAS_API_KEY": ""}
            _, out, _ = await oxtui("sweep", "--json", environ=keyless)
            [left] = [each for each in json.loads(out)["leftovers"] if each["kind"] == "maas.image"]
            assert "There is no MAAS API key" in str(left)
            code, out, err = await oxtui("sweep", "--yes", environ=environ)
            assert (code, "✓ removed image t" in out) == (0, True), out + err
        assert there.images == {}
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
