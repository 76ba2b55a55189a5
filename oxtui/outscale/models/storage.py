"""Volumes and snapshots; sizes are in GiB."""

from __future__ import annotations

from oxtui.outscale.models.base import Tagged


class Volume(Tagged):
    """A volume. `state` is creating, available, in-use, deleting or error."""

    client_token: str = ""
    size: int = 0
    snapshot_id: str = ""
    state: str = ""
    volume_id: str = ""
    volume_type: str = ""


class Snapshot(Tagged):
    """A snapshot. `state` is in-queue, pending, completed, error or deleting; `progress` is in percent."""

    client_token: str = ""
    progress: int = 0
    snapshot_id: str = ""
    state: str = ""
    volume_id: str = ""
    volume_size: int = 0
