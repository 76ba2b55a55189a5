"""`oxtui maas images`: what was uploaded to a MAAS."""

from __future__ import annotations

import json
from argparse import Namespace

from oxtui.cli.on_rack import narrate
from oxtui.cli.table import table
from oxtui.maas.client import MaasClient
from oxtui.maas.errors import Refused
from oxtui.maas.models import BootResource, BootSet

_HEADINGS = ("NAME", "ARCHITECTURE", "VERSION", "SIZE", "STATE", "BASE IMAGE", "TITLE", "ID")


async def list_images(arguments: Namespace, client: MaasClient) -> int:
    """Lists images, each with its newest version."""
    found = []
    for each in await client.uploaded():
        try:
            found.append(await client.show(each.id))
        except Refused as refused:
            if refused.status != 404:  # it was removed meanwhile
                raise
    found.sort(key=lambda each: (each.name, each.architecture))
    if arguments.json:
        print(json.dumps([each.model_dump(mode="json") for each in found], indent=2))
    elif found:
        print("\n".join(table(_HEADINGS, [_row(each) for each in found])))
    else:
        narrate("Nothing was uploaded to this MAAS.")
    return 0


def _row(image: BootResource) -> tuple[str, ...]:
    newest = image.newest
    size = f"{newest.size / 2**20:,.0f} MiB" if newest else ""
    return (
        image.name, image.architecture, newest.version if newest else "", size, _state(newest),
        image.base_image, image.title or "", str(image.id),
    )  # fmt: skip


def _state(newest: BootSet | None) -> str:
    if newest is None or newest.file is None:
        return "empty"
    return "complete" if newest.complete else f"incomplete, {newest.progress or 0:.0f} %"
