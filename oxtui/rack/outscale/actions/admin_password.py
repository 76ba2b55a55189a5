"""ReadAdminPassword: the VMs of the rack run no Windows, so there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import find
from oxtui.rack.outscale.errors import invalid

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud


async def read_admin_password(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Refuse, as the API does for a VM that runs no Windows."""
    vm = find.vm(cloud, body["VmId"])
    raise invalid("4087", f"VM {vm.id} runs no Windows")


ACTIONS = {"ReadAdminPassword": read_admin_password}
