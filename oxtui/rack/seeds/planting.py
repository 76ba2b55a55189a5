"""Filling a new store. Ids of seeds are made from names, so they are the same on every rack."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from oxtui.rack.networks import Networks
from oxtui.rack.parameters.common import GIB
from oxtui.rack.quota import Quota, Resources
from oxtui.rack.rack import SILO_ID, SILO_NAME, TIME_FOUNDED, USER_ID, USER_NAME
from oxtui.rack.store.records import Image, Pool, Project
from oxtui.rack.timestamps import rfc3339

if TYPE_CHECKING:
    from datetime import datetime

    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.store.database import Store

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://oxide.computer/oxtui/rack")
TIB = 1024 * GIB


def fixed_id(path: str) -> str:
    """Return the id of a seeded object, such as `image/ubuntu-24-04` or `project/web`."""
    return str(uuid.uuid5(_NAMESPACE, path))


DEFAULT_POOL = fixed_id("ip-pool/default")
RESTRICTED_POOL = fixed_id("ip-pool/restricted")
IPV6_POOL = fixed_id("ip-pool/ipv6")

IpPools = Literal["v4", "both", "v6", "none"]
"""Which pools a silo has: those of IPv4, the one of IPv6."""


@dataclass(frozen=True, slots=True)
class Base:
    """A system that comes with the rack, as a silo image."""

    name: str
    base: str
    os: str
    version: str
    description: str
    age_days: int

    @property
    def image_id(self) -> str:
        """The image's fixed id."""
        return fixed_id(f"image/{self.name}")


BASES = (
    Base("ubuntu-24-04", "ubuntu-24.04", "ubuntu", "24.04", "Ubuntu 24.04 LTS, server", 12),
    Base("ubuntu-22-04", "ubuntu-22.04", "ubuntu", "22.04", "Ubuntu 22.04 LTS, server", 240),
    Base("debian-12", "debian-12", "debian", "12", "Debian 12, generic", 95),
)
BASE_SIZE = 4 * GIB


async def install_bases(contents: DiskContents) -> None:
    """Make the contents of the silo's images; what an earlier attempt left is replaced."""
    for base in BASES:
        await contents.delete(base.image_id)
        await contents.install_base(base.image_id, base.base)


class Ground:
    """A store that is being filled."""

    def __init__(self, store: Store, founded: datetime) -> None:
        self.store = store
        self._founded = founded

    def identity(self, path: str, description: str, age_days: float = 0) -> dict[str, Any]:
        """Return the identity fields of a seeded object whose name ends its path."""
        moment = rfc3339(self._founded - timedelta(days=age_days))
        return {
            "id": fixed_id(path),
            "name": path.rpartition("/")[2],
            "description": description,
            "time_created": moment,
            "time_modified": moment,
        }

    def found_silo(self, pools: IpPools = "v4") -> None:
        """Make silo, user, quotas, pools and the silo's images."""
        settings = {
            SILO_ID: fixed_id("silo/demo"),
            SILO_NAME: "demo",
            USER_ID: fixed_id("user/operator"),
            USER_NAME: "operator",
            TIME_FOUNDED: rfc3339(self._founded),
        }
        for key, value in settings.items():
            self.store.set_setting(key, value)
        Quota(self.store).set_capacity(Resources(cpus=64, memory=256 * GIB, storage=2 * TIB))
        if pools in ("v4", "both"):
            self.store.pools.insert(
                self._pool("default", "External addresses for everyone", is_default=True),
                self._pool("restricted", "A few addresses, taken by name only", is_default=False),
            )
        if pools in ("v6", "both"):
            self.store.pools.insert(
                self._pool("ipv6", "The IPv6 address of this machine", version="v6")
            )
        for base in BASES:
            self.store.images.insert(
                self.image(
                    f"image/{base.name}",
                    base,
                    description=base.description,
                    version=base.version,
                    age_days=base.age_days,
                )
            )

    def project(self, name: str, description: str, age_days: float) -> str:
        """Make a project with its default VPC and return its id."""
        project = Project(**self.identity(f"project/{name}", description, age_days))
        self.store.projects.insert(project)
        self.networks(age_days).add_default_vpc(project.id)
        return project.id

    def networks(self, age_days: float) -> Networks:
        """Return what makes networks of this age with fixed ids."""
        founded = self._founded - timedelta(days=age_days)
        return Networks(self.store, lambda: founded, fixed_id)

    def image(
        self,
        path: str,
        base: Base,
        *,
        description: str,
        version: str,
        age_days: float,
        project_id: str | None = None,
        size: int = BASE_SIZE,
    ) -> Image:
        """Return an image that shows a base's content."""
        return Image(
            **self.identity(path, description, age_days),
            project_id=project_id,
            os=base.os,
            version=version,
            size=size,
            block_size=512,
            content_id=base.image_id,
        )

    def _pool(
        self, name: str, description: str, *, version: str = "v4", is_default: bool = True
    ) -> Pool:
        return Pool(
            **self.identity(f"ip-pool/{name}", description, age_days=400),
            ip_version=version,
            pool_type="unicast",
            is_default=is_default,
        )
