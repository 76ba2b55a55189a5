"""Starts a Python program with fewer rights: `python -m tests.rack.machines.confine KIND ARGS…`.

KIND is what the program shall be:
  user       a plain user (uid 65534), who may make user namespaces
  subids     the same with a range of ids in /etc/subuid and /etc/subgid
  masked     a plain user in a container that hides parts of /proc
  nobody     a plain user, and user namespaces are refused
  container  root of a container that may neither mount nor make user namespaces
All but `container` need real root. Nothing of this outlives the process: it happens in a mount
namespace (for a container: a user namespace) of its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from oxtui.rack.guest import kernel

NOBODY = 65534
FIRST_SUBID = 400000


def main(kind: str, arguments: list[str]) -> None:
    """Gives up rights and runs the program in this process."""
    command = [sys.executable, *arguments]
    if kind == "container":
        _enter_user_namespace()
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
        os.execvp("setpriv", ["setpriv", "--bounding-set=-sys_admin", *command])
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    _show_interpreter()
    if kind == "subids":
        for name in ("subuid", "subgid"):
            _replace(f"/etc/{name}", f"nobody:{FIRST_SUBID}:65536\n")
    if kind == "masked":
        kernel.mount("/dev/null", "/proc/timer_list", "", kernel.MS_BIND)
    if kind == "nobody":
        _enter_user_namespace()
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.execv(sys.executable, command)


def _enter_user_namespace() -> None:
    """A user namespace with the same ids, mapped by a child that stays outside."""
    parent = os.getpid()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write)
        os.read(read, 1)
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{parent}/{name}").write_text("0 0 65536")
        os._exit(0)
    kernel.unshare(kernel.CLONE_NEWUSER)
    os.write(write, b".")
    os.waitpid(child, 0)
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def _show_interpreter() -> None:
    """Makes the folders of this interpreter readable where a closed home folder hides them."""
    for path in {Path(sys.base_prefix), Path(sys.prefix), Path.cwd()}:
        parts = [*reversed(path.resolve().parents), path.resolve()]
        for folder in parts:
            if folder.stat().st_mode & 0o005 != 0o005:
                _open_up(folder, path.resolve())
                break


def _open_up(closed: Path, wanted: Path) -> None:
    """Covers a closed folder with an empty one in which only the wanted folder is to be found."""
    descriptor = os.open(wanted, os.O_PATH)
    kernel.mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
    wanted.mkdir(parents=True, exist_ok=True)
    kernel.mount(f"/proc/self/fd/{descriptor}", str(wanted), "", kernel.MS_BIND | kernel.MS_REC)
    os.close(descriptor)


def _replace(path: str, content: str) -> None:
    """Covers a file with another for who shares this mount namespace."""
    if not os.path.ismount("/srv"):
        kernel.mount("tmpfs", "/srv", "tmpfs", 0, "mode=755")
    replacement = Path("/srv", Path(path).name)
    replacement.write_text(content)
    kernel.mount(str(replacement), path, "", kernel.MS_BIND)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
