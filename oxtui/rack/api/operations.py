"""All operations of the rack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.rack.api.addresses import AddressApi
from oxtui.rack.api.disks import DiskApi
from oxtui.rack.api.images import ImageApi
from oxtui.rack.api.instance_parts import InstancePartsApi
from oxtui.rack.api.instances import InstanceApi
from oxtui.rack.api.keys import SshKeyApi
from oxtui.rack.api.projects import ProjectApi
from oxtui.rack.api.serial import SerialApi
from oxtui.rack.api.silo import SiloApi
from oxtui.rack.api.snapshots import SnapshotApi
from oxtui.rack.api.subnets import SubnetApi
from oxtui.rack.api.tokens import TokenApi
from oxtui.rack.api.vpcs import VpcApi
from oxtui.rack.web.application import Application

if TYPE_CHECKING:
    from oxtui.rack.rack import Rack
    from oxtui.rack.web.operation import OperationGroup


def application(rack: Rack) -> Application:
    """Return the ASGI application of a rack."""
    serial = SerialApi(rack)
    groups: tuple[OperationGroup, ...] = (
        SiloApi(rack),
        TokenApi(rack),
        SshKeyApi(rack),
        ProjectApi(rack),
        ImageApi(rack),
        DiskApi(rack),
        SnapshotApi(rack),
        InstanceApi(rack),
        InstancePartsApi(rack),
        AddressApi(rack),
        VpcApi(rack),
        SubnetApi(rack),
        serial,
    )
    return Application(
        (operation for group in groups for operation in group.operations()),
        serial.streams(),
        login=rack.login,
        faults=rack.faults,
        latency=rack.latency,
    )
