"""What the steps of a build learn of Outscale, one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oxtui.outscale.models.image import Image


@dataclass(slots=True)
class Found:
    """Ids and names; empty until they are known."""

    account: str = ""
    """Id of the account that the keys are of."""
    region: str = ""
    source: Image | None = None
    net: str = ""
    subnet: str = ""
    subregion: str = ""
    security_groups: Sequence[str] = ()
    lets_in: bool = False
    """The temporary security group has its rule."""
    name: str = ""
    """Of what is temporary."""
    omi_name: str = ""
    public_key: str = ""
    """Of the temporary key pair."""
    keypair: str = ""
    public_ip: str = ""
    """Id of the VM's public IP."""
    vm: str = ""
    machine_records: tuple[int, ...] = ()
    """Numbers under which the recorder knows the VM and what cannot go before it."""
    address: str = ""
    replaced: Sequence[str] = ()
    """Images that were deleted for the new one; the VM is held until that is there."""
    snapshots: Mapping[str, str] = field(default_factory=dict)
    """Of a surrogate's devices, by their names."""
    snapshot_records: tuple[int, ...] = ()
    image: Image | None = None
    image_record: int = 0
    """Number under which the recorder knows the image."""
