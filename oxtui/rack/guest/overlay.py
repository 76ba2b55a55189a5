"""Enters an instance's own root, made of overlays, in namespaces of its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from oxtui.rack.guest import disk_names, kernel, layout
from oxtui.rack.guest.request import Mode, Place

CAPABILITIES = frozenset(kernel.CAPABILITIES)
"""What root inside may do: manage files and processes of its own, nothing of the kernel."""

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_READ_ONLY = ("bus", "fs", "irq", "sys", "sysrq-trigger")
_MASKED = ("acpi", "kcore", "keys", "latency_stats", "sched_debug", "scsi", "timer_list")
_QUIET = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


def enter(
    mode: Mode,
    place: Place,
    stack: tuple[str, ...],
    run: str,
    hostname: str,
    disks: Sequence[tuple[str, str]] = (),
) -> None:
    """Moves this process, the first of a new pid namespace, into the instance's root.

    run: folder of the running instance; its `shared` folder becomes /run/oxtui inside.
    disks: further ones, each a block device of the host and a serial number.

    Raises:
        OSError: a mount is refused; the message names it.
    """
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    root = f"{run}/root"
    os.makedirs(root, exist_ok=True)
    os.chdir(f"{place.disks}/layers")  # the option string is limited: short relative names
    _mount_overlay(mode, root, "root", stack, [])
    for name in layout.shared_folders(place.layer(stack[0])):
        lowest = [f"/{name}"]
        if name == layout.TOOLS:
            lowest.insert(0, f"../tools/{name}")
        _mount_overlay(mode, f"{root}/{name}", name, stack, lowest)
    _mount_processes(f"{root}/proc")
    _mount_devices(mode, f"{root}/dev")
    for device, serial in disks:
        node = disk_names.add(Path(f"{root}/dev"), serial)
        node.touch()
        kernel.mount(device, str(node), "", kernel.MS_BIND)
    _mount_run(f"{root}/run", f"{run}/shared")
    kernel.change_root(root)
    socket.sethostname(hostname)
    kernel.keep_capabilities(CAPABILITIES)


def _mount_overlay(
    mode: Mode, target: str, folder: str, stack: tuple[str, ...], lowest: list[str]
) -> None:
    *lower, top = stack
    upper, work = f"{top}/{folder}", f"{top}/work/{folder}"
    for path in (upper, work):
        Path(path).mkdir(parents=True, exist_ok=True)
    lowers = [f"{layer}/{folder}" for layer in reversed(lower)]
    lowers = [path for path in lowers if os.path.isdir(path)] + lowest
    # Renames of folders and of metadata alone must leave plain layers, which can be merged.
    options = f"lowerdir={':'.join(lowers)},upperdir={upper},workdir={work}"
    options += ",redirect_dir=off,metacopy=off,index=off"
    if mode.namespace != "host":
        options = options.replace(",redirect_dir=off,metacopy=off,index=off", ",userxattr")
    kernel.mount("overlay", target, "overlay", kernel.MS_NODEV, options)


def _mount_processes(target: str) -> None:
    """Mounts /proc, or leaves it empty where the host itself runs with a masked one."""
    try:
        kernel.mount("proc", target, "proc", _QUIET)
    except OSError:
        return
    for name in _READ_ONLY:
        path = f"{target}/{name}"
        if os.path.exists(path):
            kernel.mount(path, path, "", kernel.MS_BIND | kernel.MS_REC)
            flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | _QUIET
            kernel.mount(path, path, "", flags)
    for name in _MASKED:
        path = f"{target}/{name}"
        if os.path.isdir(path):
            kernel.mount("tmpfs", path, "tmpfs", kernel.MS_RDONLY | _QUIET, "size=0")
        elif os.path.exists(path):
            kernel.mount("/dev/null", path, "", kernel.MS_BIND)


def _mount_devices(mode: Mode, target: str) -> None:
    kernel.mount("tmpfs", target, "tmpfs", kernel.MS_NOSUID, "mode=755,size=64k")
    for name in _DEVICES:
        Path(target, name).touch()
        kernel.mount(f"/dev/{name}", f"{target}/{name}", "", kernel.MS_BIND)
    for name, destination in {
        "fd": "/proc/self/fd",
        "stdin": "/proc/self/fd/0",
        "stdout": "/proc/self/fd/1",
        "stderr": "/proc/self/fd/2",
        "ptmx": "pts/ptmx",
    }.items():
        os.symlink(destination, f"{target}/{name}")
    os.mkdir(f"{target}/pts")
    group = ",gid=5" if mode.users == "separate" else ""
    flags = kernel.MS_NOSUID | kernel.MS_NOEXEC
    options = f"newinstance,ptmxmode=0666,mode=0620{group}"
    kernel.mount("devpts", f"{target}/pts", "devpts", flags, options)
    os.mkdir(f"{target}/shm")
    kernel.mount("tmpfs", f"{target}/shm", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=1777")


def _mount_run(target: str, shared: str) -> None:
    kernel.mount("tmpfs", target, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755")
    for name, mode in {"lock": 0o1777, "oxtui": 0o755, "user": 0o755}.items():
        folder = Path(target, name)
        folder.mkdir()
        folder.chmod(mode)
    with suppress(FileExistsError):
        os.mkdir(shared)
    kernel.mount(shared, f"{target}/oxtui", "", kernel.MS_BIND)
