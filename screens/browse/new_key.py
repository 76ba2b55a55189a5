"""Adding an SSH key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from screens.browse.work import Work


async def add_key(work: Work, _rows: Sequence[Any]) -> None:
    """Ask for a name and a public key, or the file that has it, and add it."""
    from oxtui.oxide.limits import check_name
    from oxtui.oxide.models.ssh_key import SshKeyCreate
    from oxtui.oxide.public_key import read_public_key
    from screens.dialogs.form import Field

    taken = {row.name for row in work.look.rows("keys")}

    def check(name: str) -> str | None:
        return f"There is a key named {name} already." if name in taken else check_name(name)

    values = await work.ask(
        "Add an SSH key",
        (
            Field(name="name", label="name", check=check, help="How the rack lists it."),
            Field(
                name="key",
                label="public key",
                value=_first_key_file(),
                check=_check_key,
                help="One line (ssh-ed25519 AAAA… comment), or the path of a .pub file.",
            ),
            Field(name="about", label="description"),
        ),
        text="New instances are given all your keys unless the build says otherwise.",
    )
    if values is None or not await work.allowed(f"Add the SSH key {values['name']}."):
        return
    body = SshKeyCreate(
        name=values["name"], description=values["about"], public_key=read_public_key(values["key"])
    )
    key = await work.client.ssh_keys.create(body)
    work.reload()
    work.say(f"Added the SSH key {key.name}")


def _first_key_file() -> str:
    files = sorted((Path.home() / ".ssh").glob("*.pub"))
    return str(files[0]) if files else ""


def _check_key(text: str) -> str | None:
    from oxtui.oxide.public_key import PublicKeyError, read_public_key

    try:
        read_public_key(text)
    except PublicKeyError as error:
        return str(error)
    return None
