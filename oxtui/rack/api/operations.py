"""All operations of the rack, and the application that serves them."""

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
    from collections.abc import Iterator

    from oxtui.rack.rack import Rack
    from oxtui.rack.web.operation import Operation, OperationGroup


def operations(rack: Rack) -> Iterator[Operation]:
    """Return every operation that the rack has, but for streams."""
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
        SerialApi(rack),
    )
    for group in groups:
        yield from group.operations()


def application(rack: Rack) -> Application:
    """Return the ASGI application of a rack."""
    return Application(
        operations(rack),
        SerialApi(rack).streams(),
        login=rack.login,
        faults=rack.faults,
        latency=rack.latency,
    )
