"""Users and groups of a guest, read from its own /etc/passwd and /etc/group."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from oxtui.rack.guest import kernel


@dataclass(frozen=True, slots=True)
class Account:
    """One line of /etc/passwd with the groups that name the user. `home` is a path inside."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    groups: tuple[int, ...]

    @property
    def may_log_in(self) -> bool:
        """Whether the account has a shell that lets one in."""
        return Path(self.shell).name not in {"nologin", "false"}


def _lines(path: Path) -> Iterator[list[str]]:
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split(":")


def find(root: Path, name: str) -> Account | None:
    """The account of that name in the system below `root`, as login would see it now."""
    for fields in _lines(root / "etc/passwd"):
        if fields[0] == name and len(fields) >= 7 and fields[2].isdigit() and fields[3].isdigit():
            gid = int(fields[3])
            others = [
                int(group[2])
                for group in _lines(root / "etc/group")
                if len(group) >= 4 and group[2].isdigit() and name in group[3].split(",")
            ]
            groups = (gid, *(other for other in others if other != gid))
            return Account(name, int(fields[2]), gid, fields[5], fields[6] or "/bin/sh", groups)
    return None


def environment_file(root: Path) -> dict[str, str]:
    """Variables of /etc/environment, which PAM gives to every login."""
    found: dict[str, str] = {}
    try:
        text = (root / "etc/environment").read_text(errors="replace")
    except FileNotFoundError:
        return found
    for line in text.splitlines():
        name, assigned, value = line.strip().removeprefix("export ").partition("=")
        if assigned and name and not name.startswith("#"):
            found[name] = value.strip().strip("\"'")
    return found


@contextmanager
def acting_as(account: Account | None) -> Iterator[None]:
    """Lets this process touch files with the account's rights only; None changes nothing.

    For plain calls without an await inside: the whole process changes its user meanwhile.
    """
    if account is None or account.uid == 0:
        yield
        return
    os.setgroups(account.groups)
    os.setegid(account.gid)
    os.seteuid(account.uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups([])
        kernel.die_with_parent(signal.SIGKILL)  # the kernel forgets it when the user changes
