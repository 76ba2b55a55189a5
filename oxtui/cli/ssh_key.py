"""`oxtui ssh-key`: the public keys that new instances of the user are given."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from oxtui.cli.confirm import add_yes_flag, allow_change, confirm_loss
from oxtui.cli.each import each
from oxtui.cli.on_rack import OnRack, add_json_flag, add_rack_flags, narrate, on_rack
from oxtui.cli.show import ago, show_all

if TYPE_CHECKING:
    from oxtui.oxide.models.ssh_key import SshKey

HELP = "List, add and delete your public SSH keys. New instances are given all of them."


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list your keys")
    add_json_flag(listing)
    adding = actions.add_parser("add", help="add a key", description="Add a public key.")
    adding.add_argument("name", metavar="NAME", help="how the rack lists it")
    adding.add_argument(
        "key", metavar="KEY", help="a .pub file, the key itself, or - for standard input"
    )
    adding.add_argument("--description", metavar="TEXT", default="")
    add_json_flag(adding)
    add_yes_flag(adding)
    deleting = actions.add_parser("delete", help="delete keys")
    deleting.add_argument("keys", metavar="KEY", nargs="+", help="name or id")
    add_yes_flag(deleting)
    for leaf in (listing, adding, deleting):
        add_rack_flags(leaf)


def run(arguments: Namespace) -> int:
    """Do it; returns the exit code."""
    work = {"list": _list, "add": _add, "delete": _delete}[arguments.action]
    return on_rack(arguments, lambda rack: work(arguments, rack))


async def _list(arguments: Namespace, rack: OnRack) -> int:
    from oxtui.oxide.public_key import fingerprint

    keys = [key async for key in rack.client.ssh_keys.list()]
    rows = [
        (
            key.name,
            key.public_key.split(maxsplit=1)[0] if key.public_key.split() else "",
            fingerprint(key.public_key) or "not a key",
            ago(key.time_created),
        )
        for key in keys
    ]
    headings = ("NAME", "TYPE", "FINGERPRINT", "CREATED")
    none = "You have no SSH key on this rack; `oxtui ssh-key add NAME FILE` adds one."
    show_all(keys, headings, rows, as_json=arguments.json, none=none)
    return 0


async def _add(arguments: Namespace, rack: OnRack) -> int:
    from oxtui.oxide.models.ssh_key import SshKeyCreate
    from oxtui.oxide.public_key import fingerprint, read_public_key

    text = sys.stdin.read().strip() if arguments.key == "-" else arguments.key
    body = SshKeyCreate(
        name=arguments.name, description=arguments.description, public_key=read_public_key(text)
    )
    await allow_change(arguments, rack, f"add the SSH key {body.name}")
    key = await rack.client.ssh_keys.create(body)
    if arguments.json:
        show_all([key], (), (), as_json=True, none="")
    else:
        narrate(f"Added the SSH key {key.name} ({fingerprint(key.public_key)}).")
    return 0


async def _delete(arguments: Namespace, rack: OnRack) -> int:
    from oxtui.oxide.effects import deleting_keys

    rack.check_writable()
    keys = [await rack.client.ssh_keys.view(key) for key in arguments.keys]
    names = ", ".join(key.name for key in keys)
    await confirm_loss(arguments, f"delete the SSH key {names}", deleting_keys())

    async def delete(key: SshKey) -> str:
        await rack.client.ssh_keys.delete(key.id)
        return f"Deleted the SSH key {key.name}."

    return await each(keys, delete)
