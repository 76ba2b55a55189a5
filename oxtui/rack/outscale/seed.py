"""What a new account finds: images of the provider, a Net with a subnet, default security groups."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from oxtui.rack.guest.bases import BASES
from oxtui.rack.outscale.actions.devices import ROOT
from oxtui.rack.outscale.actions.security_groups import DEFAULT, new_group
from oxtui.rack.outscale.cloud import Account
from oxtui.rack.outscale.leftovers import remember_seeds
from oxtui.rack.outscale.records import Image, Net, Snapshot, Subnet
from oxtui.rack.timestamps import rfc3339

if TYPE_CHECKING:
    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.outscale.store import Store
    from oxtui.rack.timestamps import Clock

REGION = "eu-west-2"
ACCOUNT = "123456789012"
PROVIDER_ACCOUNT = "000000000001"
IMAGE_NAMES = {
    "ubuntu-24.04": "Ubuntu-24.04-2026.10.05-0",
    "ubuntu-22.04": "Ubuntu-22.04-2026.03.02-0",
    "debian-12": "Debian-12-2026.08.10-0",
}
_SIZE = 10
_AGES = {"ubuntu-24.04": 12, "ubuntu-22.04": 240, "debian-12": 95}


def fixed_id(prefix: str, name: str) -> str:
    """Return the id of a seeded resource, the same in every rack."""
    return f"{prefix}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


async def seed(store: Store, contents: DiskContents, clock: Clock) -> Account:
    """Fill a new store and return its account; an old one keeps what it has, with its keys."""
    key, secret = store.setting("access_key"), store.setting("secret_key")
    if key is None or secret is None:
        # Contents first: a rack that is killed here begins again, and finds no records in its way.
        for base in BASES:
            await contents.delete(fixed_id("snap", base))
            await contents.install_base(fixed_id("snap", base), base)
        key, secret = secrets.token_hex(10).upper(), secrets.token_hex(20).upper()
        with store.transaction():
            _plant(store, clock)
            remember_seeds(store)
            store.set_setting("access_key", key)
            store.set_setting("secret_key", secret)
    return Account(id=ACCOUNT, region=REGION, access_key=key, secret_key=secret)


def _plant(store: Store, clock: Clock) -> None:
    for base, name in IMAGE_NAMES.items():
        made = rfc3339(clock() - timedelta(days=_AGES[base]))
        snapshot = Snapshot(
            id=fixed_id("snap", base),
            account_id=PROVIDER_ACCOUNT,
            volume_id="",
            size=_SIZE,
            state="completed",
            progress=100,
            description=f"Root of {name}",
            time_created=made,
        )
        bsu = {
            "SnapshotId": snapshot.id,
            "VolumeSize": _SIZE,
            "VolumeType": "standard",
            "DeleteOnVmDeletion": True,
        }
        store.snapshots.insert(snapshot)
        store.images.insert(
            Image(
                id=fixed_id("ami", base),
                account_id=PROVIDER_ACCOUNT,
                name=name,
                description=BASES[base].pretty,
                state="available",
                state_message="",
                architecture="x86_64",
                root_device_name=ROOT,
                mappings=[{"DeviceName": ROOT, "Bsu": bsu}],
                boot_modes=("legacy", "uefi"),
                product_codes=("0001",),
                time_created=made,
                is_public=True,
            )
        )
    net = Net(id=fixed_id("vpc", "demo"), dhcp_options_set_id="dopt-00000001")
    store.nets.insert(net)
    subregion = f"{REGION}a"
    store.subnets.insert(Subnet(id=fixed_id("subnet", "a"), net_id=net.id, subregion=subregion))
    store.security_groups.insert(
        new_group(fixed_id("sg", "public"), DEFAULT, "Of the public Cloud", None),
        new_group(fixed_id("sg", "net"), DEFAULT, f"Of {net.id}", net.id),
    )
