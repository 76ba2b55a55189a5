"""IP pools, floating and ephemeral addresses, interfaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rack.site import Site, site

AUTO_V4 = {"type": "auto", "ip_version": "v4"}
AUTO_V6 = {"type": "auto", "ip_version": "v6"}


async def _kinds(there: Site, instance: str) -> list[tuple[str, str]]:
    page = await there.get(f"/v1/instances/{instance}/external-ips", project="p")
    return [(item["kind"], item["ip"]) for item in page["items"] if item["kind"] != "snat"]


async def _floating(there: Site, name: str, **allocator: Any) -> Any:
    body = {"name": name, "description": "", **allocator}
    return await there.post("/v1/floating-ips", body, project="p")


async def test_the_silo_sees_its_pools(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        page = await there.get("/v1/ip-pools", ip_version="v4", pool_type="unicast")
        defaults = {pool["name"]: pool["is_default"] for pool in page["items"]}
        assert defaults == {"default": True, "restricted": False}
        assert (await there.get("/v1/ip-pools", ip_version="v6"))["items"] == []
        assert (await there.get("/v1/ip-pools/default"))["pool_type"] == "unicast"


async def test_a_floating_address_moves_between_instances(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        for name in ("first", "second"):
            await there.instance("p", name, start=False)
        floating = await _floating(there, "f")
        path = "/v1/floating-ips/f"
        attach = {"kind": "instance", "parent": "first"}
        attached = await there.post(f"{path}/attach", attach, project="p")
        assert attached["instance_id"] is not None
        assert await _kinds(there, "first") == [("floating", floating["ip"])]
        other = {"kind": "instance", "parent": "second"}
        assert (await there.refused("POST", f"{path}/attach", other, project="p"))[0] == 400
        assert (await there.refused("DELETE", path, project="p"))[0] == 400
        detached = await there.post(f"{path}/detach", project="p")
        assert detached["instance_id"] is None
        await there.post(f"{path}/attach", other, project="p")
        await there.delete("/v1/instances/second", project="p")
        assert (await there.get(path, project="p"))["instance_id"] is None
        await there.delete(path, project="p")


async def test_an_address_can_be_asked_for_once(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        wanted = {"address_allocator": {"type": "explicit", "ip": "127.9.9.7"}}
        assert (await _floating(there, "f", **wanted))["ip"] == "127.9.9.7"
        body = {"name": "g", "description": "", **wanted}
        refusal = await there.refused("POST", "/v1/floating-ips", body, project="p")
        assert refusal[2] == "Requested external IP address not available"
        strange = {"address_allocator": {"type": "explicit", "ip": "192.0.2.1"}}
        body = {"name": "g", "description": "", **strange}
        assert (await there.refused("POST", "/v1/floating-ips", body, project="p"))[0] == 400


async def test_a_small_pool_runs_out(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        selector = {"type": "explicit", "pool": "restricted"}
        allocator = {"address_allocator": {"type": "auto", "pool_selector": selector}}
        await _floating(there, "a", **allocator)
        await _floating(there, "b", **allocator)
        body = {"name": "c", "description": "", **allocator}
        refusal = await there.refused("POST", "/v1/floating-ips", body, project="p")
        assert refusal[:2] == (507, "InsufficientCapacity")
        await there.delete("/v1/floating-ips/a", project="p")
        await _floating(there, "c", **allocator)


async def test_an_ephemeral_address_comes_and_goes(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.instance("p", "i", start=False)
        path = "/v1/instances/i/external-ips/ephemeral"
        given = await there.post(path, {"pool_selector": AUTO_V4}, project="p")
        assert given["kind"] == "ephemeral"
        assert await _kinds(there, "i") == [("ephemeral", given["ip"])]
        assert (await there.refused("POST", path, {}, project="p"))[0] == 400
        await there.delete(path, project="p")
        assert await _kinds(there, "i") == []
        assert (await there.refused("DELETE", path, project="p"))[0] == 400


async def test_a_pool_that_is_not_there(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()

        async def refused(selector: dict[str, str]) -> tuple[int, str | None, str]:
            ips = [{"type": "ephemeral", "pool_selector": selector}]
            body = await there.new("i", external_ips=ips)
            return await there.refused("POST", "/v1/instances", body, project="p")

        assert await refused({"type": "explicit", "pool": "none"}) == (
            404,
            "ObjectNotFound",
            'not found: ip-pool with name "none"',
        )
        assert await refused({"type": "auto", "ip_version": "v6"}) == (
            404,
            "ObjectNotFound",
            "not found: default unicast IPv6 pool for current silo",
        )


async def test_an_ephemeral_address_needs_an_interface_of_its_kind(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = await there.new(
            "i",
            network_interfaces={"type": "default_ipv6"},
            external_ips=[{"type": "ephemeral", "pool_selector": AUTO_V4}],
        )
        status, code, message = await there.refused("POST", "/v1/instances", body, project="p")
        assert (status, code) == (400, "InvalidRequest")
        assert message.startswith("The ephemeral external IP is an IPv4 address, but the instance")


async def test_floating_before_ephemeral_is_the_way_in(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        floating = await _floating(there, "f")
        instance = await there.instance(
            "p",
            "i",
            external_ips=[{"type": "ephemeral"}, {"type": "floating", "floating_ip": "f"}],
        )
        await there.settled(instance["id"], "running")
        assert there.hypervisor.starts[0].address == floating["ip"]


async def test_interfaces_have_addresses_of_their_subnet(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.instance("p", "both", start=False)
        only_v4 = {"type": "v4", "value": {"ip": {"type": "explicit", "value": "172.30.0.77"}}}
        nic = {
            "name": "nic",
            "description": "",
            "vpc_name": "default",
            "subnet_name": "default",
            "ip_config": only_v4,
        }
        interfaces = {"type": "create", "params": [nic]}
        await there.instance("p", "one", network_interfaces=interfaces, start=False)
        page = await there.get("/v1/network-interfaces", instance="both", project="p")
        (default,) = page["items"]
        assert default["ip_stack"]["type"] == "dual_stack"
        assert default["ip_stack"]["value"]["v4"]["ip"] == "172.30.0.5"
        view = await there.get("/v1/network-interfaces/nic", instance="one", project="p")
        assert view["ip_stack"] == {
            "type": "v4",
            "value": {"ip": "172.30.0.77", "transit_ips": []},
        }
        body = await there.new("two", network_interfaces=interfaces, start=False)
        refusal = await there.refused("POST", "/v1/instances", body, project="p")
        assert refusal[2] == 'The IP address "172.30.0.77" is not available'


async def _made_with(there: Site, interface: str, version: str) -> str:
    ips = [{"type": "ephemeral", "pool_selector": {"type": "auto", "ip_version": version}}]
    made = await there.instance(
        "p", "i", start=False, network_interfaces={"type": interface}, external_ips=ips
    )
    return str(made["id"])


async def test_a_dual_stack_instance_gets_an_ipv6_address_and_an_ipv4_way_out(
    tmp_path: Path,
) -> None:
    async with site(tmp_path, pools="both") as there:
        await there.project()
        made = await _made_with(there, "default_dual_stack", "v6")
        shown = (await there.get(f"/v1/instances/{made}/external-ips"))["items"]
        assert {(each["kind"], each["ip"]) for each in shown} == {
            ("ephemeral", "::1"), ("snat", "198.51.100.1"),
        }  # fmt: skip
        await there.post(f"/v1/instances/{made}/start")
        await there.settled(made, "running")
        assert there.hypervisor.starts[0].address == "::1"
        more = await there.new("j", external_ips=[{"type": "ephemeral", "pool_selector": AUTO_V6}])
        refused = await there.refused("POST", "/v1/instances", more, project="p")
        assert refused[0] == 507, "the pool has one address"


async def test_an_interface_of_ipv6_alone_has_no_ipv4_way_out(tmp_path: Path) -> None:
    async with site(tmp_path, pools="both") as there:
        await there.project()
        made = await _made_with(there, "default_ipv6", "v6")
        shown = (await there.get(f"/v1/instances/{made}/external-ips"))["items"]
        assert [each["kind"] for each in shown] == ["ephemeral"]


@pytest.mark.parametrize("interface", ["default_ipv4", "default_dual_stack"])
async def test_an_interface_with_ipv4_needs_a_default_ipv4_pool(
    tmp_path: Path, interface: str
) -> None:
    async with site(tmp_path, pools="v6") as there:
        await there.project()
        body = await there.new("i", network_interfaces={"type": interface})
        assert await there.refused("POST", "/v1/instances", body, project="p") == (
            404, "ObjectNotFound", "not found: default unicast IPv4 pool for current silo",
        )  # fmt: skip
        assert (await there.get("/v1/instances", project="p"))["items"] == []
        await _made_with(there, "default_ipv6", "v6")
