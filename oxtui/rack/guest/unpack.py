"""The file system on the bytes of a disk as a tree, for a machine that boots from it.

The kernel reads it, which is for root: a user namespace may mount no block device.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from oxtui.rack.guest import kernel, partitions
from oxtui.rack.guest.request import Unpack

_FOLDERS = {"dev": 0o755, "proc": 0o555, "run": 0o755, "sys": 0o555, "tmp": 0o1777}
"""What a system mounts or makes when it boots, with the modes."""
_MORE_OPTIONS = {"ext4": "", "xfs": ",nouuid"}
"""Of mount(8): a copy of an XFS that is mounted has the same UUID."""


def run(request: Unpack, partial: Path) -> None:
    """Copies the file system to a folder `root`, and the rack's own commands over it.

    partial: the folder, empty yet, that becomes the layer. The kernel may repair what was not unmounted.

    Raises:
        OSError: there is no file system on the disk, or a mount was refused.
        subprocess.CalledProcessError: mount or cp failed; its standard error says why.
    """
    image = Path(request.place.raw(request.source))
    with image.open("rb") as file:
        found = partitions.first_file_system(file, os.fstat(file.fileno()).st_size)
    if found is None:
        raise OSError(f"{image.name} holds no file system")
    mounted, root = partial / "mounted", partial / "root"
    mounted.mkdir()
    root.mkdir()
    kernel.unshare(kernel.CLONE_NEWNS)  # what is mounted goes with this process
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    options = f"loop,nosuid,nodev,offset={found.offset},sizelimit={found.size}"
    options += _MORE_OPTIONS[found.kind]
    _run("mount", "-t", found.kind, "-o", options, "--", str(image), str(mounted))
    try:
        _run("cp", "-a", "--", f"{mounted}/.", str(root))
    finally:
        _run("umount", str(mounted))
    mounted.rmdir()
    _complete(root, Path(request.place.tools))


def _complete(root: Path, tools: Path) -> None:
    """What every system has that boots here. Done from inside: links of an image may lead anywhere."""
    commands = {
        path.relative_to(tools): (path.read_bytes(), path.stat())
        for path in tools.rglob("*")
        if path.is_file()
    }
    outside = os.open("/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    os.chroot(root)
    try:
        for folder, mode in _FOLDERS.items():
            with suppress(FileNotFoundError, IsADirectoryError):
                os.unlink(f"/{folder}")
            Path("/", folder).mkdir(exist_ok=True)
            Path("/", folder).chmod(mode)
        for name, (content, status) in commands.items():
            path = Path("/", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(content)
            os.chown(path, status.st_uid, status.st_gid)
            path.chmod(status.st_mode & 0o7777)
    finally:
        os.fchdir(outside)
        os.chroot(".")
        os.close(outside)


def _run(*command: str) -> None:
    environment = {**os.environ, "LC_ALL": "C"}
    subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
