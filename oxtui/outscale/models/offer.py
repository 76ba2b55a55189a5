"""What the region has to offer: types of VMs, and subregions to make them in."""

from __future__ import annotations

from typing import ClassVar

from oxtui.outscale.models.base import Model


class Offered(Model):
    """Something that has a name and no id."""

    id_field: ClassVar[str]

    @property
    def id(self) -> str:
        """Its name."""
        return self.name

    @property
    def name(self) -> str:
        """Its own."""
        return str(getattr(self, self.id_field))


class VmType(Offered):
    """A type of VMs; `memory_size` is in GiB."""

    id_field: ClassVar[str] = "vm_type_name"

    memory_size: float = 0
    vcore_count: int = 0
    vm_type_name: str = ""


class Subregion(Offered):
    """A subregion. `state` is available or not."""

    id_field: ClassVar[str] = "subregion_name"

    region_name: str = ""
    state: str = ""
    subregion_name: str = ""
