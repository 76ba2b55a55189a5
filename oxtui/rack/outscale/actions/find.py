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
        PublicIp,
        SecurityGroup,
        Snapshot,
        Subnet,
        Vm,
        Volume,
    )

T = TypeVar("T")


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


def vm(cloud: Cloud, identifier: str) -> Vm:
    """Return a VM."""
    check_id(identifier, "i")
    return _found(cloud.store.vms.find(id=identifier), "5063", "VM", identifier)


def volume(cloud: Cloud, identifier: str) -> Volume:
    """Return a volume."""
    check_id(identifier, "vol")
    return _found(cloud.store.volumes.find(id=identifier), "5064", "volume", identifier)


def subnet(cloud: Cloud, identifier: str) -> Subnet:
    """Return a subnet."""
    check_id(identifier, "subnet")
    return _found(cloud.store.subnets.find(id=identifier), "5057", "subnet", identifier)


def security_group(cloud: Cloud, identifier: str) -> SecurityGroup:
    """Return a security group."""
    check_id(identifier, "sg")
    found = cloud.store.security_groups.find(id=identifier)
    return _found(found, "5020", "security group", identifier)


def keypair(cloud: Cloud, name: str) -> Keypair:
    """Return a key pair by its name."""
    return _found(cloud.store.keypairs.find(name=name), "5071", "key pair", name)


def public_ip(cloud: Cloud, identifier: str | None, address: str | None) -> PublicIp:
    """Return a public IP, named by its id or by the address."""
    if identifier is not None:
        check_id(identifier, "eipalloc")
        found = cloud.store.public_ips.find(id=identifier)
        return _found(found, "5025", "public IP", identifier)
    known = {cloud.places.public(ip.position): ip for ip in cloud.store.public_ips.all()}
    return _found(known.get(address or ""), "5025", "public IP", str(address))


def image(cloud: Cloud, identifier: str, *, own: bool = False) -> Image:
    """Return an image that the account may launch, or, `own`, that belongs to it."""
    check_id(identifier, "ami")
    found = cloud.store.images.find(id=identifier)
    return _found(_for_account(cloud, found, own=own), "5023", "image", identifier)


def snapshot(cloud: Cloud, identifier: str, *, own: bool = False) -> Snapshot:
    """Return a snapshot that the account may restore, or, `own`, that belongs to it."""
    check_id(identifier, "snap")
    found = cloud.store.snapshots.find(id=identifier)
    return _found(_for_account(cloud, found, own=own), "5054", "snapshot", identifier)


S = TypeVar("S", "Image", "Snapshot")


def _for_account(cloud: Cloud, found: S | None, *, own: bool) -> S | None:
    if found is None or found.account_id == cloud.account.id:
        return found
    shared = found.is_public or cloud.account.id in found.permitted
    return found if shared and not own else None
