"""What the steps of a build learn of Outscale, one after another."""

from __future__ import annotations

from collections.abc import Sequence
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
    key_comments: tuple[str, ...] = ()
    """Of the temporary public keys that are on the VM's disk."""
    keypair: str = ""
    public_ip: str = ""
    """Id of the VM's public IP."""
    vm: str = ""
    reach_records: tuple[int, ...] = ()
    """Numbers under which the recorder knows what the VM is reached by."""
    vm_records: tuple[int, ...] = ()
    """The same of the VM and its volumes."""
    devices: dict[str, str] = field(default_factory=dict)
    """Ids of the VM's volumes by the names of their devices."""
    snapshots: dict[str, str] = field(default_factory=dict)
    """Ids of the snapshots of those volumes, by the same names."""
    snapshot_records: tuple[int, ...] = ()
    """Numbers under which the recorder knows them."""
    kept_records: tuple[int, ...] = ()
    """Those of the volumes that stay when the build succeeds."""
    address: str = ""
    replaced: Sequence[str] = ()
    """Images that were deleted for the new one; the VM is held until that is there."""
    built: dict[str, str] = field(default_factory=dict)
    """Ids of the volumes that are the result, by the names of their devices."""
    image: Image | None = None
    image_record: int = 0
    """Number under which the recorder knows the image."""
