"""Adding an SSH key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from screens.browse.work import Work
from screens.dialogs.form import Field

_PREFIXES = ("ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-")


async def add_key(work: Work, _rows: Sequence[Any]) -> None:
    """Ask for a name and a public key, or the file that has it, and add it."""
    from oxtui.oxide.limits import check_name
    from oxtui.oxide.models.ssh_key import SshKeyCreate

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
        name=values["name"], description=values["about"], public_key=_key_text(values["key"])
    )
    key = await work.client.ssh_keys.create(body)
    work.reload()
    work.say(f"Added the SSH key {key.name}")


def _first_key_file() -> str:
    files = sorted((Path.home() / ".ssh").glob("*.pub"))
    return str(files[0]) if files else ""


def _key_text(text: str) -> str:
    """The key itself; raises OSError if it is to be read from a file and cannot be."""
    if text.startswith(_PREFIXES):
        return text
    return Path(text).expanduser().read_text(encoding="utf-8").strip()


def _check_key(text: str) -> str | None:
    from oxtui.oxide.limits import PUBLIC_KEY_LENGTH

    if not text:
        return "A public key is needed, or the path of a .pub file."
    try:
        key = _key_text(text)
    except (OSError, UnicodeDecodeError):
        return f"{text} is neither a public key nor a file that can be read."
    if "PRIVATE KEY" in key:
        return "That is a private key; the rack wants the public one, from the .pub file."
    if not key.startswith(_PREFIXES) or len(key.split()) < 2 or "\n" in key:
        return "A public key is one line such as ssh-ed25519 AAAA… comment."
    if len(key) > PUBLIC_KEY_LENGTH:
        return f"The rack keeps at most {PUBLIC_KEY_LENGTH} characters; this has {len(key)}."
    return None
