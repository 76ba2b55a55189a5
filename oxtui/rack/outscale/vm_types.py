"""VM types: how many vCores and how much memory a name stands for."""

from __future__ import annotations

import re

from oxtui.rack.outscale.errors import no_such

GIB = 1024**3
_TINA = re.compile(r"tinav\d+\.c(?P<cores>[1-9]\d?)r(?P<memory>[1-9]\d{0,2})(?:p[123])?")
_NAMED = {
    "t2.nano": (1, 0.5),
    "t2.micro": (1, 1.0),
    "t2.small": (1, 2.0),
    "t2.medium": (2, 4.0),
    "m4.large": (2, 8.0),
}
SHOWN = ("tinav6.c1r1p2", "tinav6.c2r4p2", "tinav6.c4r8p2", *_NAMED)
"""Those that ReadVmTypes lists; of the tina family any name is a type."""
DEFAULT = "t2.small"


def size(name: str) -> tuple[int, int]:
    """Return vCores and bytes of memory; OapiError 5024 if there is no such type."""
    found = _TINA.fullmatch(name)
    if found is not None:
        return int(found["cores"]), int(found["memory"]) * GIB
    if name not in _NAMED:
        raise no_such("5024", f"there is no VM type {name}")
    cores, memory = _NAMED[name]
    return cores, int(memory * GIB)
