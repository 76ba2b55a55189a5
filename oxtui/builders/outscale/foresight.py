"""What the start of a build would meet in the account, found by its own checks; nothing is made there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oxtui.builders.outscale.names import keypair_taken, omi_taken
from oxtui.builders.outscale.options.bsu import BsuOptions
from oxtui.builders.outscale.options.image import ImageOptions
from oxtui.builders.outscale.options.run import RunOptions
from oxtui.component.settled import settled

if TYPE_CHECKING:
    from oxtui.component.options import Options
    from oxtui.outscale.client import OutscaleClient


async def foresee(client: OutscaleClient, options: Options, *, promote: bool) -> Sequence[str]:
    """Every problem as a sentence that begins with the option that it is about.

    `promote` is of racks. Raises OutscaleError where the account cannot be asked.
    """
    del promote
    told: list[str] = []
    if isinstance(options, ImageOptions):
        told += await _omi_name(client, options)
    if isinstance(options, RunOptions) and options.needs_temporary_key:
        name = settled(options.temporary_key_pair_name)
        if name and await client.keypairs.find(name) is not None:
            told.append(keypair_taken(name))
    return told


async def _omi_name(client: OutscaleClient, options: ImageOptions) -> Sequence[str]:
    name = settled(options.omi_name)
    made = not (isinstance(options, BsuOptions) and options.skip_create_omi)
    if not name or not made or options.force_deregister:
        return []
    account = (await client.account()).account_id
    found = await client.images.list({"ImageNames": [name], "AccountIds": [account]})
    return [omi_taken(image.image_name, image.image_id) for image in found][:1]
