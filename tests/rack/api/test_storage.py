"""Disks and snapshots beyond the seventeen points."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rack.site import GIB, site


async def test_a_disk_inherits_its_parents_block_size(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        blank = await there.disk("p", "blank", type="blank", block_size=4096)
        request = {"name": "s", "description": "", "disk": "blank"}
        snapshot = await there.post("/v1/snapshots", request, project="p")
        source = {"type": "snapshot", "snapshot_id": snapshot["id"]}
        copy = await there.disk("p", "copy", 8 * GIB, **source)
        assert copy["block_size"] == blank["block_size"] == 4096
        assert copy["snapshot_id"] == snapshot["id"]


async def test_a_read_only_disk_is_as_large_as_its_image_and_has_no_snapshots(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        image = await there.silo_image()
        source = {"type": "image", "image_id": image["id"], "read_only": True}
        body = {
            "name": "d",
            "description": "",
            "size": image["size"] + GIB,
            "disk_backend": {"type": "distributed", "disk_source": source},
        }
        assert (await there.refused("POST", "/v1/disks", body, project="p"))[0] == 400
        disk = await there.disk("p", "d", image["size"], **source)
        assert disk["read_only"] is True
        request = {"name": "s", "description": "", "disk": "d"}
        refusal = await there.refused("POST", "/v1/snapshots", request, project="p")
        assert refusal[2] == "can't create a snapshot of a read-only disk"


async def test_a_local_disk_has_large_blocks_and_no_snapshots(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = {
            "name": "d",
            "description": "",
            "size": 1500 * GIB,
            "disk_backend": {"type": "local"},
        }
        disk = await there.post("/v1/disks", body, project="p")
        assert (disk["disk_type"], disk["block_size"]) == ("local", 4096)
        request = {"name": "s", "description": "", "disk": "d"}
        refusal = await there.refused("POST", "/v1/snapshots", request, project="p")
        assert refusal[2] == "can't create a snapshot of a local storage disk"


async def test_a_disk_of_another_project_has_no_snapshot_here(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.project("other")
        disk = await there.disk("other", "d")
        request = {"name": "s", "description": "", "disk": disk["id"]}
        refusal = await there.refused("POST", "/v1/snapshots", request, project="p")
        assert refusal[:2] == (400, "InvalidRequest")


async def test_a_running_instances_disk_has_a_snapshot(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i")
        await there.settled(instance["id"], "running")
        request = {"name": "s", "description": "", "disk": "i"}
        snapshot = await there.post("/v1/snapshots", request, project="p")
        origin = there.hypervisor.disks.origin
        assert origin[snapshot["id"]] == instance["boot_disk_id"]


async def test_content_that_fails_leaves_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.disk("p", "d")

        async def full(disk_id: str, snapshot_id: str) -> None:
            raise OSError("no space left on device")

        monkeypatch.setattr(there.hypervisor.disks, "snapshot", full)
        request = {"name": "s", "description": "", "disk": "d"}
        refusal = await there.refused("POST", "/v1/snapshots", request, project="p")
        assert refusal == (500, "Internal", "Internal Server Error")
        assert (await there.get("/v1/snapshots", project="p"))["items"] == []
        storage = (await there.get("/v1/utilization"))["provisioned"]["storage"]
        assert storage == 4 * GIB


async def test_disks_are_sorted_as_asked(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        for name in ("b", "c", "a"):
            await there.disk("p", name)

        async def listed(sort_by: str, key: str) -> list[str]:
            page = await there.get("/v1/disks", project="p", sort_by=sort_by)
            return [item[key] for item in page["items"]]

        assert await listed("name_ascending", "name") == ["a", "b", "c"]
        assert await listed("name_descending", "name") == ["c", "b", "a"]
        ids = await listed("id_ascending", "id")
        assert ids == sorted(ids)
