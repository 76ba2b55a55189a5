"""Instances: what belongs to them, and what a create may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rack.site import GIB, Site, site

KEY = "ssh-ed25519 AAAA test"


async def _key(there: Site, name: str) -> Any:
    body = {"name": name, "description": "", "public_key": KEY}
    return await there.post("/v1/me/ssh-keys", body)


def _names(page: Any) -> list[str]:
    return [item["name"] for item in page["items"]]


@pytest.mark.parametrize(
    ("wanted", "given"), [(None, ["a", "b"]), ([], []), (["b"], ["b"])], ids=["all", "none", "one"]
)
async def test_keys_are_those_named_or_all(
    tmp_path: Path, wanted: list[str] | None, given: list[str]
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await _key(there, "a")
        await _key(there, "b")
        await there.instance("p", "i", ssh_public_keys=wanted, start=False)
        assert _names(await there.get("/v1/instances/i/ssh-public-keys", project="p")) == given


async def test_a_deleted_key_stays_with_its_instance(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        key = await _key(there, "a")
        await there.instance("p", "i", start=False)
        await there.delete("/v1/me/ssh-keys/a")
        page = await there.get("/v1/instances/i/ssh-public-keys", project="p")
        assert page["items"] == [key]
        await there.post("/v1/instances/i/start", project="p")
        await there.settled((await there.get("/v1/instances/i", project="p"))["id"], "running")
        assert there.hypervisor.starts[0].ssh_keys == (KEY,)


async def test_an_unknown_key_is_404(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = await there.new("i", ssh_public_keys=["nobody"])
        refusal = await there.refused("POST", "/v1/instances", body, project="p")
        assert refusal == (404, "ObjectNotFound", 'not found: ssh-key with name "nobody"')


async def test_a_create_is_all_or_nothing(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = await there.new("i", disks=[{"type": "attach", "name": "absent"}])
        refusal = await there.refused("POST", "/v1/instances", body, project="p")
        assert refusal == (404, "ObjectNotFound", 'not found: disk with name "absent"')
        assert (await there.get("/v1/instances", project="p"))["items"] == []
        assert (await there.get("/v1/disks", project="p"))["items"] == []
        await there.instance("p", "i")


async def test_content_that_fails_unwinds_the_create(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        data = await there.disk("p", "data")

        async def full(disk_id: str, source_id: str) -> None:
            raise OSError("no space left on device")

        monkeypatch.setattr(there.hypervisor.disks, "create_from", full)
        body = await there.new("i", disks=[{"type": "attach", "name": "data"}])
        refusal = await there.refused("POST", "/v1/instances", body, project="p")
        assert refusal == (500, "Internal", "Internal Server Error")
        assert _names(await there.get("/v1/disks", project="p")) == ["data"]
        kept = await there.get(f"/v1/disks/{data['id']}")
        assert kept["state"] == {"state": "detached"}


async def test_a_machine_is_told_what_the_create_said(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance(
            "p", "i", hostname="host.example", ncpus=2, memory=4 * GIB, user_data="IyEvYmluL3No"
        )
        await there.settled(instance["id"], "running")
        (spec,) = there.hypervisor.starts
        assert (spec.name, spec.hostname) == ("i", "host.example")
        assert (spec.cpus, spec.memory) == (2, 4 * GIB)
        assert spec.user_data == b"#!/bin/sh"
        assert spec.disk_id == instance["boot_disk_id"]


async def test_an_existing_disk_can_be_the_boot_disk(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        image = await there.silo_image()
        disk = await there.disk("p", "boot", type="image", image_id=image["id"])
        boot = {"type": "attach", "name": "boot"}
        instance = await there.instance("p", "i", boot_disk=boot, start=False)
        assert instance["boot_disk_id"] == disk["id"]
        attached = await there.get(f"/v1/disks/{disk['id']}")
        assert attached["state"] == {"state": "attached", "instance": instance["id"]}


async def test_an_instance_without_a_disk_waits_in_its_firmware(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i", boot_disk=None)
        await there.settled(instance["id"], "running")
        assert there.hypervisor.starts == []
        history = await there.get(
            f"/v1/instances/{instance['id']}/serial-console", most_recent=4096
        )
        assert b"Shell>" in bytes(history["data"])


async def test_disks_come_and_go_while_the_instance_is_stopped(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i", start=False)
        path = f"/v1/instances/{instance['id']}"
        await there.disk("p", "data")
        attached = await there.post(f"{path}/disks/attach", {"disk": "data"})
        assert attached["state"] == {"state": "attached", "instance": instance["id"]}
        assert _names(await there.get(f"{path}/disks")) == ["data", "i"]
        refusal = await there.refused("POST", f"{path}/disks/detach", {"disk": "i"})
        assert refusal == (409, "Conflict", "boot disk cannot be detached")
        await there.post(f"{path}/start")
        await there.settled(instance["id"], "running")
        refusal = await there.refused("POST", f"{path}/disks/detach", {"disk": "data"})
        assert refusal[:2] == (400, "InvalidRequest")
        await there.post(f"{path}/stop")
        await there.settled(instance["id"], "stopped")
        detached = await there.post(f"{path}/disks/detach", {"disk": "data"})
        assert detached["state"] == {"state": "detached"}


async def test_a_disk_of_another_instance_cannot_be_attached(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.instance("p", "first", start=False)
        await there.instance("p", "second", start=False)
        refusal = await there.refused(
            "POST", "/v1/instances/second/disks/attach", {"disk": "first"}, project="p"
        )
        assert refusal[:2] == (400, "InvalidRequest")


async def test_at_most_twelve_disks(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disks = [{"type": "attach", "name": f"d{number}"} for number in range(12)]
        body = await there.new("i", disks=disks)
        refusal = await there.refused("POST", "/v1/instances", body, project="p")
        assert refusal == (
            400,
            "InvalidRequest",
            "cannot attach more than 12 disks to instance",
        )


async def test_the_boot_disk_and_size_change_only_while_stopped(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i")
        await there.settled(instance["id"], "running")
        path = f"/v1/instances/{instance['id']}"
        body = {
            "boot_disk": None,
            "ncpus": 2,
            "memory": 2 * GIB,
            "auto_restart_policy": "never",
            "cpu_platform": None,
            "enable_jumbo_frames": False,
        }
        assert (await there.refused("PUT", path, body))[:2] == (409, "Conflict")
        same = {**body, "boot_disk": "i", "ncpus": 1, "memory": GIB}
        changed = (await there.ok("PUT", path, same)).json()
        assert changed["auto_restart_enabled"] is False
        await there.post(f"{path}/stop")
        await there.settled(instance["id"], "stopped")
        changed = (await there.ok("PUT", path, body)).json()
        assert (changed["boot_disk_id"], changed["ncpus"]) == (None, 2)
        detached = await there.post(f"{path}/disks/detach", {"disk": "i"})
        assert detached["state"] == {"state": "detached"}


async def test_a_boot_disk_must_be_attached(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i", start=False)
        await there.disk("p", "loose")
        body = {
            "boot_disk": "loose",
            "ncpus": 1,
            "memory": GIB,
            "auto_restart_policy": None,
            "cpu_platform": None,
            "enable_jumbo_frames": False,
        }
        refusal = await there.refused("PUT", f"/v1/instances/{instance['id']}", body)
        assert refusal[:2] == (409, "Conflict")


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"ncpus": 255}, 400, "cannot have more than 254 vCPUs per instance"),
        ({"memory": 0}, 400, 'unsupported value for "size": memory must be at least 1 GiB'),
        (
            {"anti_affinity_groups": ["g"]},
            404,
            'not found: anti-affinity-group with name "g"',
        ),
        (
            {"external_ips": [{"type": "floating", "floating_ip": "f"}]},
            404,
            'not found: floating-ip with name "f"',
        ),
        ({"enable_jumbo_frames": True}, 400, "jumbo frames are not enabled for this fleet"),
    ],
)
async def test_a_create_that_asks_too_much(
    tmp_path: Path, changes: dict[str, Any], status: int, message: str
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = await there.new("i", **changes)
        refusal = await there.refused("POST", "/v1/instances", body, project="p")
        assert (refusal[0], refusal[2]) == (status, message)


async def test_a_bad_host_name_is_named(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = await there.new("i", hostname="under_score")
        status, code, message = await there.refused("POST", "/v1/instances", body, project="p")
        assert (status, code) == (400, None)
        assert message.startswith("unable to parse JSON body: hostname: ")


async def test_there_are_no_anti_affinity_groups(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.instance("p", "i", start=False)
        none = {"items": [], "next_page": None}
        assert await there.get("/v1/anti-affinity-groups", project="p") == none
        assert await there.get("/v1/instances/i/anti-affinity-groups", project="p") == none
