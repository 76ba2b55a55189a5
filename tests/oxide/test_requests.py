"""Every request is one that the API describes, and every answer that it describes is understood."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from oxtui.oxide.calls import ApiCall
from oxtui.oxide.client import OxideClient
from oxtui.oxide.models.disk import (
    BlankBlocks,
    BlocksOfImage,
    BlocksOfSnapshot,
    DiskCreate,
    DistributedBackend,
    ImportedBlocks,
    LocalBackend,
)
from oxtui.oxide.models.image import ImageCreate, ImageFromSnapshot
from oxtui.oxide.models.instance_create import (
    AttachDisk,
    AttachFloatingIp,
    CreateDisk,
    CreateInterfaces,
    DefaultInterface,
    DualStack,
    EphemeralIp,
    ExplicitAddress,
    ExplicitPool,
    InstanceCreate,
    InterfaceCreate,
    Ipv4Stack,
    StackAddress,
)
from oxtui.oxide.models.network import ExplicitAllocation, FloatingIpCreate
from oxtui.oxide.models.project import ProjectCreate
from oxtui.oxide.models.snapshot import SnapshotCreate
from oxtui.oxide.models.ssh_key import SshKeyCreate
from tests.oxide import samples
from tests.oxide.openapi import OpenApi
from tests.oxide.rig import SECRET, client
from tests.oxide.samples import DISK_ID, GIB, IMAGE_ID, INSTANCE_ID, OTHER_ID, SNAPSHOT_ID
from tests.oxide.wire import Reply, Request, wire

SOURCES = (BlankBlocks(), ImportedBlocks(), BlocksOfImage(image_id=IMAGE_ID))
KEY = "ssh-ed25519 AAAA me"


@pytest.fixture(scope="module")
def api() -> OpenApi:
    return OpenApi()


def sample(path: str) -> dict[str, Any]:
    """What a rack answers at a path."""
    collection = re.sub(r"/[0-9a-f-]{36}|/(web|web-1|boot-1|front|default)$", "", path)
    return {
        "/v1/projects": samples.project(),
        "/v1/images": samples.image(project_id=samples.PROJECT_ID),
        "/v1/disks": samples.disk(state="import_ready"),
        "/v1/instances": samples.instance(),
        "/v1/snapshots": samples.snapshot(),
        "/v1/me/ssh-keys": samples.ssh_key(),
        "/v1/ip-pools": samples.ip_pool(),
        "/v1/vpcs": samples.vpc(),
        "/v1/vpc-subnets": samples.subnet(),
        "/v1/floating-ips": samples.floating_ip(),
        "/v1/network-interfaces": samples.network_interface(),
    }[collection]


ANSWERS: dict[str, Any] = {
    "/v1/ping": {"status": "ok"},
    "/v1/me": samples.USER,
    "/v1/me/groups": samples.page([]),
    "/v1/me/access-tokens": samples.page([samples.ACCESS_TOKEN]),
    "/v1/utilization": samples.UTILIZATION,
    "/v1/policy": {"role_assignments": []},
    "/v1/projects/web/policy": {
        "role_assignments": [
            {"identity_id": OTHER_ID, "identity_type": "silo_user", "role_name": "admin"}
        ]
    },
    "/v1/auth-settings": {"silo_id": OTHER_ID, "device_token_max_ttl_seconds": None},
    "/v1/vpc-firewall-rules": {"rules": [samples.firewall_rule()]},
    f"/v1/instances/{INSTANCE_ID}/disks": samples.page([samples.disk()]),
    f"/v1/instances/{INSTANCE_ID}/ssh-public-keys": samples.page([samples.ssh_key()]),
    f"/v1/instances/{INSTANCE_ID}/external-ips": samples.page([samples.SNAT, samples.EPHEMERAL]),
    f"/v1/instances/{INSTANCE_ID}/serial-console": {"data": [104, 105], "last_byte_offset": 2},
}


def answer(request: Request) -> Reply:
    """A rack on which everything succeeds."""
    if request.path in ANSWERS:
        return Reply(ANSWERS[request.path])
    empty = re.search(r"/(bulk-write.*|finalize)$", request.path)
    if request.method == "DELETE" or empty:
        return Reply(status=204)
    path = re.sub(r"/(start|stop|reboot|promote|demote|attach|detach)$", "", request.path)
    if request.method == "POST":
        return Reply(sample(path), 202 if path != request.path else 201)
    resource = sample(path)
    return Reply(samples.page([resource]) if "limit" in request.params else resource)


async def use_everything(oxide: OxideClient) -> None:
    """Each method of the client, in the forms that the builder and the screens need."""
    assert [project.name async for project in oxide.projects.list()] == ["web"]
    await oxide.projects.view("web")
    await oxide.projects.create(ProjectCreate(name="web"))
    await oxide.projects.policy("web")
    await oxide.projects.delete("web")
    for project in (None, "web"):
        assert await listed(oxide.images.list(project)) == ["ubuntu"]
        await oxide.images.create(
            ImageCreate(
                name="ubuntu",
                description="",
                os="ubuntu",
                version="24.04",
                source=ImageFromSnapshot(id=SNAPSHOT_ID),
            ),
            project,
        )
    await oxide.images.view(IMAGE_ID)
    await oxide.images.promote(IMAGE_ID)
    await oxide.images.demote(IMAGE_ID, "web")
    await oxide.images.delete(IMAGE_ID)
    await use_instances(oxide)
    assert await listed(oxide.disks.list("web")) == ["boot"]
    for source in (*SOURCES, BlocksOfSnapshot(snapshot_id=SNAPSHOT_ID, read_only=True)):
        backend = DistributedBackend(disk_source=source)
        await oxide.disks.create(DiskCreate(name="d", size=GIB, disk_backend=backend), "web")
    await oxide.disks.create(DiskCreate(name="d", size=GIB, disk_backend=LocalBackend()), "web")
    await oxide.disks.bulk_write_start(DISK_ID)
    await oxide.disks.bulk_write(DISK_ID, 512, b"\1" * 512)
    await oxide.disks.bulk_write_stop(DISK_ID)
    await oxide.disks.finalize(DISK_ID)
    await oxide.disks.finalize(DISK_ID, snapshot_name="upload")
    await oxide.disks.delete(DISK_ID)
    assert await listed(oxide.snapshots.list("web")) == ["boot-1"]
    await oxide.snapshots.view("boot-1", "web")
    await oxide.snapshots.create(SnapshotCreate(name="boot-1", disk=DISK_ID), "web")
    await oxide.snapshots.delete(SNAPSHOT_ID)
    assert await listed(oxide.ssh_keys.list()) == ["me"]
    await oxide.ssh_keys.create(SshKeyCreate(name="me", public_key=KEY))
    await oxide.ssh_keys.delete(OTHER_ID)
    await use_networks(oxide)
    await use_session(oxide)


async def use_instances(oxide: OxideClient) -> None:
    boot = CreateDisk(
        name="web-1",
        size=20 * GIB,
        disk_backend=DistributedBackend(disk_source=BlocksOfImage(image_id=IMAGE_ID)),
    )
    smallest: dict[str, Any] = {"name": "web-1", "hostname": "web-1", "ncpus": 1, "memory": 2 * GIB}
    full = InstanceCreate(
        **smallest,
        boot_disk=boot,
        disks=[AttachDisk(name="data")],
        external_ips=[
            EphemeralIp(),
            EphemeralIp(pool_selector=ExplicitPool(pool="default")),
            AttachFloatingIp(floating_ip="front"),
        ],
        network_interfaces=CreateInterfaces(
            params=[
                InterfaceCreate(name="net0"),
                InterfaceCreate(name="net1", ip_config=DualStack()),
                InterfaceCreate(
                    name="net2",
                    ip_config=Ipv4Stack(value=StackAddress(ip=ExplicitAddress(value="172.30.0.9"))),
                ),
            ]
        ),
        ssh_public_keys=[OTHER_ID],
        user_data="IyEvYmluL3No",
        auto_restart_policy="never",
    )
    bare = InstanceCreate(
        **smallest, start=False, network_interfaces=DefaultInterface(type="default_ipv4")
    )
    for body in (InstanceCreate(**smallest), full, bare):
        await oxide.instances.create(body, "web")
    assert await listed(oxide.instances.list("web")) == ["web-1"]
    await oxide.instances.view("web-1", "web")
    for change in (oxide.instances.start, oxide.instances.stop, oxide.instances.reboot):
        await change(INSTANCE_ID)
    addresses = await oxide.instances.external_ips(INSTANCE_ID)
    assert [address.ip for address in addresses if address.is_inbound] == ["203.0.113.9"]
    assert await listed(oxide.instances.disks(INSTANCE_ID)) == ["boot"]
    assert await listed(oxide.instances.ssh_public_keys(INSTANCE_ID)) == ["me"]
    latest = await oxide.instances.serial_history(INSTANCE_ID, most_recent=10, max_bytes=10)
    assert latest.data == b"hi"
    await oxide.instances.serial_history(INSTANCE_ID, from_start=latest.last_byte_offset)
    await oxide.instances.delete(INSTANCE_ID)


async def use_networks(oxide: OxideClient) -> None:
    assert await listed(oxide.ip_pools.list()) == ["default"]
    await oxide.ip_pools.view("default")
    assert await listed(oxide.vpcs.list("web")) == ["default"]
    await oxide.vpcs.view("default", "web")
    assert await listed(oxide.subnets.list("default", "web")) == ["default"]
    await oxide.subnets.view("default", "default", "web")
    rules = [rule async for rule in oxide.firewall_rules.list("default", "web")]
    assert rules[0].filters.ports == ["22"]
    interfaces = [nic async for nic in oxide.network_interfaces.list("web-1", "web")]
    assert interfaces[0].ip_stack.addresses == ["172.30.0.5"]
    await oxide.floating_ips.create(FloatingIpCreate(name="front"), "web")
    await oxide.floating_ips.create(
        FloatingIpCreate(name="front", address_allocator=ExplicitAllocation(ip="203.0.113.7")),
        "web",
    )
    await oxide.floating_ips.attach("front", "web-1", "web")
    await oxide.floating_ips.detach("front", "web")
    await oxide.floating_ips.delete(OTHER_ID)


async def use_session(oxide: OxideClient) -> None:
    assert (await oxide.session.ping()).status == "ok"
    assert (await oxide.session.me()).silo_name == "analytical"
    assert [group async for group in oxide.session.groups()] == []
    free = (await oxide.session.utilization()).free
    assert (free.cpus, free.storage) == (0, 60 * GIB)
    await oxide.session.policy()
    assert (await oxide.session.auth_settings()).device_token_max_ttl_seconds is None
    assert [token.id async for token in oxide.session.access_tokens()] == [OTHER_ID]
    await oxide.session.revoke_token(OTHER_ID)


async def listed(items: AsyncIterator[Any]) -> list[str]:
    return [item.name async for item in items]


async def test_every_request_is_one_that_the_api_describes(api: OpenApi) -> None:
    calls: list[ApiCall] = []
    async with wire(answer) as rack, client(rack.host, on_call=calls.append) as oxide:
        await use_everything(oxide)
    assert len(calls) == len(rack.requests)
    problems = {}
    for call, request in zip(calls, rack.requests, strict=True):
        body = json.loads(request.body) if request.body else None
        found = api.request_problems(
            call.operation, request.method, request.path, request.params, body
        )
        if found:
            problems[f"{call.operation} {request.path}"] = found
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        assert request.headers["api-version"] == "2026060800.0.0"
        assert re.fullmatch(r"oxtui/\d+\.\d+\.\d+", request.headers["user-agent"])
    assert problems == {}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("Project", samples.project()),
        ("Image", samples.image()),
        ("Disk", samples.disk()),
        ("Instance", samples.instance()),
        ("Snapshot", samples.snapshot()),
        ("SshKey", samples.ssh_key()),
        ("SiloIpPool", samples.ip_pool()),
        ("Vpc", samples.vpc()),
        ("VpcSubnet", samples.subnet()),
        ("VpcFirewallRule", samples.firewall_rule()),
        ("FloatingIp", samples.floating_ip()),
        ("InstanceNetworkInterface", samples.network_interface()),
        ("ExternalIp", samples.SNAT),
        ("ExternalIp", samples.EPHEMERAL),
        ("CurrentUser", samples.USER),
        ("Utilization", samples.UTILIZATION),
        ("DeviceAccessToken", samples.ACCESS_TOKEN),
    ],
)
def test_the_samples_are_what_the_api_describes(api: OpenApi, schema: str, value: object) -> None:
    assert api.problems(schema, value) == []
