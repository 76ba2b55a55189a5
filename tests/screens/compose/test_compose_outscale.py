"""Each builder of Outscale opens in the form: all that it takes is there, blocks included, and none is in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.options import block_specs, option_specs
from oxtui.component.registry import component
from screens.compose.kinds import is_ssh
from tests.builders.outscale.bench import template
from tests.builders.outscale.chroots import on_base
from tests.builders.outscale.test_surrogate import BLANK
from tests.builders.outscale.test_volume import VOLUMES
from tests.screens.compose.stage import compose_of, do
from tests.screens.driving import running, services
from tests.screens.test_rackless_build import opened

GIVEN = {
    "bsu": template(),
    "bsusurrogate": template(source=BLANK.format(more=""), kind="outscale-bsusurrogate"),
    "chroot": on_base(Path("/mnt")),
    "bsuvolume": template(source=VOLUMES, kind="outscale-bsuvolume", name=""),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("bsu", marks=pytest.mark.slow),
        "bsusurrogate",
        pytest.param("bsuvolume", marks=pytest.mark.slow),
    ],
)
async def test_the_form_offers_all_that_the_builder_takes(tmp_path: Path, name: str) -> None:
    path = tmp_path / "t.pkr.hcl"
    path.write_text(GIVEN[name])
    options = component("builder", f"outscale-{name}").Options
    wanted = {spec.name for spec in option_specs(options) if not is_ssh(spec)}
    wanted |= {spec.name for spec in block_specs(options)}
    there = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    async with running(there, template=path) as pilot:
        await opened(pilot)
        screen = compose_of(pilot)
        assert (screen.errors, screen.why_not_build()) == ([], "")
        assert screen.bench is not None
        part = screen.bench.reading.parts[0]
        assert {field.name for field in part.fields} == wanted
        # What is typed into a row is in the text, as HCL has it.
        row = "mount_path" if name == "chroot" else "vm_type"
        screen.focus_row(row)
        await do(pilot, "enter", "x", "enter")
        text = screen.bench.reading.sources[0].text
        (line,) = [each for each in text.splitlines() if each.split("=")[0].strip() == row]
        assert line.endswith('x"')
