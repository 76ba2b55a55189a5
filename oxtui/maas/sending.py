"""The bytes of a file on their way to MAAS: in ordered chunks, none sent twice.

MAAS appends each chunk to what it has, and nobody can say where one belongs (maas.md part 1). So there is
one at a time, and where an answer is lost it is looked up what MAAS has before anything is sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from oxtui.maas.arrival import Arrival
from oxtui.maas.client import MaasClient
from oxtui.maas.errors import (
    FileRefused,
    MaasError,
    OutcomeUnknown,
    Refused,
    Unreachable,
    UnreadableReply,
)
from oxtui.maas.models import BootFile
from oxtui.maas.request import Progress, Stage, UploadRequest

CHUNK = 4 << 20
"""Bytes of one request, as MAAS's own command has."""
TRIES = 5
"""For one chunk that certainly did not arrive."""


class Sender:
    """Sends the file of a request into the newest version of an image.

    Args:
        client: of the MAAS.
        request: the file.
        number: id of the image.
        progress: told how far it is.
        chunk: bytes of one request.
    """

    def __init__(
        self,
        client: MaasClient,
        request: UploadRequest,
        number: int,
        progress: Callable[[Progress], None],
        chunk: int,
    ) -> None:
        self.client = client
        self.request = request
        self.number = number
        self._progress = progress
        self._chunk = chunk
        self._arrival = Arrival(request.size)

    async def send(self, file: BootFile) -> None:
        """Sends all of it; MAAS has checked the hash then.

        Raises:
            FileRefused: the file changed or cannot be read.
            OutcomeUnknown: an answer was lost, and what MAAS has does not tell what became of the chunk.
            MaasError: MAAS refused or cannot be reached.
        """
        path, size, arrival = file.upload_path, self.request.size, self._arrival
        if not path:
            raise UnreadableReply(
                f"MAAS names no place for the bytes of {self.request.name}. Look at the image there."
            )
        try:
            with await asyncio.to_thread(self.request.file.open, "rb") as source:
                while arrival.known < size:
                    self._progress(Progress(Stage.SEND, arrival.known, size))
                    wanted = min(self._chunk, size - arrival.known)
                    chunk = await asyncio.to_thread(source.read, wanted)
                    if len(chunk) < wanted:
                        raise FileRefused(f"{self.request.file} became shorter while it was sent.")
                    await self._send_chunk(path, chunk)
        except OSError as error:
            raise FileRefused(f"{self.request.file} cannot be read: {error.strerror}.") from None
        self._progress(Progress(Stage.SEND, size, size))

    async def _send_chunk(self, path: str, chunk: bytes) -> None:
        timing, arrival = self.client.timing, self._arrival
        for left in reversed(range(TRIES)):
            try:
                await self.client.append(path, chunk)
            except (Unreachable, Refused) as error:
                if not may_pass(error):
                    raise
                if may_have_acted(error) and await self._has_arrived(len(chunk)):
                    return
                if not left:
                    raise
                await timing.sleep(timing.pauses[0])
                continue
            arrival.add(len(chunk))
            if arrival.needs_scale:
                arrival.learn((await self._file()).progress)
            return

    async def _has_arrived(self, size: int) -> bool:
        """Whether a chunk is there whose answer was lost; MAAS may still be at work on it for a while.

        Raises:
            OutcomeUnknown: what MAAS has fits neither, or it cannot be asked.
        """
        asked = False
        for pause in self.client.timing.pauses:
            try:
                file = await self._file()
            except Unreachable:
                await self.client.timing.sleep(pause)
                continue
            asked = True
            found = True if file.complete else self._arrival.look(file.progress, size)
            if found:
                self._arrival.add(size)
                return True
            if found is None:
                raise OutcomeUnknown(
                    f"MAAS did not answer to bytes of {self.request.name}, and what it has since "
                    f"({file.progress} %) does not tell whether they arrived. Upload it anew."
                )
            await self.client.timing.sleep(pause)
        if not asked:
            raise OutcomeUnknown(
                f"MAAS did not answer to bytes of {self.request.name}, and cannot be asked what became of "
                "them. Upload it anew when MAAS answers again."
            )
        return False

    async def _file(self) -> BootFile:
        """The file as MAAS has it now."""
        newest = (await self.client.show(self.number)).newest
        file = newest.file if newest else None
        if file is None or not self.request.is_of(file):
            raise OutcomeUnknown(
                f"The version of {self.request.name} that was being sent is not the newest of MAAS any "
                "more: somebody else uploads it, too, or removed it."
            )
        return file


def may_pass(error: MaasError) -> bool:
    """Whether another try may go well: there was no answer, or that of a proxy alone."""
    return not isinstance(error, Refused) or error.is_of_proxy


def may_have_acted(error: MaasError) -> bool:
    """Whether MAAS may have done what it was asked for in spite of the error."""
    return not isinstance(error, Unreachable) or error.sent
