"""Raw images come in block by block."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from tests.rack.site import site


def _piece(offset: int, data: bytes) -> dict[str, Any]:
    return {"offset": offset, "base64_encoded_data": base64.b64encode(data).decode()}


async def test_an_import_goes_through_its_states_and_ends_with_a_snapshot(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disk = await there.disk("p", "d", type="importing_blocks", block_size=512)
        path = f"/v1/disks/{disk['id']}"

        async def state() -> str:
            return str((await there.get(path))["state"]["state"])

        assert await state() == "import_ready"
        await there.post(f"{path}/bulk-write-start")
        assert await state() == "importing_from_bulk_writes"
        largest = bytes(range(256)) * 2048
        await there.post(f"{path}/bulk-write", _piece(1024 * 1024, largest))
        await there.post(f"{path}/bulk-write", _piece(0, b"\xeb" * 512))
        await there.post(f"{path}/bulk-write-stop")
        assert await state() == "import_ready"
        await there.post(f"{path}/finalize", {"snapshot_name": "s"})
        assert await state() == "detached"
        snapshot = await there.get("/v1/snapshots/s", project="p")
        assert (snapshot["disk_id"], snapshot["state"]) == (disk["id"], "ready")
        written = there.hypervisor.disks.written[disk["id"]]
        assert written == {1024 * 1024: largest, 0: b"\xeb" * 512}


async def test_steps_out_of_order_name_the_state(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disk = await there.disk("p", "d", type="importing_blocks", block_size=512)
        path = f"/v1/disks/{disk['id']}"
        refusal = await there.refused("POST", f"{path}/bulk-write", _piece(0, bytes(512)))
        assert refusal == (
            400,
            "InvalidRequest",
            "cannot import blocks with a bulk write for disk in state ImportReady",
        )
        await there.post(f"{path}/bulk-write-start")
        refusal = await there.refused("POST", f"{path}/finalize", {})
        assert refusal == (
            400,
            "InvalidRequest",
            "cannot finalize disk in state ImportingFromBulkWrites",
        )
        status, _, message = await there.refused("POST", f"{path}/bulk-write-start")
        assert status == 400
        assert message.startswith("cannot set disk in state ImportingFromBulkWrites")
        refusal = await there.refused("DELETE", path)
        assert refusal[2] == 'disk cannot be deleted in state "importing_from_bulk_writes"'


async def test_a_write_behind_the_end_is_refused(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disk = await there.disk("p", "d", type="importing_blocks", block_size=512)
        path = f"/v1/disks/{disk['id']}"
        await there.post(f"{path}/bulk-write-start")
        body = _piece(disk["size"], bytes(512))
        status, code, message = await there.refused("POST", f"{path}/bulk-write", body)
        assert (status, code) == (400, "InvalidRequest")
        assert "past the end of the disk" in message


async def test_what_is_no_base64_is_refused(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disk = await there.disk("p", "d", type="importing_blocks", block_size=512)
        path = f"/v1/disks/{disk['id']}"
        await there.post(f"{path}/bulk-write-start")
        body = {"offset": 0, "base64_encoded_data": "***"}
        status, code, message = await there.refused("POST", f"{path}/bulk-write", body)
        assert (status, code) == (400, "InvalidRequest")
        assert "base64" in message


async def test_a_failed_finalize_can_be_tried_again(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        other = await there.disk("p", "other")
        request = {"name": "taken", "description": "", "disk": other["id"]}
        await there.post("/v1/snapshots", request, project="p")
        disk = await there.disk("p", "d", type="importing_blocks", block_size=512)
        path = f"/v1/disks/{disk['id']}/finalize"
        refusal = await there.refused("POST", path, {"snapshot_name": "taken"})
        assert refusal[:2] == (400, "ObjectAlreadyExists")
        await there.post(path, {"snapshot_name": "free"})
