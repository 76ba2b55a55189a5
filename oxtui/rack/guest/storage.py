"""The work on layers that needs the owner of their files: install, copy, merge, remove.

Runs in a process of its own inside the mode's user namespace. A new layer is made under another
name and renamed when it is whole, so that a killed rack leaves no half layer behind.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from oxtui.rack.guest import base_system, file_system, layout, merge, skeleton, unpack, unsynced
from oxtui.rack.guest.bases import BASES
from oxtui.rack.guest.request import (
    Copy,
    Install,
    MakeImage,
    Merge,
    Mode,
    Place,
    Remove,
    Settle,
    Tools,
    Unpack,
)
from oxtui.rack.guest.trees import remove_tree

PARTIAL = ".partial"
COPY = ["cp", "-a", "--reflink=auto", "--"] if sys.platform == "linux" else ["cp", "-a", "--"]
"""Copies with owners, times, links, device nodes and extended attributes; shutil cannot."""

_TOOLS_SOURCE = Path(__file__).with_name("tools")
_TOOL_NAMES = {
    "power.sh": ("usr/sbin/reboot", "usr/sbin/poweroff", "usr/sbin/halt", "usr/sbin/shutdown"),
    "systemctl.sh": ("usr/bin/systemctl",),
    "cloud-init.sh": ("usr/bin/cloud-init",),
    "sudo.sh": ("usr/bin/sudo",),
    "sync.sh": ("usr/bin/sync",),
}


def run(request: Install | Tools | Copy | Merge | MakeImage | Unpack | Remove | Settle) -> None:
    """Does what the request says.

    Raises:
        OSError: the file system refused.
        subprocess.CalledProcessError: a program failed; its standard error says why.
    """
    match request:
        case Install():
            _install(request)
        case Tools():
            write_tools(Path(request.place.tools), request.mode)
        case Copy():
            copy(request)
        case Merge():
            _merge(request)
        case MakeImage():
            if request.whole and request.mode.layered:
                _gather_programs(request.place)
            file_system.make(request)
        case Unpack():
            _unpack(request)
        case Remove():
            for layer in request.layers:
                remove_tree(request.place.layer(layer))
        case Settle():
            _settle(request.place)


def login_ids(mode: Mode) -> tuple[int, int]:
    """User and group id of the default user."""
    if mode.users == "separate":
        return 1000, 1000
    if mode.kind == "none":
        return os.getuid(), os.getgid()
    return 0, 0


def _partial(place: Place, layer: str) -> str:
    partial = place.layer(layer) + PARTIAL
    remove_tree(partial)
    return partial


def _install(request: Install) -> None:
    mode = request.mode
    partial = Path(_partial(request.place, request.layer))
    root = partial / "root"
    skeleton.write(root, BASES[request.base], mode.users, login_ids(mode))
    if mode.kind == "overlay":
        base_system.write_shared_folders(partial, mode.namespace)
    else:
        if mode.kind == "chroot":
            _copy_programs(request.place, root)
        base_system.write_local_folders(root)
        write_tools(root, mode)
    os.rename(partial, request.place.layer(request.layer))


def _gather_programs(place: Place) -> None:
    """The host's commands, once a state."""
    if not os.path.isdir(place.programs):
        partial = Path(place.programs + PARTIAL)
        remove_tree(str(partial))
        partial.mkdir()
        base_system.copy_programs(partial)
        os.rename(partial, place.programs)


def _copy_programs(place: Place, root: Path) -> None:
    _gather_programs(place)
    folders = [entry.path for entry in os.scandir(place.programs)]
    subprocess.run([*COPY, *folders, str(root)], check=True, capture_output=True, text=True)


def _merge(request: Merge) -> None:
    place = request.place
    partial = _partial(place, request.target)
    os.mkdir(partial)
    for folder in ("root", *layout.system_folders()):
        sources = [f"{place.layer(source)}/{folder}" for source in request.sources]
        below = [f"{place.layer(request.base)}/{folder}"]
        if folder != "root":
            below += [f"{place.tools}/{folder}", f"/{folder}"]
        merge.merge([path for path in sources if os.path.isdir(path)], f"{partial}/{folder}", below)
    os.rename(partial, place.layer(request.target))


def _unpack(request: Unpack) -> None:
    partial = Path(_partial(request.place, request.target))
    partial.mkdir()
    unpack.run(request, partial)
    os.rename(partial, request.place.layer(request.target))


def write_tools(target: Path, mode: Mode) -> None:
    """Writes the rack's own commands below `target`."""
    for source, names in _TOOL_NAMES.items():
        for name in names:
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            shutil.copyfile(_TOOLS_SOURCE / source, path)
            path.chmod(0o755)
    switch = shutil.which("setpriv", path="/usr/bin:/bin")
    if mode.users == "separate" and switch is not None:
        copy_of_it = target / "usr/libexec/oxtui/setpriv"
        copy_of_it.parent.mkdir(parents=True, exist_ok=True)
        copy_of_it.unlink(missing_ok=True)
        shutil.copyfile(switch, copy_of_it)
        os.chown(copy_of_it, 0, skeleton.SUDO_GROUP)
        copy_of_it.chmod(0o4750)


def copy(request: Copy) -> None:
    """Copies a layer; of a running machine's layer, what a crash at this moment would leave."""
    source = request.place.layer(request.source)
    partial = _partial(request.place, request.target)
    os.mkdir(partial)
    lost: list[str] = []
    if request.instance is not None:
        marks = request.place.sync_marks(request.mode, request.instance, request.source)
        synced = unsynced.last_sync(*marks)
        if os.path.exists(marks[0]):  # else it has ended meanwhile, and its disk is settled
            lost = list(unsynced.unsynced(source, synced))
    folders = [entry.path for entry in os.scandir(source) if entry.name != "work"]
    if folders:
        copied = subprocess.run(
            [*COPY, *folders, partial],
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
        complaints = copied.stderr.splitlines()
        if request.instance is not None:  # a running machine deletes files while they are copied
            complaints = [line for line in complaints if "No such file" not in line]
        if copied.returncode and (complaints or request.instance is None):
            raise subprocess.CalledProcessError(
                copied.returncode, "cp", stderr="\n".join(complaints[:5])
            )
    unsynced.lose(partial, iter(lost))
    os.rename(partial, request.place.layer(request.target))


def _settle(place: Place) -> None:
    run_folder = Path(place.disks, "run")
    for folder in run_folder.iterdir():
        # A supervisor holds this lock until its machine is gone and its disk is settled.
        with suppress(FileNotFoundError), (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
        remove_tree(str(folder))
    for entry in Path(place.disks, "layers").iterdir():
        if entry.name.endswith(PARTIAL):
            remove_tree(str(entry))
