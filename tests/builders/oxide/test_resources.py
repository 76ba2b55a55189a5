"""Each kind of resource is found again and deleted on a rack of another process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from oxtui.builders.oxide.locator import WrongPlace
from oxtui.builders.oxide.resources import (
    DiskKind,
    ImageKind,
    InstanceKind,
    NotReady,
    SnapshotKind,
    SshKeyKind,
)
from oxtui.component.resources import ResourceKind
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.errors import ApiError, InvalidRequest, TransportError
from oxtui.oxide.models.disk import BlankBlocks, DiskCreate, DistributedBackend, ImportedBlocks
from oxtui.oxide.models.image import ImageCreate, ImageFromSnapshot
from oxtui.oxide.models.snapshot import SnapshotCreate
from oxtui.oxide.models.ssh_key import SshKeyCreate
from oxtui.oxide.token import Token
from tests.builders.oxide.leftovers import GIB, MARK, PROJECT, make_instance, place, record
from tests.rack_process import rack

NOBODY = "00000000-0000-4000-8000-000000000000"
"""The id of nothing."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[OxideClient]:
    async with (
        rack("--isolation", "none") as there,
        OxideClient(Connection(there.host, Token(there.token))) as connected,
    ):
        yield connected


async def key(client: OxideClient, name: str) -> str:
    body = SshKeyCreate(name=name, description=MARK, public_key="ssh-ed25519 AAAA test")
    return (await client.ssh_keys.create(body)).id


async def disk(client: OxideClient, name: str) -> str:
    backend = DistributedBackend(disk_source=BlankBlocks(block_size=512))
    body = DiskCreate(name=name, description=MARK, size=GIB, disk_backend=backend)
    return (await client.disks.create(body, PROJECT)).id


async def snapshot(client: OxideClient, name: str) -> str:
    of = await disk(client, f"{name}-disk")
    body = SnapshotCreate(name=name, description=MARK, disk=of)
    return (await client.snapshots.create(body, PROJECT)).id


async def image(client: OxideClient, name: str) -> str:
    source = ImageFromSnapshot(id=await snapshot(client, f"{name}-snapshot"))
    body = ImageCreate(name=name, description=MARK, os="test", version="1", source=source)
    return (await client.images.create(body, PROJECT)).id


async def instance(client: OxideClient, name: str) -> str:
    return (await make_instance(client, name)).id


ALL = [
    (SshKeyKind(), key),
    (DiskKind(), disk),
    (SnapshotKind(), snapshot),
    (ImageKind(), image),
    (InstanceKind(), instance),
]


@pytest.mark.parametrize(("kind", "make"), ALL, ids=lambda value: getattr(value, "name", ""))
async def test_it_is_found_by_name_and_deleted(
    client: OxideClient, kind: ResourceKind, make: Any
) -> None:
    name = f"by-name-{kind.order}"
    where = await place(client)
    assert await kind.find(client, record(kind.name, name, where)) is None
    made = await make(client, name)
    assert await kind.find(client, record(kind.name, name, where)) == made
    known = record(kind.name, name, where, made)
    assert await kind.find(client, known) == made
    await kind.delete(client, known)
    assert await kind.find(client, known) is None
    assert await kind.find(client, record(kind.name, name, where)) is None
    await kind.delete(client, known)  # gone already, which is what was wanted


@pytest.mark.parametrize(("kind", "make"), ALL, ids=lambda value: getattr(value, "name", ""))
async def test_what_somebody_else_made_under_that_name_is_not_ours(
    client: OxideClient, kind: ResourceKind, make: Any
) -> None:
    name = f"foreign-{kind.order}"
    await make(client, name)
    other = await place(client, description="Temporary, of another session.")
    assert await kind.find(client, record(kind.name, name, other)) is None


async def test_a_disk_of_a_broken_off_import_is_deleted(client: OxideClient) -> None:
    where = await place(client)
    backend = DistributedBackend(disk_source=ImportedBlocks(block_size=512))
    body = DiskCreate(name="importing", description=MARK, size=GIB, disk_backend=backend)
    for begun in (False, True):
        made = await client.disks.create(body, PROJECT)
        if begun:
            await client.disks.bulk_write_start(made.id)
        await DiskKind().delete(client, record("oxide.disk", "importing", where, made.id))
        assert await DiskKind().find(client, record("oxide.disk", "importing", where)) is None


