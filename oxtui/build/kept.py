"""How to get into what a session left: the `ssh` command, with the key's file, or `chroot` for a root here."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from oxtui.build.session import SessionFolder
from oxtui.build.state import BuildState, SessionState
from oxtui.component.events import SshCalled
from oxtui.component.resources import is_machine


def ssh_commands(state: SessionState, folder: SessionFolder) -> Mapping[str, str]:
    """By build; only of those whose instance is still there. It looks for key files: call it off the event loop."""
    return {
        name: _command(state, build, folder.key(name))
        for name, build in state.builds.items()
        if build.address is not None and _instance_is_left(build)
    }


def _instance_is_left(build: BuildState) -> bool:
    return any(
        (is_machine(resource.kind) or resource.id == build.instance != "")
        and resource.phase == "left"
        for resource in build.resources.values()
    )


def _command(state: SessionState, build: BuildState, key: Path) -> str:
    """As the build itself logged in, so that bastions and proxies are in it; else to the address."""
    if build.address is not None and build.address.is_local:
        return shlex.join(["chroot", build.address.address, "/bin/sh", "-l"])
    called = [
        each.call.command
        for each in state.calls
        if isinstance(each.call, SshCalled)
        and (each.call.build, each.call.operation, each.call.error) == (build.name, "connect", "")
    ]
    words = shlex.split(called[-1]) if called else _to_address(build)
    if key.is_file():
        words[1:1] = ["-i", str(key), "-o", "IdentitiesOnly=yes"]
    return shlex.join(words)


def _to_address(build: BuildState) -> list[str]:
    if build.address is None:
        return ["ssh"]
    at = build.address
    port = [] if at.port == 22 else ["-p", str(at.port)]
    return ["ssh", *port, f"{at.user}@{at.address}"]
