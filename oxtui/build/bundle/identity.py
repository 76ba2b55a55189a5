"""Who runs oxtui here."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import PurePath

from oxtui.build.bundle.writer import Identity


def identity_of(environ: Mapping[str, str]) -> Identity:
    """The names of this machine and of its user, as far as its environment tells them."""
    host = socket.gethostname()
    users = [
        environ.get("USER", ""),
        environ.get("LOGNAME", ""),
        PurePath(environ.get("HOME", "")).name,
    ]
    hosts = [host, host.partition(".")[0]]
    return Identity(
        tuple(dict.fromkeys(filter(None, hosts))), tuple(dict.fromkeys(filter(None, users)))
    )
