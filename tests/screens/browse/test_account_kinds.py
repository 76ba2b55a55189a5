"""Kinds of an account's resources: what is shown of rows that lack everything, and of odd ones."""

from __future__ import annotations

from typing import Any

import pytest

from oxtui.outscale.models.account import Keypair
from oxtui.outscale.models.image import Image
from oxtui.outscale.models.network import Net, PublicIp, SecurityGroup, Subnet
from oxtui.outscale.models.storage import Snapshot, Volume
from oxtui.outscale.models.vm import Vm
from screens.browse.browser import BROWSERS
from screens.browse.look import Look
from screens.compose.origin import from_omi
from screens.tables.model import TableModel
from tests.screens.racks import NOW

KINDS = BROWSERS["outscale"].kinds
MODELS: dict[str, Any] = {
    "omis": Image,
    "vms": Vm,
    "volumes": Volume,
    "snapshots": Snapshot,
    "nets": Net,
    "subnets": Subnet,
    "security-groups": SecurityGroup,
    "keypairs": Keypair,
    "public-ips": PublicIp,
}


def _look(**rows: Any) -> Look:
    """What is known: rows by the id of their kind, with _ for -."""
    models: dict[str, TableModel[Any]] = {}
    look = Look(models, NOW.timestamp, in_one_project=False)
    for id_, kind in KINDS.items():
        models[id_] = TableModel(kind.columns(look), kind.key)
        models[id_].upsert(rows.get(id_.replace("-", "_"), ()))
    return look


@pytest.mark.parametrize("id_", list(KINDS))
async def test_a_row_of_which_the_api_tells_nothing_is_shown(id_: str) -> None:
    kind, row, look = KINDS[id_], MODELS[id_](), _look()
    assert all(isinstance(column.field(row).text, str) for column in kind.columns(look))
    assert all(isinstance(fact.value, str) for fact in kind.facts(row, look))
    assert list(kind.related(row, look)) == []
    assert all(section.title for section in await kind.more(None, row))


@pytest.mark.parametrize(
    ("rule", "traffic", "peers"),
    [
        ({"IpProtocol": "-1", "IpRanges": ["0.0.0.0/0"]}, "any", "0.0.0.0/0"),
        (
            {"IpProtocol": "tcp", "FromPortRange": 22, "ToPortRange": 22, "IpRanges": ["10.0.0.0/8"]},
            "tcp 22",
            "10.0.0.0/8",
        ),
        (
            {
                "IpProtocol": "udp", "FromPortRange": 1, "ToPortRange": 9,
                "SecurityGroupsMembers": [{"SecurityGroupName": "web"}, {"SecurityGroupId": "sg-1"}],
            },
            "udp 1-9",
            "web, sg-1",
        ),
        ({"IpProtocol": "50", "ServiceIds": ["pl-1"]}, "50", "pl-1"),
    ],
)  # fmt: skip
async def test_rules_of_a_security_group(rule: dict[str, Any], traffic: str, peers: str) -> None:
    group = SecurityGroup.model_validate({"SecurityGroupId": "sg-9", "InboundRules": [rule]})
    inbound, outbound = await KINDS["security-groups"].more(None, group)
    assert inbound.lines == [(traffic, peers)]
    assert (outbound.lines, outbound.empty) == ([], "Nothing may go out.")


def test_what_belongs_together_is_found_from_both_ends() -> None:
    volume = Volume.model_validate({"VolumeId": "vol-1", "LinkedVolumes": [{"VmId": "i-1"}]})
    vm = Vm.model_validate({
        "VmId": "i-1", "ImageId": "ami-1", "SubnetId": "subnet-1", "KeypairName": "desk",
        "SecurityGroups": [{"SecurityGroupId": "sg-1"}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Bsu": {"VolumeId": "vol-1"}}],
    })  # fmt: skip
    ip = PublicIp(public_ip_id="eipalloc-1", public_ip="192.0.2.1", vm_id="i-1")
    look = _look(volumes=[volume], vms=[vm], public_ips=[ip])

    def found(id_: str, row: Any) -> dict[str, list[str]]:
        return {each.kind: list(each.ids) for each in KINDS[id_].related(row, look)}

    assert found("vms", vm) == {
        "volumes": ["vol-1"],
        "omis": ["ami-1"],
        "security-groups": ["sg-1"],
        "public-ips": ["eipalloc-1"],
        "subnets": ["subnet-1"],
    }
    for id_, row in (
        ("volumes", volume),
        ("public-ips", ip),
        ("omis", Image(image_id="ami-1")),
        ("security-groups", SecurityGroup(security_group_id="sg-1")),
        ("keypairs", Keypair(keypair_name="desk")),
        ("subnets", Subnet(subnet_id="subnet-1")),
    ):
        assert found(id_, row)["vms"] == ["i-1"], id_


@pytest.mark.parametrize(
    ("image", "user", "name"),
    [
        (Image(image_id="ami-1", image_name="RockyLinux-9", account_alias="Outscale"), "outscale", "RockyLinux-9"),
        (Image(image_id="ami-1", image_name="ubuntu:24.04"), "ubuntu", "ubuntu-24.04"),
        (Image(image_id="ami-1"), "", "ami-1"),
    ],
)  # fmt: skip
def test_a_template_from_an_omi(image: Image, user: str, name: str) -> None:
    text = from_omi(image, "us-east-2")
    assert 'source "outscale-bsu"' in text
    assert '= "ami-1"' in text
    assert '"us-east-2"' in text
    assert f'"{name}-{{{{timestamp}}}}"' in text
    assert ("ssh_username" in text) is bool(user)
    assert not user or f'"{user}"' in text
