"""Projects, VPCs, subnets and firewall rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rack.site import Site, site


async def _rules(there: Site, vpc: str = "default") -> list[Any]:
    page = await there.get("/v1/vpc-firewall-rules", vpc=vpc, project="p")
    rules: list[Any] = page["rules"]
    return rules


async def test_a_new_project_can_be_built_in_at_once(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        (vpc,) = (await there.get("/v1/vpcs", project="p"))["items"]
        assert vpc["name"] == "default"
        (subnet,) = (await there.get("/v1/vpc-subnets", vpc="default", project="p"))["items"]
        assert (subnet["name"], subnet["ipv4_block"]) == ("default", "172.30.0.0/22")
        assert subnet["ipv6_block"].removesuffix("/64") == vpc["ipv6_prefix"].removesuffix("/48")
        rules = {rule["name"]: rule for rule in await _rules(there)}
        assert set(rules) == {"allow-internal-inbound", "allow-ssh", "allow-icmp"}
        ssh = rules["allow-ssh"]
        assert ssh["filters"] == {"ports": ["22"], "protocols": [{"type": "tcp"}]}
        assert (ssh["priority"], ssh["action"]) == (65534, "allow")


async def test_a_project_is_deleted_when_it_is_empty(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.disk("p", "d")

        async def refusal() -> str:
            return (await there.refused("DELETE", "/v1/projects/p"))[2]

        assert await refusal() == "project to be deleted contains a disk: d"
        await there.delete("/v1/disks/d", project="p")
        assert await refusal() == "project to be deleted contains a vpc: default"
        vpc = await there.refused("DELETE", "/v1/vpcs/default", project="p")
        assert vpc[2] == "VPC cannot be deleted while VPC Subnets exist"
        await there.delete("/v1/vpc-subnets/default", vpc="default", project="p")
        await there.delete("/v1/vpcs/default", project="p")
        await there.delete("/v1/projects/p")
        gone = await there.refused("GET", "/v1/projects/p")
        assert gone == (404, "ObjectNotFound", 'not found: project with name "p"')


async def test_a_project_is_renamed(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project("a")
        await there.project("b")
        renamed = (await there.ok("PUT", "/v1/projects/a", {"name": "c"})).json()
        assert renamed["name"] == "c"
        assert renamed["time_modified"] > renamed["time_created"]
        clash = await there.refused("PUT", "/v1/projects/c", {"name": "b"})
        assert clash == (400, "ObjectAlreadyExists", 'already exists: project "b"')


async def test_policies_name_the_operator(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        user = await there.get("/v1/me")
        (assignment,) = (await there.get("/v1/policy"))["role_assignments"]
        assert assignment["identity_id"] == user["id"]
        assert await there.get("/v1/projects/p/policy") == {"role_assignments": []}
        assert (await there.get("/v1/me/groups"))["items"] == []


async def test_a_vpc_gets_subnets_that_do_not_overlap(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        vpc = {"name": "v", "description": "", "dns_name": "v"}
        made = await there.post("/v1/vpcs", vpc, project="p")
        body = {"name": "s", "description": "", "ipv4_block": "10.0.0.0/24"}
        subnet = await there.post("/v1/vpc-subnets", body, vpc=made["id"])
        assert subnet["vpc_id"] == made["id"]
        overlapping = {**body, "name": "t", "ipv4_block": "10.0.0.128/25"}
        refusal = await there.refused("POST", "/v1/vpc-subnets", overlapping, vpc=made["id"])
        assert "conflicts with an existing subnet" in refusal[2]
        public = {**body, "name": "t", "ipv4_block": "8.8.8.0/24"}
        refusal = await there.refused("POST", "/v1/vpc-subnets", public, vpc=made["id"])
        assert "private range" in refusal[2]
        renamed = await there.ok(
            "PUT", "/v1/vpc-subnets/s", {"description": "new"}, vpc="v", project="p"
        )
        assert renamed.json()["description"] == "new"
        view = await there.get(f"/v1/vpc-subnets/{subnet['id']}")
        assert view["name"] == "s"
        await there.ok("PUT", f"/v1/vpcs/{made['id']}", {"dns_name": "w"})
        assert (await there.get("/v1/vpcs/v", project="p"))["dns_name"] == "w"


async def test_a_subnet_in_use_stays(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        await there.instance("p", "i", start=False)
        refusal = await there.refused(
            "DELETE", "/v1/vpc-subnets/default", vpc="default", project="p"
        )
        assert "network interfaces in the subnet exist" in refusal[2]


async def test_selectors_of_subnets_and_vpcs(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        (subnet,) = (await there.get("/v1/vpc-subnets", vpc="default", project="p"))["items"]
        both = await there.refused("GET", f"/v1/vpc-subnets/{subnet['id']}", vpc="default")
        assert both[2] == "when providing subnet as an ID, vpc and project should not be specified"
        neither = await there.refused("GET", "/v1/vpc-subnets/default")
        assert neither[2] == "subnet should either be an ID or vpc should be specified"
        vpc = await there.refused("GET", f"/v1/vpcs/{subnet['vpc_id']}", project="p")
        assert vpc[2] == "when providing vpc as an ID, project should not be specified"
        assert (await there.refused("GET", "/v1/vpcs/default"))[0] == 400
        missing = await there.refused("GET", "/v1/vpc-subnets", project="p")
        assert missing == (400, None, "unable to parse query string: missing field `vpc`")


async def test_firewall_rules_are_replaced_as_a_whole(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        rule = {
            "name": "web",
            "description": "",
            "status": "enabled",
            "direction": "inbound",
            "action": "allow",
            "priority": 100,
            "targets": [{"type": "subnet", "value": "default"}],
            "filters": {
                "hosts": [{"type": "ip_net", "value": "10.0.0.0/8"}],
                "ports": ["80", "8000-8080"],
                "protocols": [{"type": "tcp"}],
            },
        }
        body = {"rules": [rule]}
        replaced = await there.ok("PUT", "/v1/vpc-firewall-rules", body, vpc="default", project="p")
        (shown,) = replaced.json()["rules"]
        assert {key: shown[key] for key in rule} == rule
        assert await _rules(there) == [shown]
        twice = await there.refused(
            "PUT", "/v1/vpc-firewall-rules", {"rules": [rule, rule]}, vpc="default", project="p"
        )
        assert twice[:2] == (400, "InvalidValue")
        await there.ok("PUT", "/v1/vpc-firewall-rules", {}, vpc="default", project="p")
        assert await _rules(there) == []


@pytest.mark.parametrize("port", ["0", "70000", "80-70", "http", ""])
async def test_a_bad_port_is_named(tmp_path: Path, port: str) -> None:
    async with site(tmp_path) as there:
        await there.project()
        rule = {
            "name": "web",
            "description": "",
            "status": "enabled",
            "direction": "inbound",
            "action": "allow",
            "priority": 100,
            "targets": [],
            "filters": {"ports": [port]},
        }
        refusal = await there.refused(
            "PUT", "/v1/vpc-firewall-rules", {"rules": [rule]}, vpc="default", project="p"
        )
        assert refusal[:2] == (400, None)
        assert "rules[0].filters.ports[0]: " in refusal[2]
