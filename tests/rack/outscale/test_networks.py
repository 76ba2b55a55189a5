"""Security groups, public IPs and key pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
import pytest

from oxtui.rack.outscale.records import SecurityGroup
from oxtui.rack.outscale.ways_in import lets_in
from tests.rack.outscale.site import site

SSH = {"IpProtocol": "tcp", "FromPortRange": 22, "ToPortRange": 22, "IpRanges": ["0.0.0.0/0"]}


async def test_a_security_group_is_kept_while_a_vm_uses_it(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        subnet = await there.subnet()
        body = {"SecurityGroupName": "packer", "Description": "x", "NetId": subnet["NetId"]}
        group = (await there.ok("CreateSecurityGroup", **body))["SecurityGroup"]
        assert await there.refused("CreateSecurityGroup", **body) == (409, "9008")
        identifier = {"SecurityGroupId": group["SecurityGroupId"]}
        rules = {**identifier, "Flow": "Inbound", "Rules": [SSH]}
        shown = (await there.ok("CreateSecurityGroupRule", **rules))["SecurityGroup"]
        assert shown["InboundRules"] == [SSH]
        assert await there.refused("CreateSecurityGroupRule", **rules) == (409, "9000")
        groups = {"SecurityGroupIds": [group["SecurityGroupId"]]}
        image = await there.image()
        assert await there.refused("CreateVms", ImageId=image, **groups) == (400, "5021")
        vm = await there.vm(SubnetId=subnet["SubnetId"], **groups)
        assert [each["SecurityGroupName"] for each in vm["SecurityGroups"]] == ["packer"]
        assert await there.refused("DeleteSecurityGroup", **identifier) == (409, "9002")
        await there.ok("DeleteVms", VmIds=[vm["VmId"]])
        await there.until("Vm", vm["VmId"], "terminated")
        await there.ok("DeleteSecurityGroup", **identifier)
        assert there.leftovers() == set()


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ({**SSH, "IpProtocol": "smoke"}, (400, "4053")),
        ({**SSH, "FromPortRange": 23}, (400, "4051")),
        ({**SSH, "IpRanges": ["10.0.0.1/8"]}, (400, "4047")),
        ({**SSH, "IpRanges": []}, (400, "7000")),
        ({**SSH, "ServiceIds": ["pl-1"]}, (400, "0")),
    ],
)
async def test_a_rule_that_cannot_be_is_refused(
    tmp_path: Path, rule: dict[str, Any], refused: tuple[int, str]
) -> None:
    async with site(tmp_path) as there:
        (group, *_) = (await there.ok("ReadSecurityGroups"))["SecurityGroups"]
        body = {"SecurityGroupId": group["SecurityGroupId"], "Flow": "Inbound", "Rules": [rule]}
        assert await there.refused("CreateSecurityGroupRule", **body) == refused


@pytest.mark.parametrize(
    ("rule", "open_to_us"),
    [
        (SSH, True),
        ({**SSH, "IpRanges": ["127.0.0.0/8"]}, True),
        ({**SSH, "IpRanges": ["192.0.2.0/24"]}, False),
        ({**SSH, "FromPortRange": 1, "ToPortRange": 21}, False),
        ({**SSH, "FromPortRange": -1, "ToPortRange": -1}, True),
        ({**SSH, "IpProtocol": "udp"}, False),
        ({"IpProtocol": "-1", "IpRanges": ["0.0.0.0/0"]}, True),
        ({"IpProtocol": "tcp", "FromPortRange": 22, "ToPortRange": 22}, False),
    ],
)
def test_a_rule_lets_in_whom_it_names(rule: dict[str, Any], open_to_us: bool) -> None:
    group = SecurityGroup(
        id="sg-1", name="g", description="", net_id=None, inbound=[rule], outbound=[]
    )
    assert lets_in(group, "127.0.0.1", 22) == open_to_us


async def test_a_public_ip_leads_to_one_vm_until_that_stops(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        subnet = await there.subnet()
        vm = await there.vm(SubnetId=subnet["SubnetId"])
        assert "PublicIp" not in vm
        ip = (await there.ok("CreatePublicIp"))["PublicIp"]
        link = {"PublicIpId": ip["PublicIpId"], "VmId": vm["VmId"]}
        await there.ok("LinkPublicIp", **link)
        assert (await there.one("Vm", vm["VmId"]))["PublicIp"] == ip["PublicIp"]
        (shown,) = (await there.ok("ReadPublicIps", Filters={"VmIds": [vm["VmId"]]}))["PublicIps"]
        assert shown["PrivateIp"] == vm["PrivateIp"] != ip["PublicIp"]
        assert await there.refused("LinkPublicIp", **link) == (409, "9031")
        named = {"PublicIpId": ip["PublicIpId"]}
        assert await there.refused("DeletePublicIp", **named) == (409, "9031")
        await there.ok("LinkPublicIp", **link, AllowRelink=True)
        await there.ok("StopVms", VmIds=[vm["VmId"]])
        assert "PublicIp" not in await there.until("Vm", vm["VmId"], "stopped")
        assert await there.refused("UnlinkPublicIp", PublicIp=ip["PublicIp"]) == (400, "5026")
        await there.ok("DeletePublicIp", **named)
        assert await there.refused("DeletePublicIp", **named) == (400, "5025")


async def test_a_vm_of_the_public_cloud_has_an_address_while_it_runs(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm = await there.vm()
        assert vm["PublicIp"] == vm["PublicDnsName"]
        assert "NetId" not in vm
        await there.ok("StopVms", VmIds=[vm["VmId"]])
        assert "PublicIp" not in await there.until("Vm", vm["VmId"], "stopped")
        await there.ok("StartVms", VmIds=[vm["VmId"]])
        assert "PublicIp" in await there.until("Vm", vm["VmId"], "running")


async def test_there_are_so_many_public_ips_as_addresses(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        ips = {(await there.ok("CreatePublicIp"))["PublicIp"]["PublicIp"] for _ in range(7)}
        assert len(ips) == 7
        assert await there.refused("CreatePublicIp") == (400, "10011")


async def test_a_key_pair_is_made_once_and_shown_without_its_key(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        made = (await there.ok("CreateKeypair", KeypairName="packer"))["Keypair"]
        key = asyncssh.import_private_key(made["PrivateKey"])
        assert made["KeypairType"] == key.get_algorithm() == "ssh-rsa"
        assert await there.refused("CreateKeypair", KeypairName="packer") == (409, "9011")
        (shown,) = (await there.ok("ReadKeypairs"))["Keypairs"]
        assert "PrivateKey" not in shown
        await there.vm(KeypairName="packer")
        assert there.host.starts[0].ssh_keys == (key.export_public_key().decode().strip(),)
        await there.ok("DeleteKeypair", KeypairName="packer")
        assert await there.refused("DeleteKeypair", KeypairName="packer") == (400, "5071")
