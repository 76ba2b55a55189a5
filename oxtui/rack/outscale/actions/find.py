"""Finding what a request names; what is not there, or belongs to others, is an OapiError."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from oxtui.rack.outscale.errors import invalid, no_such

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import (
        Image,
        Keypair,
        Net,
        PublicIp,
        SecurityGroup,
        Snapshot,
        Subnet,
        Vm,
        Volume,
    )
    from oxtui.rack.store.tables import Record, Table

T = TypeVar("T")
R = TypeVar("R", bound="Record")


def check_id(identifier: str, prefix: str) -> None:
    """Raise OapiError 4104 or 4105 unless an id has its prefix and eight hexadecimal digits."""
    if not identifier.startswith(f"{prefix}-"):
        raise invalid("4104", f"{identifier} does not begin with {prefix}-")
    if not re.fullmatch(r"[0-9a-f]{8}", identifier.partition("-")[2]):
        raise invalid("4105", f"{identifier} is no id of eight hexadecimal digits")


def _found(record: T | None, code: str, what: str, name: str) -> T:
    if record is None:
        raise no_such(code, f"there is no {what} {name}")
    return record


def _by_id(table: Table[R], identifier: str, prefix: str, code: str, what: str) -> R:
    check_id(identifier, prefix)
    return _found(table.find(id=identifier), code, what, identifier)


def vm(cloud: Cloud, identifier: str) -> Vm:
    """Return a VM."""
    return _by_id(cloud.store.vms, identifier, "i", "5063", "VM")


def volume(cloud: Cloud, identifier: str) -> Volume:
    """Return a volume."""
    return _by_id(cloud.store.volumes, identifier, "vol", "5064", "volume")


def net(cloud: Cloud, identifier: str) -> Net:
    """Return a Net."""
    return _by_id(cloud.store.nets, identifier, "vpc", "5065", "Net")


def subnet(cloud: Cloud, identifier: str) -> Subnet:
    """Return a subnet."""
    return _by_id(cloud.store.subnets, identifier, "subnet", "5057", "subnet")


def security_group(cloud: Cloud, identifier: str) -> SecurityGroup:
    """Return a security group."""
    return _by_id(cloud.store.security_groups, identifier, "sg", "5020", "security group")


def keypair(cloud: Cloud, name: str) -> Keypair:
    """Return a key pair by its name."""
    return _found(cloud.store.keypairs.find(name=name), "5071", "key pair", name)


def public_ip(cloud: Cloud, identifier: str | None, address: str | None) -> PublicIp:
    """Return a public IP, named by its id or by the address."""
    if identifier is not None:
        return _by_id(cloud.store.public_ips, identifier, "eipalloc", "5025", "public IP")
    known = {cloud.places.public(ip.position): ip for ip in cloud.store.public_ips.all()}
    return _found(known.get(address or ""), "5025", "public IP", str(address))


def image(cloud: Cloud, identifier: str, *, own: bool = False) -> Image:
    """Return an image that the account may launch, or, `own`, that belongs to it."""
    found = _by_id(cloud.store.images, identifier, "ami", "5023", "image")
    return _found(found if _may_use(cloud, found, own=own) else None, "5023", "image", identifier)


def snapshot(cloud: Cloud, identifier: str, *, own: bool = False) -> Snapshot:
    """Return a snapshot that the account may restore, or, `own`, that belongs to it."""
    found = _by_id(cloud.store.snapshots, identifier, "snap", "5054", "snapshot")
    return _found(
        found if _may_use(cloud, found, own=own) else None, "5054", "snapshot", identifier
    )


S = TypeVar("S", "Image", "Snapshot")


def usable(cloud: Cloud, table: Table[S]) -> list[S]:
    """Return the images that the account may launch, or the snapshots that it may restore."""
    return [each for each in table.all() if _may_use(cloud, each)]


def _may_use(cloud: Cloud, found: Image | Snapshot, *, own: bool = False) -> bool:
    shared = found.is_public or cloud.account.id in found.permitted
    return found.account_id == cloud.account.id or (shared and not own)
