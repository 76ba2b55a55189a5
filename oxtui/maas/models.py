"""What MAAS answers about boot resources; fields that are not used here are passed over."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field

from oxtui.maas.versions import version_key

_UPLOAD = re.compile(r"boot-resources/(\d+)/upload/(\d+)/?$")


class Reply(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class BootFile(Reply):
    """The one file of an uploaded version."""

    filename: str
    filetype: str
    sha256: str
    size: int
    complete: bool
    progress: float | None = None
    """Percent of what all region controllers together have of it, while it is not complete."""
    upload_uri: str = ""

    @property
    def upload_path(self) -> str:
        """Where its chunks go, from the root of the API; empty where MAAS names no such place.

        Of what MAAS says only the two numbers count: the key goes nowhere else.
        """
        found = _UPLOAD.search(self.upload_uri)
        return f"boot-resources/{found[1]}/upload/{found[2]}/" if found else ""


class BootSet(Reply):
    """One version; the files of older ones may be gone."""

    version: str
    label: str = ""
    size: int = 0
    complete: bool = False
    progress: float | None = None
    files: dict[str, BootFile] = Field(default_factory=dict)

    @property
    def file(self) -> BootFile | None:
        """Its file; None where it was removed."""
        return next(iter(self.files.values()), None)


class BootResource(Reply):
    """An image of MAAS in all its versions, which lists leave out."""

    id: int
    type: str = ""
    name: str
    architecture: str
    title: str | None = ""
    base_image: str = ""
    last_deployed: str | None = None
    sets: dict[str, BootSet] = Field(default_factory=dict)

    @property
    def newest(self) -> BootSet | None:
        """The version that MAAS deploys."""
        return max(self.sets.values(), key=lambda each: version_key(each.version), default=None)


class Version(Reply):
    """Of MAAS itself."""

    version: str
