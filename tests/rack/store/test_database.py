"""The store: one owner, and everything there again after a restart."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from oxtui.rack.store import records
from oxtui.rack.store.database import StateInUseError, StateVersionError, Store, open_store
from tests.rack.site import site


def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(StateInUseError) as caught, open_store(tmp_path):
        pytest.fail("two owners")
    assert f"{tmp_path} is in use by process" in str(caught.value)
    assert "--state" in str(caught.value)
    with open_store(tmp_path):
        assert (tmp_path / "rack.db").stat().st_mode & 0o077 == 0


def test_a_store_of_another_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "rack.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StateVersionError, match="99"), open_store(tmp_path):
        pytest.fail("opened")


def test_a_failed_transaction_changes_nothing(tmp_path: Path) -> None:
    token = records.Token(id="a", digest="d", time_created="t", time_expires=None)

    def half_done(store: Store) -> None:
        with store.transaction():
            store.tokens.insert(token)
            raise ValueError("no")

    with open_store(tmp_path) as store:
        with pytest.raises(ValueError, match="no"):
            half_done(store)
        assert store.tokens.all() == []


@pytest.mark.parametrize(
    "record",
    [value for value in vars(records).values() if hasattr(value, "TABLE")],
    ids=lambda record: record.TABLE,
)
def test_every_record_has_exactly_its_columns(tmp_path: Path, record: type) -> None:
    with open_store(tmp_path):
        pass
    connection = sqlite3.connect(tmp_path / "rack.db")
    rows = connection.execute(f"PRAGMA table_info({record.TABLE})").fetchall()  # type: ignore[attr-defined]
    connection.close()
    columns = {row[1] for row in rows}
    assert columns == {field.name for field in dataclasses.fields(record)}


async def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    async with site(tmp_path, seeded="demo") as there:
        host = there.hypervisor
        await there.instance("web", "i", external_ips=[{"type": "ephemeral"}])
        await there.post("/v1/floating-ips", {"name": "f", "description": ""}, project="web")
        paths = [
            "/v1/projects",
            "/v1/images",
            "/v1/me/ssh-keys",
            "/v1/ip-pools",
            *(
                f"/v1/{kind}?project=web"
                for kind in ("disks", "snapshots", "images", "vpcs", "floating-ips")
            ),
            "/v1/vpc-firewall-rules?vpc=production&project=web",
            "/v1/instances/i/external-ips?project=web",
            "/v1/network-interfaces?instance=i&project=web",
        ]
        before = [await there.get(path) for path in paths]
    async with site(tmp_path, seeded=None, hypervisor=host) as there:
        assert [await there.get(path) for path in paths] == before
        shown = await there.get("/v1/instances/i", project="web")
        assert shown["run_state"] == "stopped"


async def test_what_a_killed_rack_left_half_done_is_put_right(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        host = there.hypervisor
        await there.project()
        instance = await there.instance("p", "i", start=False)
        disk = await there.disk("p", "d")
        body = {"name": "s", "description": "", "disk": "d"}
        snapshot = await there.post("/v1/snapshots", body, project="p")
        store = there.rack.store
        store.instances.update(instance["id"], run_state="running")
        half = await there.instance("p", "half", start=False)
        store.instances.update(half["id"], run_state="creating")
        store.disks.update(disk["id"], state="creating")
        store.snapshots.update(snapshot["id"], state="creating")
    async with site(tmp_path, seeded=None, hypervisor=host) as there:
        shown = await there.get("/v1/instances/i", project="p")
        assert shown["run_state"] == "failed"
        disks = (await there.get("/v1/disks", project="p"))["items"]
        assert [(item["name"], item["state"]["state"]) for item in disks] == [
            ("half", "detached"),
            ("i", "attached"),
        ]
        assert (await there.refused("GET", f"/v1/instances/{half['id']}"))[0] == 404
        assert (await there.get("/v1/snapshots", project="p"))["items"] == []
        assert not {disk["id"], snapshot["id"]} & set(host.disks.origin)
