"""Names of devices: as the API has them, and as the kernel may."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from oxtui.component.errors import StepError

_LETTERS = "fghijklmnop"
_PREFIXES = ("sd", "xvd", "vd")
_OTHERWISE = "xvd"


def pick(wanted: str, linked: Collection[str], block: Path, dev: Path) -> str:
    """Path of the device at which the volume is to be attached.

    Args:
        wanted: by the template; empty for any that is free.
        linked: names of the devices that the VM has, by the API.
        block: of sysfs, which has the names that the kernel gives here.
        dev: where device nodes are.

    Raises:
        StepError: it is there already, or none is free.
    """
    if wanted:
        if api_name(wanted) in linked or Path(wanted).exists():
            raise StepError(
                f"device_path: {wanted} is there already. Choose another, or leave it out for one that is free."
            )
        return wanted
    names = {each.name for each in block.iterdir()}
    prefix = next((p for p in _PREFIXES if any(n.startswith(p) for n in names)), _OTHERWISE)
    for letter in _LETTERS:
        name = f"{prefix}{letter}"
        free = not (dev / name).exists() and not (dev / f"{name}1").exists()
        if free and api_name(f"/dev/{name}") not in linked:
            return f"/dev/{name}"
    raise StepError(
        f"no device of /dev/{prefix}{_LETTERS[0]} to {_LETTERS[-1]} is free on this VM. Name one with device_path."
    )


def api_name(path: str) -> str:
    """As the API calls it, which knows /dev/sdX and /dev/xvdX; virtio's names are the kernel's own."""
    return f"/dev/xvd{path.removeprefix('/dev/vd')}" if path.startswith("/dev/vd") else path
