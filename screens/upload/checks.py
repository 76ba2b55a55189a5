"""What a file is, found out while its path is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from screens.tables.cell import Cell
from screens.wording import size

if TYPE_CHECKING:
    from oxtui.oxide.image_file import ImageFile


class FileCheck:
    """The state of one look at a file; `file` is there once it may be uploaded."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._share = 0
        self.file: ImageFile | None = None
        self.problem = "The path of the file is needed."
        self.is_reading = False

    async def look(self, path: str, block_size: int | None) -> None:
        """Look at a file; a later look is made by cancelling this one."""
        from oxtui.oxide.image_file import ImageFileError, inspect

        self.file, self.problem, self._share = None, "", 0
        if not path:
            self.problem = "The path of the file is needed."
            self._changed()
            return
        self.is_reading = True
        self._changed()
        try:
            place = Path(path).expanduser()
            self.file = await inspect(place, block_size=block_size, counted=self._read)
        except (ImageFileError, RuntimeError) as error:
            self.problem = str(error)
        finally:
            self.is_reading = False
        self._changed()

    def lines(self) -> Iterator[Cell]:
        """What is to be said of it, the gravest first."""
        if self.is_reading:
            read = f", {self._share} % read through" if self._share else ""
            yield Cell(f"◐ Looking at the file{read}…", "busy")
        elif self.problem:
            yield Cell(f"✗ {self.problem}", "bad")
        elif self.file is not None:
            for warning in self.file.warnings:
                yield Cell(f"! {warning}", "warn")
            packed = f"packed with {self.file.compression}, " if self.file.compression else ""
            disk = size(self.file.disk_size)
            yield Cell(
                f"✓ {packed}{size(self.file.size)} in blocks of {self.file.block_size} bytes;"
                f" the image gets {disk}",
                "good",
            )

    def _read(self, done: int, total: int) -> None:
        share = 100 * done // max(1, total)
        if share != self._share:
            self._share = share
            self._changed()


def name_for(path: str) -> str:
    """A name for the image of a file: its own, as far as the rack's rules allow it."""
    stem = Path(path).name.partition(".")[0].lower()
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stem)
    return kept.lstrip("-0123456789")[:63].strip("-")
