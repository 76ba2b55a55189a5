"""What is to be uploaded to MAAS, how far that is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from oxtui.maas.models import BootFile, BootResource


class Stage(Enum):
    """What an upload is at, as an operator sees it."""

    LOOK = "look for the image on MAAS"
    CREATE = "create the image on MAAS"
    SEND = "send the file"
    SPREAD = "wait for MAAS's controllers"

    @property
    def sentence(self) -> str:
        """The same as the begin of a line."""
        return f"{self.value[:1].upper()}{self.value[1:]}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: bytes while the file is sent, percent while it is spread, else 0 of 1."""

    stage: Stage
    done: float = 0
    total: float = 1


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """A file, and what MAAS is to know of it."""

    file: Path
    size: int
    sha256: str
    name: str
    architecture: str
    filetype: str
    title: str = ""
    base_image: str = ""
    keep_old: bool = False
    """Without, MAAS removes the files of older versions as soon as the new one is created."""

    def fields(self) -> Mapping[str, str]:
        """As MAAS's form has them."""
        given = {
            "name": self.name,
            "architecture": self.architecture,
            "sha256": self.sha256,
            "size": str(self.size),
            "filetype": self.filetype,
            "title": self.title,
            "base_image": self.base_image,
            "keep_old": "true" if self.keep_old else "",
        }
        return {name: text for name, text in given.items() if text}

    def is_of(self, file: BootFile | None) -> bool:
        """Whether MAAS's file has this content."""
        return file is not None and (file.sha256, file.size) == (self.sha256, self.size)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An image of MAAS that has the file, in which version; `sent` is False where it had it before."""

    resource: BootResource
    version: str
    sent: bool
