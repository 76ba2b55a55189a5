"""The default user of an instance whose cloud calls it otherwise than the distribution does."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from oxtui.rack.guest.system import System


def ensure(system: System, present: str, wanted: str) -> None:
    """Makes sure that the default user is called `wanted`.

    The account that the base comes with, which cloud-init would make at this moment, gets the name
    and a fresh home. A disk that has the user, or not the one of the base, stays as it is.
    """
    if system.account(wanted) is not None or system.account(present) is None:
        return
    for name in ("passwd", "shadow", "group"):
        path = Path(system.path(f"/etc/{name}"))
        lines = path.read_text().splitlines()
        path.write_text("".join(f"{_renamed(line, present, wanted)}\n" for line in lines))
    account = system.account(wanted)
    if account is None:
        return
    home = Path(system.path(account.home))
    shutil.rmtree(system.path(f"/home/{present}"), ignore_errors=True)
    shutil.copytree(system.path("/etc/skel"), home)
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
