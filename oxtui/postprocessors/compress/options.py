"""Options of the compress post-processor, by Packer's names and with Packer's defaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from pydantic import field_validator

from oxtui.component.options import Options, checked_template, option
from oxtui.postprocessors.compress.formats import KNOWN, Format, format_of, last_extension

OUTPUT: Final = "packer_{{.BuildName}}_{{.BuilderType}}"
BEST: Final = 9
_OTHERS: Final = frozenset(
    ("7z", "br", "bz2", "lzma", "rar", "tbz", "tbz2", "tlz", "txz", "tzst", "xzip", "z", "zst")
)
"""Extensions of formats that are not among these: who writes one expects it."""


class CompressOptions(Options):
    """Where the archive goes, and what it is."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/docs/post-processors/compress"
    )

    output: str = option(
        OUTPUT,
        help="Path of the archive, which says its format too: .tar, .zip, .tar.gz, .tar.xz, .gz, …; "
        "any other is a .tar.gz. {{.BuildName}} and {{.BuilderType}} stand for what they say.",
        template=True,
    )
    format: str = option(
        "", help="Format whatever the path says: tar, zip, tar.gz, gz, xz, bzip2, lz4 or bgzf."
    )
    compression_level: int = option(
        -1, help="From 1, which is fast, to 9, which is small; -1 is what the format has by default.",
        ge=-1,
    )  # fmt: skip

    @field_validator("output")
    @classmethod
    def _readable(cls, output: str) -> str:
        return checked_template(output or OUTPUT)

    @property
    def kind(self) -> Format:
        """What is written."""
        return format_of(self.output, self.format)

    @property
    def level(self) -> int | None:
        """From 1 to 9; None for the default, which 0 stands for as well, as in Packer."""
        return min(self.compression_level, BEST) if self.compression_level > 0 else None

    def warnings(self) -> Sequence[tuple[str, str]]:
        """A format that is asked for and not known: what is written is another one, as in Packer."""
        name, text = ("format", self.format) if self.format else ("output", self.output)
        last = last_extension(f".{text}")
        if last in KNOWN or (name == "output" and last not in _OTHERS):
            return ()
        return [
            (
                name,
                f'{name}: "{text}" is of no format that compress knows, so the archive is a tar.gz '
                f"under that name; it knows {', '.join(KNOWN)} and tar before each but zip",
            )
        ]
