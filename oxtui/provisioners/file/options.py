"""Options of the file provisioner, by Packer's names and with Packer's defaults (packer.md 3.2)."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from oxtui.component.options import Options, option


class FileOptions(Options):
    """What is copied where."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/provisioners/file"

    source: str = option("", help="File or directory to copy.", lookup="files")
    sources: list[str] = option(list, help="Files or directories to copy.", lookup="files")
    content: str = option("", help="Text to write instead of a source's content.")
    destination: str = option(
        help="Path at the other end; one that ends in / is a directory to copy into."
    )
    direction: Literal["upload", "download"] = option(
        "upload", help="upload copies into the guest, download out of it."
    )
    generated: bool = option(
        False, help="The source is made by an earlier step: do not look for it before the build."
    )

    @field_validator("destination")
    @classmethod
    def _somewhere(cls, value: str) -> str:
        if not value:
            raise ValueError("the destination is empty; write the path at the other end")
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.content and (self.source or self.sources):
            raise ValueError("give content or source, not both")
        if self.content and self.direction == "download":
            raise ValueError("content cannot be downloaded; give a source")
        return self

    @property
    def all_sources(self) -> list[str]:
        """`sources`, then `source`: Packer's order."""
        return [*self.sources, *([self.source] if self.source else [])]

    @property
    def text(self) -> str | None:
        """What is written where there is no source: an empty text, too, if it was written down."""
        written = "content" in self.model_fields_set and not self.all_sources
        return self.content if written and self.direction == "upload" else None

    @property
    def summary(self) -> str:
        """Source and destination, short."""
        names = [Path(source).name for source in self.all_sources] or ["content"]
        return f"{', '.join(names)} → {self.destination}"
