"""The default user of an instance: under another name than the distribution's, or on a disk that has none."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

from oxtui.rack.guest.skeleton import SUDO_GROUP
from oxtui.rack.guest.system import System


def ensure(system: System, present: str, wanted: str) -> None:
    """Makes sure that there is a default user, and that it is called `wanted`.

    The account that the base comes with, which cloud-init would make at this moment, gets the name
    and a fresh home. A disk without that one, such as debootstrap makes, gets an account as cloud-init
    adds it; one without any accounts, which no login would find its way on, stays as it is.
    """
    if system.account(wanted) is not None or system.account("root") is None:
        return
    if system.account(present) is None:
        _add(system, wanted)
    else:
        _rename(system, present, wanted)
    _make_home(system, wanted)


def _rename(system: System, present: str, wanted: str) -> None:
    for name in ("passwd", "shadow", "group"):
        lines = _lines(system, name)
        _write(system, name, [_renamed(line, present, wanted) for line in lines])
    shutil.rmtree(system.path(f"/home/{present}"), ignore_errors=True)


def _add(system: System, wanted: str) -> None:
    accounts, groups = _lines(system, "passwd"), _lines(system, "group")
    taken = {number for line in (*accounts, *groups) for number in line.split(":")[2:3]}
    number = next(str(free) for free in itertools.count(1000) if str(free) not in taken)
    shell = "/bin/bash" if os.path.exists(system.path("/bin/bash")) else "/bin/sh"
    accounts.append(f"{wanted}:x:{number}:{number}::/home/{wanted}:{shell}")
    if str(SUDO_GROUP) not in taken:
        groups.append(f"sudo:x:{SUDO_GROUP}:")
    groups = [_joined(line, wanted) for line in groups]
    groups.append(f"{wanted}:x:{number}:")
    _write(system, "passwd", accounts)
    _write(system, "group", groups)
    if shadow := _lines(system, "shadow"):
        _write(system, "shadow", [*shadow, f"{wanted}:!*:20000:0:99999:7:::"])


def _joined(line: str, name: str) -> str:
    """A line of /etc/group; that of the group whose members may use sudo, with one more of them."""
    name_of_group, _, number, members = [*line.split(":"), "", "", ""][:4]
    if number != str(SUDO_GROUP):
        return line
    return f"{name_of_group}:x:{number}:{','.join(filter(None, [members, name]))}"


def _lines(system: System, name: str) -> list[str]:
    path = Path(system.path(f"/etc/{name}"))
    return path.read_text(errors="surrogateescape").splitlines() if path.exists() else []


def _write(system: System, name: str, lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    Path(system.path(f"/etc/{name}")).write_text(text, errors="surrogateescape")


def _make_home(system: System, name: str) -> None:
    account = system.account(name)
    if account is None:
        return
    home, skeleton = Path(system.path(account.home)), Path(system.path("/etc/skel"))
    if skeleton.is_dir():
        shutil.copytree(skeleton, home, dirs_exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o750)
    if system.runs_as(account) is not None:
        for path in (home, *home.rglob("*")):
            os.chown(path, account.uid, account.gid)


def _renamed(line: str, present: str, wanted: str) -> str:
    fields = [
        ",".join(wanted if word == present else word for word in field.split(","))
        for field in line.split(":")
    ]
    return ":".join(fields).replace(f":/home/{present}:", f":/home/{wanted}:")
