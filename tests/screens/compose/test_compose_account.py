"""What an Outscale account says to fields: names to choose from, what a value means, and what is not there."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.credentials import resolve
from screens.compose.lookup_dialog import LookupDialog
from screens.dialogs.choice import ChoiceDialog
from screens.places import Place
from tests.outscale_process import OutscaleProcess, outscale
from tests.screens.accounts import on_account
from tests.screens.compose.stage import compose_of, do, field_text, settled, shown_text
from tests.screens.driving import app_of, press, until

SOURCE = "source.outscale-bsu.t"
TEMPLATE = """\
source "outscale-bsu" "t" {
  source_omi   = "ami-84f82563"
  vm_type      = "tinav6.c2r4p2"
  ssh_username = "outscale"
  omi_name     = "made"

  launch_block_device_mappings {
    device_name = "/dev/sdb"
  }
}

build {
  sources = ["source.outscale-bsu.t"]
}
"""
"""Of things that the account has."""


@contextlib.asynccontextmanager
async def composing(
    folder: Path,
    account: Mapping[str, str],
    text: str = TEMPLATE,
    size: tuple[int, int] = (120, 40),
) -> AsyncIterator[Pilot[int]]:
    """The app on an account, with a template in Compose."""
    path = folder / "t.pkr.hcl"
    path.write_text(text)
    name = path.name if Path.cwd() == folder else str(path)
    async with on_account(folder, account, size) as pilot:
        await app_of(pilot).go(Place("compose", ("file", name)))
        await settled(pilot)
        yield pilot


def given(**options: str) -> str:
    """The template with options that it does not have otherwise, or with other values."""
    lines = TEMPLATE.split("\n")
    lines = [line for line in lines if line.strip().split(" ")[0] not in options]
    written = [f'  {name} = "{value}"' for name, value in options.items()]
    return "\n".join([lines[0], *written, *lines[1:]])


def told(pilot: Pilot[int]) -> str:
    """What the account says of the field that has the focus."""
    row = compose_of(pilot).form.row
    assert row is not None
    assert row.teller in ("account", "")
    return row.answer.text


def problems(pilot: Pilot[int]) -> dict[tuple[str, str], str]:
    """What is wrong, by part and field."""
    return {(each.part, each.field): each.text for each in compose_of(pilot).errors}


async def offered(pilot: Pilot[int], field: str) -> list[str]:
    """What can be chosen for a field."""
    compose_of(pilot).focus_row(field)
    await press(pilot, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, LookupDialog))
    state = pilot.app.screen.query_one(".lookup--state")
    await until(pilot, lambda: "asking" not in str(state.render()))
    options = pilot.app.screen.query_one(OptionList)
    return [str(option.prompt) for option in options.options]


async def test_what_fields_name_is_told_and_can_be_chosen(
    tmp_path: Path, pictured_account: Mapping[str, str]
) -> None:
    async with composing(tmp_path, pictured_account) as pilot:
        screen = compose_of(pilot)
        assert screen.errors == []
        for name, text in {
            "source_omi": "10 GiB, x86_64, of Outscale",
            "vm_type": "2 vCores, 4 GiB of memory",
            "omi_name": "",
        }.items():
            screen.focus_row(name)
            await settled(pilot)
            assert told(pilot) == text

        found = await offered(pilot, "source_omi")
        assert any(
            each.startswith("Debian-12-2026.08.10-0  ami-cae66afe  10 GiB") for each in found
        )
        await do(pilot, *"debian", "enter")
        assert field_text(pilot, "source_omi") == "ami-cae66afe"
        assert [line.split("  ")[0] for line in await offered(pilot, "subregion_name")] == [
            "eu-west-2a", "eu-west-2b",
        ]  # fmt: skip
        await do(pilot, "enter")
        assert "tinav6.c1r1p2  1 vCore, 1 GiB of memory" in await offered(pilot, "vm_type")
        await do(pilot, "escape")
        assert len(await offered(pilot, "security_group_ids")) == 2
        await do(pilot, "enter")
        assert field_text(pilot, "security_group_ids").startswith("sg-")
        assert screen.errors == []


@pytest.mark.slow
async def test_a_net_narrows_what_is_in_it(
    tmp_path: Path, pictured_account: Mapping[str, str]
) -> None:
    async with composing(tmp_path, pictured_account) as pilot:
        await offered(pilot, "net_id")
        await do(pilot, "enter")
        net = field_text(pilot, "net_id")
        (group,) = await offered(pilot, "security_group_id")
        assert f"in Net {net}" in group
        await do(pilot, "enter")
        (subnet,) = await offered(pilot, "subnet_id")
        assert "in eu-west-2a" in subnet
        await do(pilot, "enter")
        assert problems(pilot) == {}


@pytest.mark.parametrize(
    ("options", "field", "text"),
    [
        (
            {"source_omi": "ami-84f82564"},
            "source_omi",
            'The account has no OMI "ami-84f82564". '
            "Did you mean ami-84f82563 (Ubuntu-24.04-2026.10.05-0)?",
        ),
        pytest.param(
            {"vm_type": "tinav6.c2r4p9"},
            "vm_type",
            'The account has no VM type "tinav6.c2r4p9". Did you mean tinav6.c2r4p2 or '
            "tinav6.c4r8p2 or tinav6.c1r1p2?",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"subregion_name": "paris"},
            "subregion_name",
            'The account has no subregion "paris". Choose one that it lists.',
            marks=pytest.mark.slow,
        ),
    ],
)
async def test_a_name_that_is_not_there_is_a_problem_at_its_field(
    options: dict[str, str],
    field: str,
    text: str,
    tmp_path: Path,
    pictured_account: Mapping[str, str],
) -> None:
    async with composing(tmp_path, pictured_account, given(**options)) as pilot:
        assert problems(pilot) == {(SOURCE, field): text}
        screen = compose_of(pilot)
        screen.focus_row(field)
        await settled(pilot)
        assert told(pilot) == "", "the problem says it"
        assert screen.why_not_build().startswith(text)


async def snapshot(there: OutscaleProcess) -> str:
    """Id of a snapshot that is made in an account."""
    async with OutscaleClient(resolve(ConnectionOptions(), there.variables)) as client:
        volume = await client.create_volume(
            {"SubregionName": "eu-west-2a", "Size": 1, "VolumeType": "gp2"}
        )
        made = await client.create_snapshot(volume.id, "data of the shop", "one")
        while made.state != "completed":
            found = await client.snapshots.find(made.id)
            assert found is not None
            made = found
    return made.id


async def test_names_in_nested_blocks_are_looked_up_and_checked(tmp_path: Path) -> None:
    async with outscale("--latency", "fast") as there:
        await nested(tmp_path, there, await snapshot(there))


async def nested(tmp_path: Path, there: OutscaleProcess, made: str) -> None:
    text = TEMPLATE.replace('b"\n', 'b"\n    snapshot_id = "snap-00000000"\n').replace(
        '  source_omi   = "ami-84f82563"\n',
        '  source_omi_filter {\n    filters = { "image-name" = "Ubuntu-24.04" }\n'
        '    owners = ["Outscal"]\n  }\n',
    )
    device, image = f"{SOURCE}/launch_block_device_mappings.0", f"{SOURCE}/source_omi_filter.0"
    async with composing(tmp_path, there.variables, text) as pilot:
        screen = compose_of(pilot)
        found = problems(pilot)
        assert set(found) == {
            (device, "snapshot_id"), (image, "owners"), (image, "filters"),
        }  # fmt: skip
        assert found[image, "owners"] == (
            'The account has no OMI of "Outscal". Did you mean Outscale?'
        )
        assert "Did you mean Ubuntu-24.04-2026.10.05-0?" in found[image, "filters"]

        screen.outline.select(device)
        await settled(pilot)
        await offered(pilot, "snapshot_id")
        await do(pilot, *"shop", "enter")
        assert f'snapshot_id = "{made}"' in shown_text(pilot)

        screen.outline.select(image)
        await settled(pilot)
        screen.focus_row("filters")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
        await press(pilot, *"image-name", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LookupDialog))
        options = pilot.app.screen.query_one(OptionList)
        await until(pilot, lambda: options.option_count == 3)
        await do(pilot, *"ubuntu-24", "enter")
        assert 'image-name = "Ubuntu-24.04-2026.10.05-0"' in shown_text(pilot)
        await offered(pilot, "owners")
        await do(pilot, "enter")
        assert field_text(pilot, "owners") == "Outscal\nOutscale"
        assert set(problems(pilot)) == {(image, "owners")}


async def test_data_sources_are_checked_as_builds_are(
    tmp_path: Path, pictured_account: Mapping[str, str]
) -> None:
    text = (
        given(subnet_id="subnet-00000001")
        + """
data "outscale-omi" "base" {
  filters = { "image-name" = "Ubuntu*", "image-id" = "ami-00000000" }
  owners  = ["self", "Outscale", "nobody"]
}
"""
    )
    async with composing(tmp_path, pictured_account, text) as pilot:
        found = problems(pilot)
        assert found["data.outscale-omi.base", "owners"].startswith('The account has no OMI of "no')
        assert found[SOURCE, "subnet_id"].startswith(
            'The account has no subnet "subnet-00000001". '
        )
        filters = found["data.outscale-omi.base", "filters"]
        assert filters.startswith('The account has no OMI "ami-00000000"')
        assert len(found) == 3