async def test_a_disk_in_use_stays_and_says_why(client: OxideClient) -> None:
    where = await place(client)
    made = await make_instance(client, "in-use")
    assert made.boot_disk_id is not None
    with pytest.raises(InvalidRequest, match="attached"):
        await DiskKind().delete(client, record("oxide.disk", "in-use", where, made.boot_disk_id))
    await InstanceKind().delete(client, record("oxide.instance", "in-use", where, made.id))
    await DiskKind().delete(client, record("oxide.disk", "in-use", where, made.boot_disk_id))


async def test_an_instance_that_does_not_stop_in_time_is_told(client: OxideClient) -> None:
    where = await place(client)
    made = await make_instance(client, "slow-stop")
    with pytest.raises(NotReady, match='Cannot delete instance "slow-stop": after 0 s'):
        await InstanceKind(0).delete(client, record("oxide.instance", "slow-stop", where, made.id))
    await InstanceKind().delete(client, record("oxide.instance", "slow-stop", where, made.id))


async def test_a_404_for_a_token_of_another_silo_proves_nothing(client: OxideClient) -> None:
    where = await place(client) | {"silo": "another-silo"}
    with pytest.raises(WrongPlace, match="made in another silo than demo"):
        await DiskKind().find(client, record("oxide.disk", "nowhere", where))
    gone = record("oxide.disk", "nowhere", where, NOBODY)
    with pytest.raises(WrongPlace):
        await DiskKind().delete(client, gone)


async def test_a_404_for_another_user_proves_nothing_of_a_key(client: OxideClient) -> None:
    where = await place(client) | {"user": "another-user"}
    with pytest.raises(WrongPlace, match="belongs to another user than operator"):
        await SshKeyKind().find(client, record("oxide.ssh_key", "nowhere", where))


async def test_another_user_who_sees_the_project_knows_what_is_in_it(client: OxideClient) -> None:
    where = await place(client) | {"user": "another-user"}
    assert await DiskKind().find(client, record("oxide.disk", "nowhere", where)) is None
    where["project"] = NOBODY
    with pytest.raises(WrongPlace, match="cannot see its project"):
        await DiskKind().find(
            client,
            record("oxide.disk", "x", where, NOBODY),
        )


async def test_the_commands_that_remove_by_hand() -> None:
    by_id = record("oxide.disk", "d", {"host": "https://rack.test", "profile": "web"}, "id-1")
    assert DiskKind().command(by_id) == "oxide --profile web disk delete --disk id-1"
    where = {"host": "https://rack.test", "project": "my project", "insecure": "yes"}
    assert SnapshotKind().command(record("oxide.snapshot", "s", where)) == (
        "OXIDE_HOST=https://rack.test oxide --insecure snapshot delete --snapshot s"
        " --project 'my project'"
    )
    assert SshKeyKind().command(
        record("oxide.ssh_key", "k", {"cacert": "/ca.pem", "project": "web"})
    ) == ("oxide --cacert /ca.pem current-user ssh-key delete --ssh-key k")
    assert InstanceKind().command(record("oxide.instance", "i", {}, "id-2")) == (
        "oxide instance stop --instance id-2"
        " && until oxide instance delete --instance id-2; do sleep 5; done"
    )
    assert InstanceKind().command(record("oxide.instance", "i", {"demo": "yes"}, "id-2")) == (
        "oxtui sweep --session 41 --yes"
    )


async def test_what_each_takes_up() -> None:
    where = {"cpus": "2", "memory": str(4 * GIB), "size": str(20 * GIB)}
    assert DiskKind().cost(record("oxide.disk", "d", where)) == "20 GiB of storage"
    assert DiskKind().cost(record("oxide.disk", "d", {})) == "storage"
    assert InstanceKind().cost(record("oxide.instance", "i", where)) == (
        "2 vCPU and 4 GiB of memory while it runs, an external address"
    )
    assert ImageKind().cost(record("oxide.image", "i", where)) == ""


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (TransportError("refused", sent=False, passing=True), "absent"),
        (TransportError("reset", sent=True, passing=True), "unknown"),
        *((ApiError(status, None, "m", None, "o", "s"), "absent") for status in (400, 404, 507)),
        *((ApiError(status, None, "m", None, "o", "s"), "answered") for status in (500, 503)),
        *((ApiError(status, None, "m", None, "o", "s"), "unknown") for status in (502, 504)),
        (TimeoutError(), "unknown"),
        (KeyboardInterrupt(), "unknown"),
    ],
)
async def test_what_a_failed_creation_proves(error: BaseException, verdict: str) -> None:
    assert DiskKind().verdict(error) == verdict
