"""Options of the file builder, by Packer's names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import field_validator, model_validator

from oxtui.component.options import Options, checked_template, option


class FileOptions(Options):
    """What the file holds, and where it lies."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/builders/file"

    target: str = option(
        help="Path of the file that is made, on this machine; one that is there is replaced.",
        template=True,
    )
    content: str = option("", help="Text of the file; instead of source.", template=True)
    source: str = option(
        "",
        help="Path of a file on this machine that is copied; instead of content.",
        template=True,
        lookup="files",
    )

    @field_validator("target")
    @classmethod
    def _named(cls, target: str) -> str:
        if not target:
            raise ValueError("it is empty; write the path of the file that is to be made")
        return target

    @field_validator("target", "content", "source")
    @classmethod
    def _readable(cls, text: str) -> str:
        return checked_template(text)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.content and self.source:
            raise ValueError("give content or source, not both: the file has one origin")
        return self

    def warnings(self) -> Sequence[tuple[str, str]]:
        """A file of nothing is allowed."""
        if self.content or self.source:
            return ()
        return [
            ("", "content and source are both empty, so the file will be empty; give one of them")
        ]
