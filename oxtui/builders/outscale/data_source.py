"""The outscale-omi data source: an image by its properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from oxtui.builders.outscale.options.access import AccessOptions
from oxtui.builders.outscale.options.filters import ImageFilter
from oxtui.builders.outscale.source import find_image
from oxtui.component.options import option
from oxtui.component.protocols import Connector
from oxtui.outscale.client import OutscaleClient


class OmiOptions(ImageFilter, AccessOptions):
    """Which image, of which account."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/data-source/omi"
    )

    owners: list[str] = option(
        help="Accounts of the image: ids, aliases, or self.", lookup="owners", min_length=1
    )


class OutscaleOmiDataSource:
    """The `outscale-omi` data source."""

    Options: ClassVar[type[OmiOptions]] = OmiOptions
    provider: ClassVar[str] = "outscale"

    def __init__(self, options: OmiOptions, connector: Connector) -> None:
        self.options = options
        self.connector = connector
        self.warnings: tuple[str, ...] = ()

    async def read(self) -> Mapping[str, Any]:
        """`id`, `name`, `creation_date`, `owner` (id of its account), `owner_name` (alias) and `tags`.

        Raises:
            NoImage: no image meets the filter, or several do.
            OutscaleError: the API cannot be asked.
        """
        options = self.options
        connecting = self.connector.client(self.provider, options.connection_options())
        async with connecting as client:
            return await _read(client, options)


async def _read(client: OutscaleClient, options: OmiOptions) -> Mapping[str, Any]:
    account = (await client.account()).account_id if "self" in options.owners else ""
    image = await find_image(client, account, options)
    return {
        "id": image.image_id,
        "name": image.image_name,
        "creation_date": image.creation_date,
        "owner": image.account_id,
        "owner_name": image.account_alias,
        "tags": dict(image.labels),
    }
