"""The kinds of resources that Browse shows, in the order of their tabs."""

from __future__ import annotations

from screens.browse.resource import Resource
from screens.browse.resources.disks import DISKS
from screens.browse.resources.images import IMAGES
from screens.browse.resources.instances import INSTANCES
from screens.browse.resources.ip_pools import IP_POOLS
from screens.browse.resources.keys import KEYS
from screens.browse.resources.projects import PROJECTS
from screens.browse.resources.quota import QUOTA
from screens.browse.resources.snapshots import SNAPSHOTS
from screens.browse.resources.vpcs import VPCS

RESOURCES: dict[str, Resource] = {
    resource.id: resource
    for resource in (
        PROJECTS,
        IMAGES,
        INSTANCES,
        DISKS,
        SNAPSHOTS,
        VPCS,
        IP_POOLS,
        KEYS,
        QUOTA,
    )
}
