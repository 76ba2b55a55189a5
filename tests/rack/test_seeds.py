"""What a new rack holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.rack.seeds.choice import SeedConflictError, pool_addresses
from oxtui.rack.seeds.planting import IpPools
from tests.rack.fake_hypervisor import FakeDisks, FakeHypervisor
from tests.rack.site import site


async def test_the_demo_has_the_same_ids_everywhere(tmp_path: Path) -> None:
    ids = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        async with site(tmp_path / name, seeded="demo") as there:
            found = {}
            for path in (
                "/v1/projects",
                "/v1/images",
                "/v1/ip-pools",
                "/v1/me/ssh-keys",
                "/v1/instances?project=web",
                "/v1/disks?project=data",
                "/v1/snapshots?project=web",
                "/v1/images?project=web",
                "/v1/vpcs?project=web",
                "/v1/vpc-subnets?vpc=databases&project=data",
            ):
                found[path] = [item["id"] for item in (await there.get(path))["items"]]
            ids.append(found)
    assert all(ids[0].values())
    assert ids[0] == ids[1]


async def test_the_demos_instances_can_be_started(tmp_path: Path) -> None:
    async with site(tmp_path, seeded="demo") as there:
        for name, project in (("web-1", "web"), ("db-1", "data")):
            instance = await there.post(f"/v1/instances/{name}/start", project=project)
            await there.settled(instance["id"], "running")


async def test_the_demos_database_network_is_closed_to_ssh(tmp_path: Path) -> None:
    async with site(tmp_path, seeded="demo") as there:
        page = await there.get("/v1/vpc-firewall-rules", vpc="databases", project="data")
        status = {rule["name"]: rule["status"] for rule in page["rules"]}
        assert (status["allow-ssh"], status["allow-postgres"]) == ("disabled", "enabled")


@pytest.mark.slow
async def test_the_large_seed_has_ten_thousand_images_which_is_the_most_of_one_page(
    tmp_path: Path,
) -> None:
    async with site(tmp_path, seeded="large") as there:
        reply = await there.client.get("/v1/images", params={"project": "archive", "limit": 99999})
        page = reply.json()
        names = [item["name"] for item in page["items"]]
        assert len(names) == len(set(names)) == 10_000
        assert (await there.get("/v1/images", page_token=page["next_page"]))["items"] == []
        assert names == sorted(names)


async def test_any_of_the_large_seeds_images_boots(tmp_path: Path) -> None:
    async with site(tmp_path, seeded="large") as there:
        image = await there.get("/v1/images/nightly-04711", project="archive")
        disk = await there.disk("archive", "d", type="image", image_id=image["id"])
        assert there.hypervisor.disks.origin[disk["id"]] is not None


async def test_the_empty_seed_has_only_the_silos_images(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        assert (await there.get("/v1/projects"))["items"] == []
        assert len((await there.get("/v1/images"))["items"]) == 3


async def test_an_old_state_keeps_its_seed(tmp_path: Path) -> None:
    async with site(tmp_path, seeded="empty"):
        pass
    async with site(tmp_path, seeded=None) as there:
        assert (await there.get("/v1/projects"))["items"] == []
    with pytest.raises(SeedConflictError, match="--seed empty, not demo"):
        async with site(tmp_path, seeded="demo"):
            pytest.fail("seeded twice")


@pytest.mark.parametrize(
    ("pools", "names"),
    [
        (None, ["default", "restricted"]),
        ("both", ["default", "ipv6", "restricted"]),
        ("v6", ["ipv6"]),
        ("none", []),
    ],
)
async def test_a_new_rack_has_the_pools_that_were_asked_for_and_keeps_them(
    tmp_path: Path, pools: IpPools | None, names: list[str]
) -> None:
    async with site(tmp_path, seeded="empty", pools=pools):
        pass
    async with site(tmp_path, seeded=None) as there:
        assert [pool["name"] for pool in (await there.get("/v1/ip-pools"))["items"]] == names
    other: IpPools = "v4" if pools else "both"
    with pytest.raises(SeedConflictError, match=f"--ip-pools {pools or 'v4'}, not {other}"):
        async with site(tmp_path, seeded=None, pools=other):
            pytest.fail("seeded twice")


class _FailsOnce(FakeDisks):
    failed = False

    async def snapshot(self, disk_id: str, snapshot_id: str) -> None:
        if not self.failed:
            self.failed = True
            raise OSError("killed here")
        await super().snapshot(disk_id, snapshot_id)


async def test_a_seed_that_was_interrupted_is_done_again(tmp_path: Path) -> None:
    host = FakeHypervisor()
    host.disks = _FailsOnce()
    with pytest.raises(OSError, match="killed here"):
        async with site(tmp_path, seeded="demo", hypervisor=host):
            pytest.fail("seeded")
    async with site(tmp_path, seeded="demo", hypervisor=host) as there:
        assert len((await there.get("/v1/projects"))["items"]) == 4


def test_a_host_with_one_address_gives_it_to_the_default_pool() -> None:
    assert sorted(map(len, pool_addresses(["127.0.0.1"]).values())) == [0, 1]
    assert sorted(map(len, pool_addresses([str(n) for n in range(14)]).values())) == [2, 12]
