"""All actions by name. Each takes a request's body, checked against its schema."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import (
    account,
    admin_password,
    image_create,
    images,
    keypairs,
    links,
    networks,
    public_ips,
    security_groups,
    snapshots,
    tags,
    vm_create,
    vms,
    volumes,
)

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud

Action = Callable[["Cloud", dict[str, Any]], Awaitable[dict[str, Any]]]

_MODULES = (
    account, admin_password, image_create, images, keypairs, links, networks, public_ips,
    security_groups, snapshots, tags, vm_create, vms, volumes,
)  # fmt: skip

ACTIONS: dict[str, Action] = {
    name: action for module in _MODULES for name, action in module.ACTIONS.items()
}
