"""Looking around in an Outscale account, changing it, and beginning builds from it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.credentials import resolve
from screens.browse.detail_pane import DetailPane
from screens.builds import Job
from screens.compose.screen import ComposeScreen
from screens.connect.screen import ConnectScreen
from screens.dialogs.confirm import ConfirmDialog
from screens.places import Place
from screens.widgets.tick import Tick
from screens.widgets.top_line import TopLine
from tests.builders.outscale.bench import template
from tests.outscale_process import OutscaleProcess, outscale
from tests.screens.accounts import account_services, keep_profiles, on_account
from tests.screens.driving import (
    app_of,
    browse_of,
    current,
    loaded,
    names,
    press,
    running,
    toasts,
    until,
)


def _client(there: OutscaleProcess) -> OutscaleClient:
    return OutscaleClient(resolve(ConnectionOptions(), there.variables))


def _details(pilot: Pilot[int]) -> str:
    return browse_of(pilot).query_one(DetailPane).text


async def _tab(pilot: Pilot[int], key: str) -> None:
    await press(pilot, key)
    await loaded(pilot)


async def test_the_top_line_says_whose_things_these_are(
    pictured_account: Mapping[str, str], tmp_path: Path
) -> None:
    async with on_account(tmp_path, pictured_account) as pilot:
        top = browse_of(pilot).query_one(TopLine)
        assert top.rack == "environment · Outscale eu-west-2 · account 123456789012"
        assert top.crumbs == "OMIs"
        assert len(names(pilot)) == 3
        assert pictured_account["OSC_SECRET_KEY"] not in pilot.app.export_screenshot()


async def test_what_is_of_racks_alone_is_not_offered_and_says_why(
    pictured_account: Mapping[str, str], tmp_path: Path
) -> None:
    async with on_account(tmp_path, pictured_account) as pilot:
        ids = {offer.action.id for offer in app_of(pilot).offers(pilot.app.screen)}
        assert {"outscale.compose", "browse.copy-id", "browse.related"} <= ids
        assert not ids & {"images.promote", "images.upload", "images.boot", "browse.choose-project"}
        await press(pilot, "u")
        assert "are of Oxide racks" in toasts(pilot)[-1]
        await press(pilot, "d")
        assert (
            "belongs to Outscale; only what is your account's can be deleted" in toasts(pilot)[-1]
        )


async def test_a_row_is_copied_as_the_api_names_its_fields(
    pictured_account: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    async with on_account(tmp_path, pictured_account) as pilot:
        monkeypatch.setattr(pilot.app, "copy", lambda text, what: copied.append(text))
        await press(pilot, "y", "Y")
        assert copied[0] == current(pilot).image_id
        assert json.loads(copied[1])["ImageId"] == copied[0]


async def test_the_palette_goes_to_kinds_of_the_account(
    pictured_account: Mapping[str, str], tmp_path: Path
) -> None:
    async with on_account(tmp_path, pictured_account) as pilot:
        await press(pilot, "colon", *"sec /default", "enter")
        await until(pilot, lambda: browse_of(pilot).resource.id == "security-groups")
        await loaded(pilot)
        assert names(pilot) == ["default", "default"]
        await until(pilot, lambda: "Inbound" in _details(pilot))


async def _furnish(there: OutscaleProcess) -> dict[str, Any]:
    """A VM with a name, a volume that is spare, and an own OMI with its snapshot."""
    async with _client(there) as client:
        (image, *_) = await client.images.list()
        (subnet,) = await client.subnets.list()
        vm = await client.create_vm(
            {"ImageId": image.id, "VmType": "tinav6.c1r1p2", "SubnetId": subnet.id}
        )
        volume = await client.call(
            "CreateVolume", Size=12, VolumeType="gp2", SubregionName="eu-west-2a"
        )
        spare = volume["Volume"]["VolumeId"]
        line = (
            b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZb2f1c0ZC3q7mPpS6l0wCzJ2i2z7JtYxq9pZ0m1abc me"
        )
        await client.create_keypair("desk", b64encode(line).decode())
        await client.call("CreatePublicIp")
        for id_, name in ((vm.id, "web-1"), (spare, "spare")):
            await client.call(
                "CreateTags", ResourceIds=[id_], Tags=[{"Key": "Name", "Value": name}]
            )
        taken = await client.call("CreateSnapshot", VolumeId=spare, Description="before")
        snapshot = taken["Snapshot"]["SnapshotId"]
        while (await client.snapshots.list({"SnapshotIds": [snapshot]}))[0].state != "completed":
            pass
        await client.call("CreateSnapshot", VolumeId=spare, Description="after")
        own = await client.create_image(
            {
                "ImageName": "golden",
                "RootDeviceName": "/dev/sda1",
                "BlockDeviceMappings": [
                    {
                        "DeviceName": "/dev/sda1",
                        "Bsu": {"SnapshotId": snapshot, "VolumeSize": 12},
                    }
                ],
            }
        )
        return {"vm": vm.id, "spare": spare, "own": own.id, "snapshot": snapshot}


async def test_from_a_vm_to_its_volumes_and_deleting_what_is_spare(tmp_path: Path) -> None:
    async with outscale() as there:
        made = await _furnish(there)
        async with on_account(tmp_path, there.variables) as pilot:
            for key in "123456789":
                await _tab(pilot, key)
                assert current(pilot).name in _details(pilot), key
            await _tab(pilot, "2")
            assert names(pilot) == ["web-1"]
            await until(pilot, lambda: "1 volume" in _details(pilot))
            (volume,) = current(pilot).volume_ids
            await press(pilot, "v")
            await press(pilot, "enter")
            await until(pilot, lambda: browse_of(pilot).resource.id == "volumes")
            await loaded(pilot)
            assert [row.id for row in (current(pilot),)] == [volume]
            assert len(names(pilot)) == 1
            await until(pilot, lambda: "web-1" in _details(pilot))
            await press(pilot, "d")
            assert "only what is available or error can be deleted" in toasts(pilot)[-1]
            await press(pilot, "escape", "/", *"spare", "enter", "d")
            await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
            await press(pilot, *"spare", "enter")
            await until(pilot, lambda: "Deleted spare" in toasts(pilot))
            await _tab(pilot, "1")
            await press(pilot, "/", *"golden", "enter", "d")
            await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
            pilot.app.screen.query_one(Tick).value = True  # with its snapshot
            await press(pilot, *"golden", "enter")
            await until(pilot, lambda: "Deleted golden" in toasts(pilot))
            await _tab(pilot, "4")
            await press(pilot, "/", *"after", "enter")
            await until(pilot, lambda: current(pilot).state == "completed")
            after = current(pilot).id
            await press(pilot, "d")
            await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
            await press(pilot, *after, "enter")
            await until(pilot, lambda: f"Deleted {after}" in toasts(pilot))
            async with _client(there) as client:
                assert await client.images.find(made["own"]) is None
                assert await client.volumes.find(made["spare"]) is None
                assert await client.snapshots.find(made["snapshot"]) is None
                assert await client.snapshots.find(after) is None
                await client.call("DeleteVms", VmIds=[made["vm"]])


async def test_nothing_is_deleted_through_a_profile_that_is_read_only(
    pictured_account: Mapping[str, str], tmp_path: Path
) -> None:
    keep_profiles(tmp_path, default=pictured_account)
    async with on_account(tmp_path, {}, settings={"profiles.default.read_only": "true"}) as pilot:
        await press(pilot, "d")
        assert "read-only" in toasts(pilot)[-1]


async def test_a_build_goes_to_the_account_that_was_chosen(tmp_path: Path) -> None:
    async with outscale() as there:
        # What the environment and the default profile name is another account, which does not exist.
        keep_profiles(tmp_path, work=there.variables, default={
            **there.variables, "OSC_ACCESS_KEY": "AKNOBODY",
        })  # fmt: skip
        async with running(account_services(tmp_path, {})) as pilot:
            await until(pilot, lambda: app_of(pilot).connector.state)
            await press(pilot, "ctrl+o")
            await until(pilot, lambda: isinstance(pilot.app.screen, ConnectScreen))
            await press(pilot, "home", "enter")
            await until(pilot, lambda: app_of(pilot).connector.link)
            await loaded(pilot)
            text = template(source=f'ssh_port = {there.ssh_port}\nregion = "eu-west-2"')
            app_of(pilot).start_build(Job("t.pkr.hcl", text, needs_rack=False))
            await until(pilot, lambda: app_of(pilot).builds.all)
            session = app_of(pilot).builds.all[-1]
            await until(pilot, lambda: session.is_over)
        async with _client(there) as client:
            assert [each.name for each in await client.images.list({"ImageNames": ["made"]})] == [
                "made"
            ]


async def test_compose_says_where_a_build_goes(
    pictured_account: Mapping[str, str], tmp_path: Path
) -> None:
    keep_profiles(tmp_path, other={**pictured_account, "OSC_ACCESS_KEY": "AKOTHER"})
    file = tmp_path / "t.pkr.hcl"
    file.write_text(template())
    host = pictured_account["OSC_ENDPOINT_API"].split("/")[2]
    given = account_services(tmp_path, pictured_account)
    async with running(given, template=file) as pilot:
        await until(pilot, lambda: app_of(pilot).connector.link)
        screen = app_of(pilot).place_screen("compose")
        assert isinstance(screen, ComposeScreen)
        here = "builds on environment · Outscale eu-west-2 · account 123456789012"
        await until(pilot, lambda: screen.plan.rack.text == here)
        file.write_text(template(source='profile = "other"'))
        await app_of(pilot).go(Place("compose", ("file", str(file))))
        await until(pilot, lambda: screen.plan.rack.text.endswith("not here"))
        assert screen.plan.rack.text == f'builds on {host} (profile "other"), not here'
        assert screen.plan.rack.other


async def test_an_oxide_template_is_not_built_on_an_account(
    pictured_account: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "t.pkr.hcl"
    file.write_text(
        'source "oxide-instance" "t" {\n  project = "p"\n  boot_disk_image_id = "i"\n'
        '  ssh_username = "u"\n  artifact_name = "a"\n}\n'
        'build {\n  sources = ["source.oxide-instance.t"]\n}\n'
    )
    given = account_services(tmp_path, pictured_account)
    async with running(given, template=file) as pilot:
        await until(pilot, lambda: app_of(pilot).connector.link)
        screen = app_of(pilot).place_screen("compose")
        assert isinstance(screen, ComposeScreen)
        await until(pilot, lambda: screen.settled and screen.checked is not None)
        assert screen.why_not_build() == "Connect to a rack first (ctrl+o)."
