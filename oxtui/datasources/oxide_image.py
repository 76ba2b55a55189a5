"""The oxide-image data source: an image's id by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from oxtui.component.options import Options, option
from oxtui.component.protocols import Connector
from oxtui.oxide.credentials import ConnectionOptions, of_template
from oxtui.oxide.errors import NotFound, OxideError


class OxideImageOptions(Options):
    """Which image, on which rack."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/oxidecomputer/oxide/latest/components/data-source/image"
    )

    host: str = option("", help="URL of the silo's API; together with token.")
    token: str = option("", help="Token for the API; together with host.", secret=True)
    profile: str = option("", help="Profile of credentials.toml; instead of host and token.")
    insecure_skip_verify: bool = option(False, help="Do not check the API's certificate.")
    name: str = option(help="Name of the image.", lookup="image-names", by="name")
    project: str = option(
        "", help="Project of the image; a silo image if empty.", lookup="projects"
    )

    def connection_options(self) -> ConnectionOptions:
        """What of the rack the template names."""
        return of_template(self.host, self.token, self.profile, insecure=self.insecure_skip_verify)


class NoSuchImage(OxideError):
    """No image has the name that a template gives."""

    def __init__(self, name: str, project: str) -> None:
        if project:
            told = f'name: the project "{project}" has no image "{name}". Choose one that it lists.'
        else:
            told = (
                f'name: the silo has no image "{name}". Choose one that it lists, or say in project '
                "which one it is in."
            )
        super().__init__(told)


class OxideImageDataSource:
    """The `oxide-image` data source."""

    Options: ClassVar[type[OxideImageOptions]] = OxideImageOptions
    provider: ClassVar[str] = "oxide"

    def __init__(self, options: OxideImageOptions, connector: Connector) -> None:
        self.options = options
        self.connector = connector
        self.warnings: tuple[str, ...] = ()

    async def read(self) -> Mapping[str, Any]:
        """`image_id`, the only output of the official plugin.

        Raises:
            OxideError: there is no such image, or the rack cannot be asked.
        """
        options = self.options
        connecting = self.connector.client(self.provider, options.connection_options())
        async with connecting as client:
            try:
                image = await client.images.view(options.name, project=options.project or None)
            except NotFound:
                raise NoSuchImage(options.name, options.project) from None
        return {"image_id": image.id}
