"""The client against the simulated rack, in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from oxtui.oxide.accounts import keep_login
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection, ConnectionOptions, resolve
from oxtui.oxide.errors import (
    AlreadyExists,
    ApiError,
    InsufficientCapacity,
    InvalidRequest,
    NotFound,
    ServerError,
    TransportError,
    Unauthorized,
    VersionTooNew,
)
from oxtui.oxide.login import DeviceLogin
from oxtui.oxide.models.disk import BlankBlocks, BlocksOfImage, DiskCreate, DistributedBackend
from oxtui.oxide.models.image import ImageCreate, ImageFromSnapshot
from oxtui.oxide.models.instance import InstanceState
from oxtui.oxide.models.instance_create import CreateDisk, EphemeralIp, InstanceCreate
from oxtui.oxide.models.project import ProjectCreate
from oxtui.oxide.models.snapshot import SnapshotCreate
from oxtui.oxide.models.ssh_key import SshKeyCreate
from oxtui.oxide.serial import SerialClosed
from oxtui.oxide.timing import Kind, Timing
from oxtui.oxide.token import Token
from tests.oxide.samples import GIB
from tests.rack_process import RackProcess, rack

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKZ5v5JcvSEmoiLJtCpVTxxAgoWwCbYwDxrI/9DPcRV4 me"


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there() -> AsyncIterator[RackProcess]:
    """A rack without faults, for those tests that need no other."""
    async with rack("--seed", "demo", "--isolation", "none") as process:
        yield process


@asynccontextmanager
async def faulty(*flags: str) -> AsyncIterator[tuple[RackProcess, OxideClient]]:
    """A rack of a test's own, and a client of it."""
    async with rack("--seed", "demo", "--isolation", "none", *flags) as process:
        timing = Timing(answer=dict.fromkeys(Kind, 1.0), pauses=(0.01, 0.05, 0.1, 0.2))
        connection = Connection(process.host, Token(process.token))
        async with OxideClient(connection, timing=timing) as oxide:
            yield process, oxide


def client_of(there: RackProcess) -> OxideClient:
    return OxideClient(Connection(there.host, Token(there.token)))


async def boot_image(oxide: OxideClient) -> str:
    return min([image async for image in oxide.images.list()], key=lambda image: image.size).id


def blank(name: str, size: int = GIB) -> DiskCreate:
    return DiskCreate(
        name=name, size=size, disk_backend=DistributedBackend(disk_source=BlankBlocks())
    )


async def wait_for(oxide: OxideClient, instance_id: str, state: InstanceState) -> None:
    """Poll as long as the state is on its way."""
    async with asyncio.timeout(60):
        while (seen := (await oxide.instances.view(instance_id)).run_state) != state:
            assert seen != InstanceState.FAILED


async def test_from_an_image_to_an_image(there: RackProcess) -> None:
    async with client_of(there) as oxide:
        await oxide.projects.create(ProjectCreate(name="made"))
        with pytest.raises(AlreadyExists, match='Project "made": the name already exists'):
            await oxide.projects.create(ProjectCreate(name="made"))
        key = await oxide.ssh_keys.create(SshKeyCreate(name="made", public_key=KEY))
        instance = await oxide.instances.create(
            InstanceCreate(
                name="made",
                hostname="made",
                ncpus=1,
                memory=2 * GIB,
                boot_disk=CreateDisk(
                    name="made",
                    size=20 * GIB,
                    disk_backend=DistributedBackend(
                        disk_source=BlocksOfImage(image_id=await boot_image(oxide))
                    ),
                ),
                external_ips=[EphemeralIp()],
                ssh_public_keys=[key.id],
                auto_restart_policy="never",
            ),
            "made",
        )
        await wait_for(oxide, instance.id, InstanceState.RUNNING)
        addresses = await oxide.instances.external_ips(instance.id)
        assert {address.kind for address in addresses} == {"snat", "ephemeral"}
        assert [address.kind for address in addresses if address.is_inbound] == ["ephemeral"]
        assert [disk.name async for disk in oxide.instances.disks(instance.id)] == ["made"]
        assert [k.id async for k in oxide.instances.ssh_public_keys(instance.id)] == [key.id]
        nics = [nic async for nic in oxide.network_interfaces.list("made", "made")]
        assert [nic.primary for nic in nics] == [True]
        assert nics[0].ip_stack.addresses
        async with oxide.instances.serial_stream("made", "made") as stream:
            assert await anext(aiter(stream))  # an instance runs before it has printed anything
        history = await oxide.instances.serial_history(instance.id, from_start=0)
        assert history.last_byte_offset == len(history.data) > 0
        with pytest.raises(InvalidRequest, match="instance is running or has not yet fully"):
            await oxide.instances.delete(instance.id)
        await oxide.instances.stop("made", "made")
        await wait_for(oxide, instance.id, InstanceState.STOPPED)
        with pytest.raises(InvalidRequest, match="no active serial console"):
            await oxide.instances.serial_history(instance.id, most_recent=1)
        async with oxide.instances.serial_stream(instance.id) as stream:
            with pytest.raises(SerialClosed, match="no active serial console"):
                await anext(aiter(stream))
        assert instance.boot_disk_id is not None
        snapshot = await oxide.snapshots.create(
            SnapshotCreate(name="made", disk=instance.boot_disk_id), "made"
        )
        image = await oxide.images.create(
            ImageCreate(
                name="made",
                description="",
                os="debian",
                version="12",
                source=ImageFromSnapshot(id=snapshot.id),
            ),
            "made",
        )
        assert (await oxide.images.promote("made", "made")).is_silo_image
        assert (await oxide.images.view("made")).id == image.id
        assert (await oxide.images.demote("made", "made")).project_id is not None
        for things in (oxide.images, oxide.snapshots, oxide.instances, oxide.disks):
            await things.delete("made", "made")
        await oxide.ssh_keys.delete("made")
        with pytest.raises(NotFound):
            await oxide.ssh_keys.view("made")
        with pytest.raises(InvalidRequest, match="contains a vpc: default"):
            await oxide.projects.delete("made")


