"""The seventeen places where a naive fake of the rack goes wrong, one test each."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from tests.rack.site import GIB, site

ABSENT = "5a7d4ab6-bd35-4a0d-8dcd-6a8f3d2f0a11"


async def test_point_1_a_taken_name_is_400_with_code_and_request_id(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project("web")
        body = {"name": "web", "description": ""}
        reply = await there.client.post("/v1/projects", json=body)
        assert reply.status_code == 400
        error = reply.json()
        assert error["error_code"] == "ObjectAlreadyExists"
        assert error["message"] == 'already exists: project "web"'
        assert error["request_id"] == reply.headers["x-request-id"]


@pytest.mark.parametrize("kind", ["disk", "instance", "snapshot", "image"])
async def test_point_2_an_id_with_a_project_is_400(tmp_path: Path, kind: str) -> None:
    async with site(tmp_path) as there:
        await there.project()
        refusal = await there.refused("GET", f"/v1/{kind}s/{ABSENT}", project="p")
        assert refusal == (
            400,
            "InvalidRequest",
            f"when providing {kind} as an ID project should not be specified",
        )


async def test_point_2_a_create_may_name_things_in_its_project_by_id(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disk = await there.disk("p", "d")
        body = {"name": "s", "description": "", "disk": disk["id"]}
        snapshot = await there.post("/v1/snapshots", body, project="p")
        assert snapshot["disk_id"] == disk["id"]


async def test_point_2_a_name_without_its_project_is_400(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        refusal = await there.refused("GET", "/v1/disks/d")
        assert refusal == (
            400,
            "InvalidRequest",
            "disk should either be UUID or project should be specified",
        )


async def test_point_3_next_page_is_set_on_every_page_with_items(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        for name in ("a", "b", "c"):
            await there.project(name)
        first = await there.get("/v1/projects", limit=2)
        assert [item["name"] for item in first["items"]] == ["a", "b"]
        last = await there.get("/v1/projects", limit=2, page_token=first["next_page"])
        assert [item["name"] for item in last["items"]] == ["c"]
        end = await there.get("/v1/projects", limit=2, page_token=last["next_page"])
        assert end == {"items": [], "next_page": None}


async def test_point_4_names_are_lower_case_only(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        status, code, message = await there.refused(
            "POST", "/v1/projects", {"name": "webServer", "description": ""}
        )
        assert (status, code) == (400, None)
        assert message == (
            'unable to parse JSON body: name: name contains invalid character: "S" (allowed '
            'characters are lowercase ASCII, digits, and "-") at line 1 column 19'
        )


async def test_point_5_the_reply_to_a_disk_create_says_creating(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disk = await there.disk("p", "d")
        assert disk["state"] == {"state": "creating"}
        assert (await there.get(f"/v1/disks/{disk['id']}"))["state"] == {"state": "detached"}


async def test_point_6_changes_of_state_are_202_and_come_later(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i")
        path = f"/v1/instances/{instance['id']}"
        assert instance["run_state"] == "starting"
        await there.settled(instance["id"], "running")
        refusal = await there.refused("DELETE", path)
        assert refusal == (
            400,
            "InvalidRequest",
            "cannot delete instance: instance is running or has not yet fully stopped",
        )
        for change, shown, then in (
            ("reboot", "rebooting", "running"),
            ("stop", "stopping", "stopped"),
        ):
            reply = await there.ok("POST", f"{path}/{change}")
            assert (reply.status_code, reply.json()["run_state"]) == (202, shown)
            await there.settled(instance["id"], then)


async def test_point_6_deleting_an_instance_detaches_its_disks(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i", start=False)
        await there.delete("/v1/instances/i", project="p")
        disk = await there.get(f"/v1/disks/{instance['boot_disk_id']}")
        assert disk["state"] == {"state": "detached"}
        gone = await there.refused("DELETE", f"/v1/instances/{instance['id']}")
        assert gone == (404, "ObjectNotFound", f'not found: instance with id "{instance["id"]}"')


async def test_point_7_an_attached_disk_cannot_be_deleted(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i", start=False)
        path = f"/v1/disks/{instance['boot_disk_id']}"
        refusal = await there.refused("DELETE", path)
        assert refusal == (
            400,
            "InvalidRequest",
            'disk cannot be deleted in state "attached"',
        )
        await there.delete(f"/v1/instances/{instance['id']}")
        await there.delete(path)
        assert (await there.refused("DELETE", path))[0] == 404


async def test_point_8_a_snapshot_of_a_stopped_instances_disk_costs_storage(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.project("other")
        instance = await there.instance("p", "i", start=False)
        before = (await there.get("/v1/utilization"))["provisioned"]["storage"]
        body = {"name": "s", "description": "", "disk": "i"}
        snapshot = await there.post("/v1/snapshots", body, project="p")
        assert snapshot["state"] == "ready"
        assert snapshot["disk_id"] == instance["boot_disk_id"]
        after = (await there.get("/v1/utilization"))["provisioned"]["storage"]
        assert (before, after) == (4 * GIB, 8 * GIB)
        image = {
            "name": "golden",
            "description": "",
            "os": "ubuntu",
            "version": "24.04-1",
            "source": {"type": "snapshot", "id": snapshot["id"]},
        }
        refusal = await there.refused("POST", "/v1/images", image, project="other")
        assert refusal == (400, "InvalidRequest", "snapshot does not belong to this project")
        made = await there.post("/v1/images", image, project="p")
        assert made["size"] == snapshot["size"]
        unchanged = (await there.get("/v1/utilization"))["provisioned"]["storage"]
        assert unchanged == after


async def test_point_9_external_addresses_include_the_outbound_one(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        ephemeral = {"type": "ephemeral", "pool_selector": {"type": "auto", "ip_version": "v4"}}
        await there.instance("p", "i", external_ips=[ephemeral])
        addresses = await there.get("/v1/instances/i/external-ips", project="p")
        assert addresses["next_page"] is None
        by_kind = {address["kind"]: address for address in addresses["items"]}
        assert set(by_kind) == {"snat", "ephemeral"}
        assert by_kind["snat"]["ip"].startswith("198.51.100.")
        assert by_kind["snat"]["last_port"] - by_kind["snat"]["first_port"] == 16383
        assert by_kind["ephemeral"]["ip"] == "127.9.9.1"


async def test_point_10_serial_history_is_bytes_of_a_running_instance(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i")
        path = f"/v1/instances/{instance['id']}/serial-console"
        refusal = await there.refused("GET", path, from_start=0)
        assert refusal == (
            400,
            "InvalidRequest",
            'cannot connect to serial console of instance in state "starting"',
        )
        await there.settled(instance["id"], "running")
        machine = there.hypervisor.running[instance["id"]]
        machine.listener.serial(b"x" * 20_000)
        history = await there.get(path, from_start=0)
        assert bytes(history["data"]).startswith(b"booting i\r\n")
        assert len(history["data"]) == history["last_byte_offset"] == 16 * 1024
        neither = await there.refused("GET", path)
        assert neither == (500, "Internal", "Internal Server Error")


async def test_point_11_a_newer_api_version_is_400(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        reply = await there.client.get("/v1/ping", headers={"API-Version": "2027010100.0.0"})
        assert reply.status_code == 400
        error = reply.json()
        assert error["message"] == "server does not support this API version: 2027010100.0.0"
        assert "error_code" not in error


@pytest.mark.parametrize("authorization", ["", "Bearer x", "Bearer oxide-token-" + "0" * 40])
async def test_point_12_a_missing_or_unknown_token_is_401(
    tmp_path: Path, authorization: str
) -> None:
    async with site(tmp_path) as there:
        headers = {"Authorization": authorization}
        reply = await there.client.get("/v1/me", headers=headers)
        assert reply.status_code == 401
        error = reply.json()
        assert error["error_code"] == "Unauthorized"
        assert error["message"] == "credentials missing or invalid"


async def test_point_12_an_expired_token_is_401(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        secret = "oxide-token-" + "a" * 40
        there.rack.login.issue(secret, there.clock() + timedelta(hours=1))
        headers = {"Authorization": f"Bearer {secret}"}
        assert (await there.client.get("/v1/me", headers=headers)).status_code == 200
        there.clock.time += timedelta(hours=2)
        assert (await there.client.get("/v1/me", headers=headers)).status_code == 401


async def test_point_13_processors_and_memory_are_counted_at_start(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i", ncpus=254, start=False)
        path = f"/v1/instances/{instance['id']}"
        assert (await there.get("/v1/utilization"))["provisioned"]["cpus"] == 0
        status, code, message = await there.refused("POST", f"{path}/start")
        assert (status, code) == (507, "InsufficientCapacity")
        assert message.startswith("Insufficient capacity: vCPU Limit Exceeded")
        smaller = {
            "boot_disk": "i",
            "ncpus": 64,
            "memory": 512 * GIB,
            "auto_restart_policy": None,
            "cpu_platform": None,
            "enable_jumbo_frames": False,
        }
        await there.ok("PUT", path, smaller)
        status, _, message = await there.refused("POST", f"{path}/start")
        assert (status, message[:44]) == (507, "Insufficient capacity: Memory Limit Exceeded")
        await there.ok("PUT", path, {**smaller, "memory": 256 * GIB})
        await there.post(f"{path}/start")
        provisioned = (await there.get("/v1/utilization"))["provisioned"]
        assert (provisioned["cpus"], provisioned["memory"]) == (64, 256 * GIB)


async def test_point_13_storage_is_counted_at_disk_and_snapshot_create(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.disk("p", "first", 1023 * GIB)
        body = {
            "name": "second",
            "description": "",
            "size": 1023 * GIB,
            "disk_backend": {
                "type": "distributed",
                "disk_source": {"type": "blank", "block_size": 4096},
            },
        }
        await there.post("/v1/disks", body, project="p")
        snapshot = {"name": "s", "description": "", "disk": "first"}
        for path, request in (
            ("/v1/disks", {**body, "name": "third"}),
            ("/v1/snapshots", snapshot),
        ):
            status, code, message = await there.refused("POST", path, request, project="p")
            assert (status, code) == (507, "InsufficientCapacity")
            assert message.startswith("Insufficient capacity: Storage Limit Exceeded")
        assert (await there.get("/v1/snapshots", project="p"))["items"] == []


async def test_point_14_a_failed_automatic_start_does_not_fail_the_create(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as there:
        await there.project()
        instance = await there.instance("p", "i", ncpus=65)
        assert instance["run_state"] == "stopped"
        status, code, _ = await there.refused("POST", f"/v1/instances/{instance['id']}/start")
        assert (status, code) == (507, "InsufficientCapacity")


async def test_point_15_promoting_and_demoting_the_wrong_way_is_400(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        image = await there.silo_image()
        path = f"/v1/images/{image['id']}"
        refusal = await there.refused("POST", f"{path}/promote")
        assert refusal == (400, "InvalidRequest", "Cannot promote a silo image")
        demoted = await there.post(f"{path}/demote", project="p")
        assert demoted["id"] == image["id"]
        assert demoted["project_id"] is not None
        again = await there.refused("POST", f"{path}/demote", project="p")
        assert again == (400, "InvalidRequest", "Cannot demote a project image")


@pytest.mark.parametrize(
    ("size", "label", "why"),
    [
        (GIB + 512, "size", "total size must be a multiple of 1 GiB"),
        (512 * 1024, "size", "total size must be at least 1 GiB"),
        (GIB + 1, "size and block_size", "total size must be a multiple of block size 512"),
        (1024 * GIB, "size", "total size must be less than 1023 GiB"),
    ],
)
async def test_point_16_disk_sizes(tmp_path: Path, size: int, label: str, why: str) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = {
            "name": "d",
            "description": "",
            "size": size,
            "disk_backend": {
                "type": "distributed",
                "disk_source": {"type": "blank", "block_size": 512},
            },
        }
        refusal = await there.refused("POST", "/v1/disks", body, project="p")
        assert refusal == (400, "InvalidValue", f'unsupported value for "{label}": {why}')


async def test_point_16_a_disk_is_no_smaller_than_its_image(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        image = await there.silo_image()
        source = {"type": "image", "image_id": image["id"]}
        body = {
            "name": "d",
            "description": "",
            "size": 3 * GIB,
            "disk_backend": {"type": "distributed", "disk_source": source},
        }
        status, code, message = await there.refused("POST", "/v1/disks", body, project="p")
        assert (status, code) == (400, "InvalidRequest")
        assert "must be greater than or equal to image size" in message


async def test_point_16_memory_and_user_data(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        odd = await there.new("i", memory=GIB + 1)
        refusal = await there.refused("POST", "/v1/instances", odd, project="p")
        assert refusal == (
            400,
            "InvalidValue",
            'unsupported value for "size": memory must be divisible by 1 GiB',
        )
        long = await there.new("i", user_data=base64.b64encode(b"x" * 32769).decode())
        assert (await there.refused("POST", "/v1/instances", long, project="p"))[:2] == (
            400,
            "InvalidRequest",
        )
        unpadded = await there.new("i", user_data="eA")
        status, code, message = await there.refused("POST", "/v1/instances", unpadded, project="p")
        assert (status, code) == (400, None)
        assert message.startswith("unable to parse JSON body: user_data: ")


async def test_point_16_bulk_writes_are_aligned_and_at_most_512_kib(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        disk = await there.disk("p", "d", type="importing_blocks", block_size=4096)
        path = f"/v1/disks/{disk['id']}"
        await there.post(f"{path}/bulk-write-start")

        async def written(offset: int, data: bytes) -> str:
            encoded = base64.b64encode(data).decode()
            body = {"offset": offset, "base64_encoded_data": encoded}
            status, code, message = await there.refused("POST", f"{path}/bulk-write", body)
            assert (status, code) == (400, "InvalidRequest")
            return message

        assert "larger than max len 524288" in await written(0, bytes(528384))
        assert "multiples of block size 4096" in await written(512, bytes(4096))
        assert "multiples of block size 4096" in await written(0, bytes(512))


async def test_point_17_a_snapshot_fails_with_500(tmp_path: Path) -> None:
    async with site(tmp_path, "snapshot_create:500") as there:
        await there.project()
        disk = await there.disk("p", "d")
        body = {"name": "s", "description": "", "disk": disk["id"]}
        refusal = await there.refused("POST", "/v1/snapshots", body, project="p")
        assert refusal == (500, "Internal", "Internal Server Error")


async def test_point_17_503_once(tmp_path: Path) -> None:
    async with site(tmp_path, "*:503:once") as there:
        refusal = await there.refused("GET", "/v1/projects")
        assert refusal == (503, "ServiceNotAvailable", "Service Unavailable")
        await there.get("/v1/projects")


async def test_point_17_an_instance_fails(tmp_path: Path) -> None:
    async with site(tmp_path, "instance:failed") as there:
        await there.project()
        instance = await there.instance("p", "i", auto_restart_policy="never")
        await there.settled(instance["id"], "failed")
        assert there.hypervisor.running == {}


async def test_point_17_there_is_no_ephemeral_address(tmp_path: Path) -> None:
    async with site(tmp_path, "external_ip:none") as there:
        await there.project()
        body = await there.new("i", external_ips=[{"type": "ephemeral"}])
        refusal = await there.refused("POST", "/v1/instances", body, project="p")
        assert refusal == (
            507,
            "InsufficientCapacity",
            "Insufficient capacity: No external IP addresses available",
        )
        assert (await there.get("/v1/disks", project="p"))["items"] == []
        assert (await there.get("/v1/instances", project="p"))["items"] == []


async def test_point_17_the_ssh_port_is_closed(tmp_path: Path) -> None:
    async with site(tmp_path, "ssh:closed") as there:
        await there.project()
        instance = await there.instance("p", "i", external_ips=[{"type": "ephemeral"}])
        await there.settled(instance["id"], "running")
        assert [spec.address for spec in there.hypervisor.starts] == [None]
        addresses = await there.get(f"/v1/instances/{instance['id']}/external-ips")
        assert len(addresses["items"]) == 2
