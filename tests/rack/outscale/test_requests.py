"""What every action has in common: errors, paging, filters, dry runs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from oxtui.rack.outscale.actions.registry import ACTIONS
from tests.rack.outscale.site import site


async def test_errors_have_the_status_the_code_and_the_request_id(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        assert await there.refused("ReadVms", Colour=1) == (400, "3001")
        assert await there.refused("StopVms") == (400, "7000")
        assert await there.refused("StopVms", VmIds="i-12345678") == (400, "4108")
        assert await there.refused("StopVms", VmIds=["vm-12345678"]) == (400, "4104")
        assert await there.refused("StopVms", VmIds=["i-1234"]) == (400, "4105")
        assert await there.refused("StopVms", VmIds=["i-12345678"]) == (400, "5063")
        reply = await there.http.get("http://api.test/api/v1/ReadVms")
        assert (reply.status_code, reply.json()["Errors"][0]["Code"]) == (405, "2")
        reply = await there.http.post("http://api.test/api/v1/ReadVms", content=b"{}")
        assert (reply.status_code, reply.json()["Errors"][0]["Code"]) == (403, "10")
        reply = await there.http.post("http://api.test/api/v1/ReadPlanets")
        assert (reply.status_code, reply.json()["Errors"][0]["Code"]) == (404, "5011")


async def test_pages_follow_each_other_whatever_comes_or_goes(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        volumes = [await there.volume() for _ in range(5)]
        expected = sorted(volume["VolumeId"] for volume in volumes)
        found, token = [], {}
        while True:
            page = await there.ok("ReadVolumes", ResultsPerPage=2, **token)
            found += [each["VolumeId"] for each in page["Volumes"]]
            if "NextPageToken" not in page:
                break
            token = {"NextPageToken": page["NextPageToken"]}
            if len(found) == 2:
                await there.ok("DeleteVolume", VolumeId=found[1])
        assert found == expected
        for size in (0, 1001):
            assert await there.refused("ReadVolumes", ResultsPerPage=size) == (400, "4047")


@pytest.mark.parametrize(
    ("filters", "matches"),
    [
        ({}, True),
        ({"VolumeIds": []}, True),
        ({"VolumeSizes": [1, 7]}, True),
        ({"VolumeSizes": [7]}, False),
        ({"VolumeStates": ["available"], "SubregionNames": ["eu-west-2b"]}, False),
        ({"TagKeys": ["team"]}, True),
        ({"TagValues": ["images"]}, True),
        ({"Tags": ["team=images"]}, True),
        ({"Tags": ["team=web"]}, False),
        ({"LinkVolumeVmIds": ["i-12345678"]}, False),
    ],
)
async def test_filters_choose_and_an_empty_list_does_not(
    tmp_path: Path, filters: dict[str, Any], matches: bool
) -> None:
    async with site(tmp_path) as there:
        volume = await there.volume()
        tag = {"Key": "team", "Value": "images"}
        await there.ok("CreateTags", ResourceIds=[volume["VolumeId"]], Tags=[tag])
        found = (await there.ok("ReadVolumes", Filters=filters))["Volumes"]
        assert bool(found) == matches


async def test_a_filter_that_is_not_simulated_is_an_error(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        reply = await there.send("ReadVms", {"Filters": {"Platforms": ["linux"]}})
        assert reply.status_code == 400
        (error,) = reply.json()["Errors"]
        assert (error["Code"], error["Type"]) == ("0", "OperationNotSupported")
        assert error["Details"].startswith(
            "the simulated Outscale has no filter Platforms: it knows"
        )


async def test_a_dry_run_checks_and_does_nothing(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        body = {"SubregionName": "eu-west-2a", "Size": 1, "DryRun": True}
        assert (await there.ok("CreateVolume", **body)).keys() == {"ResponseContext"}
        assert await there.refused("CreateVolume", DryRun=True) == (400, "7000")
        assert there.leftovers() == set()


async def test_tags_are_set_replaced_listed_and_removed(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        identifier = (await there.volume())["VolumeId"]
        for value in ("one", "two"):
            tag = {"Key": "build", "Value": value}
            await there.ok("CreateTags", ResourceIds=[identifier], Tags=[tag])
        shown = await there.ok("ReadTags", Filters={"ResourceTypes": ["volume"]})
        expected = {
            "ResourceId": identifier,
            "ResourceType": "volume",
            "Key": "build",
            "Value": "two",
        }
        assert shown["Tags"] == [expected]
        await there.ok(
            "DeleteTags", ResourceIds=[identifier], Tags=[{"Key": "build", "Value": "one"}]
        )
        assert (await there.one("Volume", identifier))["Tags"] == [{"Key": "build", "Value": "two"}]
        await there.ok(
            "DeleteTags", ResourceIds=[identifier], Tags=[{"Key": "build", "Value": "two"}]
        )
        assert (await there.one("Volume", identifier))["Tags"] == []
        refused = await there.refused("CreateTags", ResourceIds=["vol-12345678"], Tags=[])
        assert refused == (400, "5044")


async def test_the_account_and_its_region_are_shown(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        (account,) = (await there.ok("ReadAccounts"))["Accounts"]
        assert account["AccountId"] == there.cloud.account.id
        (region,) = (await there.ok("ReadRegions"))["Regions"]
        assert region["RegionName"] == "eu-west-2"
        names = [each["SubregionName"] for each in (await there.ok("ReadSubregions"))["Subregions"]]
        assert names == ["eu-west-2a", "eu-west-2b"]
        types = await there.ok("ReadVmTypes", Filters={"VmTypeNames": ["tinav6.c2r4p2"]})
        assert [(each["VcoreCount"], each["MemorySize"]) for each in types["VmTypes"]] == [(2, 4.0)]


async def test_a_reply_that_breaks_the_description_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(cloud: object, body: object) -> dict[str, Any]:
        return {"Accounts": [{"AccountId": 1}]}

    monkeypatch.setitem(ACTIONS, "ReadAccounts", wrong)
    async with site(tmp_path) as there:
        assert await there.refused("ReadAccounts") == (500, "2000")


async def test_of_two_requests_for_one_name_one_succeeds(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        body = {"KeypairName": "packer"}
        replies = await asyncio.gather(*(there.send("CreateKeypair", body) for _ in range(2)))
        assert sorted(reply.status_code for reply in replies) == [200, 409]
