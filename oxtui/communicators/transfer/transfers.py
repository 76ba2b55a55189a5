"""Copying files, as every communicator does it that can run commands in its guest."""

from __future__ import annotations

from pathlib import Path

from oxtui.communicators.carrier import Carrier
from oxtui.communicators.transfer.download import download_file, download_tree
from oxtui.communicators.transfer.upload_file import upload_file
from oxtui.communicators.transfer.upload_tree import upload_tree
from oxtui.component.protocols import Moved, OnMoved, unheard


class Transfers:
    """Base of a communicator that is a `Carrier`."""

    async def upload(
        self: Carrier,
        content: bytes | Path,
        destination: str,
        mode: int | None = None,
        *,
        masked: bool = False,
        moved: OnMoved = unheard,
    ) -> Moved:
        """Writes one file of the guest, over what was there; links are followed as in the guest.

        Raises:
            TransferError: it cannot be read here, or the guest refused it; the text has its words.
        """
        return await upload_file(self, content, destination, mode, masked, moved)

    async def upload_tree(
        self: Carrier,
        source: Path,
        destination: str,
        *,
        inside: str = "",
        moved: OnMoved = unheard,
    ) -> Moved:
        """Copies the content of the directory `source` into `destination` as one stream.

        Raises:
            TransferError: it cannot be read here, or the guest refused it; the text has its words.
        """
        return await upload_tree(self, source, destination, inside, moved)

    async def download(
        self: Carrier, source: str, destination: Path, *, moved: OnMoved = unheard
    ) -> Moved:
        """Copies a file of the guest here; nothing is left here where that fails.

        Raises:
            TransferError: it cannot be written here, or the guest refused it; the text has its words.
        """
        return await download_file(self, source, destination, moved)

    async def download_tree(
        self: Carrier, pattern: str, destination: Path, *, moved: OnMoved = unheard
    ) -> Moved:
        """Copies what matches `pattern` into the directory `destination`, and never outside it.

        Raises:
            TransferError: it cannot be written here, or the guest refused it; the text has its words.
        """
        return await download_tree(self, pattern, destination, moved)
