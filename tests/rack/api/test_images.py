"""Images: lists of project and silo, creation, moves, deletion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.rack.site import Site, site


async def _image(there: Site, name: str, project: str | None = None) -> Any:
    disk = await there.disk("p", f"{name}-disk")
    request = {"name": f"{name}-snapshot", "description": "", "disk": disk["id"]}
    snapshot = await there.post("/v1/snapshots", request, project="p")
    body = {
        "name": name,
        "description": "made in a test",
        "os": "",
        "version": "",
        "source": {"type": "snapshot", "id": snapshot["id"]},
    }
    query = {} if project is None else {"project": project}
    return await there.post("/v1/images", body, **query)


def _names(page: Any) -> list[str]:
    return [item["name"] for item in page["items"]]


async def test_a_project_lists_its_own_images_and_the_silo_its_own(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await _image(there, "golden", "p")
        assert _names(await there.get("/v1/images", project="p")) == ["golden"]
        silo = ["debian-12", "ubuntu-22-04", "ubuntu-24-04"]
        assert _names(await there.get("/v1/images")) == silo


async def test_a_promoted_image_keeps_its_id_and_leaves_its_project(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        image = await _image(there, "golden", "p")
        promoted = await there.post("/v1/images/golden/promote", project="p")
        assert promoted["id"] == image["id"]
        assert promoted["project_id"] is None
        assert _names(await there.get("/v1/images", project="p")) == []
        assert (await there.get("/v1/images/golden"))["id"] == image["id"]


async def test_a_name_clash_stops_a_promotion(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await _image(there, "debian-12", "p")
        refusal = await there.refused("POST", "/v1/images/debian-12/promote", project="p")
        assert refusal == (
            400,
            "ObjectAlreadyExists",
            'already exists: silo-image "debian-12"',
        )


async def test_a_silo_image_can_be_made_directly(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        image = await _image(there, "golden")
        assert image["project_id"] is None


async def test_an_image_outlives_its_snapshot_and_disk(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        image = await _image(there, "golden", "p")
        await there.delete("/v1/snapshots/golden-snapshot", project="p")
        await there.delete("/v1/disks/golden-disk", project="p")
        source = {"type": "image", "image_id": image["id"]}
        disk = await there.disk("p", "again", **source)
        assert disk["image_id"] == image["id"]
        await there.delete(f"/v1/images/{image['id']}")
        assert (await there.get(f"/v1/disks/{disk['id']}"))["image_id"] == image["id"]


async def test_an_image_of_another_project_makes_no_disk(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.project("other")
        image = await _image(there, "golden", "p")
        body = {
            "name": "d",
            "description": "",
            "size": image["size"],
            "disk_backend": {
                "type": "distributed",
                "disk_source": {"type": "image", "image_id": image["id"]},
            },
        }
        refusal = await there.refused("POST", "/v1/disks", body, project="other")
        assert refusal == (400, "InvalidRequest", "image does not belong to this project")


async def test_a_failed_image_leaves_nothing(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await _image(there, "golden", "p")
        disks = there.hypervisor.disks
        before = dict(disks.origin)
        snapshot = await there.get("/v1/snapshots/golden-snapshot", project="p")
        body = {
            "name": "golden",
            "description": "",
            "os": "",
            "version": "",
            "source": {"type": "snapshot", "id": snapshot["id"]},
        }
        refusal = await there.refused("POST", "/v1/images", body, project="p")
        assert refusal == (
            400,
            "ObjectAlreadyExists",
            'already exists: project-image "golden"',
        )
        assert disks.origin == before


async def test_a_seeded_content_stays_while_an_image_shows_it(tmp_path: Path) -> None:
    async with site(tmp_path, seeded="demo") as there:
        base = await there.silo_image()
        await there.delete(f"/v1/images/{base['id']}")
        hardened = await there.get("/v1/images/ubuntu-24-04-hardened", project="web")
        source = {"type": "image", "image_id": hardened["id"]}
        await there.disk("web", "d", hardened["size"], **source)


async def test_there_is_no_way_to_change_an_image(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        image = await there.silo_image()
        reply = await there.client.put(f"/v1/images/{image['id']}", json={"name": "other"})
        assert reply.status_code == 405
        assert reply.headers["allow"] == "DELETE, GET"