async def test_networks_and_quota_are_read(there: RackProcess) -> None:
    async with client_of(there) as oxide:
        pools = [pool async for pool in oxide.ip_pools.list()]
        assert [pool.name for pool in pools if pool.is_default and pool.serves_instances]
        vpc = await oxide.vpcs.view("default", "web")
        assert vpc.id in {vpc.id async for vpc in oxide.vpcs.list("web")}
        subnets = [subnet async for subnet in oxide.subnets.list(vpc.id)]
        assert [subnet.name for subnet in subnets] == ["default"]
        assert (await oxide.subnets.view("default", "default", "web")).id == subnets[0].id
        rules = [rule async for rule in oxide.firewall_rules.list("default", "web")]
        assert "allow-ssh" in {rule.name for rule in rules}
        before = (await oxide.session.utilization()).provisioned.storage
        await oxide.disks.create(blank("quota"), "web")
        assert (await oxide.session.utilization()).provisioned.storage == before + GIB
        await oxide.disks.create(blank("big", 1023 * GIB), "web")
        with pytest.raises(InsufficientCapacity, match="Storage Limit Exceeded") as failure:
            await oxide.disks.create(blank("bigger", 1023 * GIB), "web")
        assert failure.value.request_id


async def test_ten_thousand_images_come_page_by_page() -> None:
    async with (
        rack("--seed", "large", "--isolation", "none") as there,
        OxideClient(Connection(there.host, Token(there.token))) as oxide,
    ):
        sizes = []
        async for project in oxide.projects.list():
            pages = [page async for page in oxide.images.pages(project.name, limit=3000)]
            names = [image.name for page in pages for image in page]
            assert names == sorted(set(names))
            sizes.append([len(page) for page in pages])
        assert [3000, 3000, 3000, 1000] in sizes


async def test_lost_answers_are_settled_and_failures_have_a_request_id() -> None:
    faults = (
        "disk_create:timeout-but-done:once",
        "disk_delete:reset:once",
        "snapshot_create:500",
        "*:503:once",
    )
    flags = [word for fault in faults for word in ("--fault", fault)]
    async with faulty(*flags) as (_, oxide):
        disk = await oxide.disks.create(blank("late"), "web")
        assert [d.id async for d in oxide.disks.list("web") if d.name == "late"] == [disk.id]
        with pytest.raises(ServerError, match="give the request id to its support") as failure:
            await oxide.snapshots.create(SnapshotCreate(name="late", disk=disk.id), "web")
        assert failure.value.request_id
        await oxide.disks.delete(disk.id)
        assert [d async for d in oxide.disks.list("web") if d.name == "late"] == []


async def test_a_rack_of_an_older_release_is_told() -> None:
    async with faulty("--fault", "api_version=2026032500.0.0") as (_, oxide):
        with pytest.raises(VersionTooNew, match="needs release v20 or later"):
            await oxide.session.me()


async def test_tls_and_the_token_are_checked() -> None:
    async with rack("--seed", "empty", "--tls") as there:
        assert there.cacert is not None
        trusted = Path(there.cacert)
        connection = Connection(there.host, Token(there.token), cacert=trusted)
        async with OxideClient(connection) as oxide:
            assert (await oxide.session.me()).display_name
        async with OxideClient(Connection(there.host, Token(there.token))) as oxide:
            with pytest.raises(TransportError, match="--cacert FILE"):
                await oxide.session.me()
        wrong = Connection(there.host, Token("oxide-token-wrong"), cacert=trusted)
        async with OxideClient(wrong) as oxide:
            with pytest.raises(Unauthorized, match="oxtui login --host"):
                await oxide.session.me()


async def test_a_login_is_confirmed_and_its_token_revoked(
    there: RackProcess, tmp_path: Path
) -> None:
    async with (
        DeviceLogin(there.host, ttl_seconds=3600) as login,
        httpx.AsyncClient(base_url=there.host) as browser,
    ):

        async def confirm(_: float) -> None:
            """What the browser does while the login waits."""
            reply = await browser.post(
                "/device/confirm",
                json={"user_code": code.user_code},
                headers={"Authorization": f"Bearer {there.token}"},
            )
            assert reply.status_code in {204, 400, 404}  # once confirmed, it is gone

        login.sleep = confirm
        code = await login.begin()
        done = await keep_login(login, await login.wait(code), tmp_path)
    assert (done.profile, done.became_default) == ("demo", True)
    connection = resolve(ConnectionOptions(), {}, tmp_path)
    async with OxideClient(connection) as oxide:
        tokens = [token.id async for token in oxide.session.access_tokens()]
        mine = next(line for line in tokens if line in (tmp_path / "credentials.toml").read_text())
        await oxide.session.revoke_token(mine)
        with pytest.raises(ApiError, match="does not accept the token"):
            await oxide.session.me()
