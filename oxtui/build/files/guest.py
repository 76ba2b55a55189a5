"""Runs programs in a guest for the file pane, as the user or as root."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from oxtui.component.errors import StepError
from oxtui.component.protocols import Communicator, Stream

SAID = 4096
"""Bytes of an error's words that are kept."""


NO_ROOT = " sudo needs a password here, so it cannot be done as root: use a shell."


class GuestFileError(Exception):
    """Something could not be done with a file of the guest; the text says what, why and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(shown(text))


def shown(path: str) -> str:
    r"""A path as a text that can be written anywhere: bytes that are no UTF-8 become `\xff`."""
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")


@dataclass(slots=True)
class Ran:
    """What a program printed, at most as much as was asked for, and how it ended."""

    output: bytes
    words: str
    status: int | None
    as_root: bool = False

    @property
    def denied(self) -> bool:
        """Whether only the rights of the user were in the way."""
        return self.status != 0 and "ermission denied" in self.words


@dataclass(slots=True)
class GuestShell:
    """The way to run programs; asks once whether sudo needs a password."""

    communicator: Communicator
    _sudo: bool | None = None

    async def run(self, program: str, *, limit: int, as_root: bool = False) -> Ran:
        """Runs a program of `sh`; output beyond `limit` bytes is dropped.

        Raises:
            GuestFileError: the guest cannot be reached.
        """
        heard, words = bytearray(), bytearray()

        def output(stream: Stream, data: bytes) -> None:
            into, most = (heard, limit) if stream == "stdout" else (words, SAID)
            into.extend(data[: max(0, most - len(into))])

        command = f"sudo -n sh -c {shlex.quote(program)}" if as_root else program
        try:
            status = await self.communicator.run(
                f"LC_ALL=C; export LC_ALL; {command}", output, by_sh=True
            )
        except (StepError, OSError) as error:
            raise GuestFileError(f"The instance cannot be reached: {error}") from error
        if status.lost:
            raise GuestFileError(
                f"The instance cannot be reached: {status}. Try again once it answers."
            )
        said = words.decode(errors="replace").strip().rpartition("\n")[2]
        return Ran(bytes(heard), said, status.status, as_root)

    async def run_as_needed(self, program: str, *, limit: int) -> Ran:
        """As the user, or as root where that is not allowed and sudo needs no password.

        Raises:
            GuestFileError: the guest cannot be reached.
        """
        ran = await self.run(program, limit=limit)
        if ran.denied and await self.has_sudo():
            return await self.run(program, limit=limit, as_root=True)
        return ran

    async def has_sudo(self) -> bool:
        """Whether sudo runs commands without a password."""
        if self._sudo is None:
            self._sudo = (await self.run("sudo -n true", limit=0)).status == 0
        return self._sudo

    def why_not(self, ran: Ran, what: str) -> GuestFileError:
        """The error of a program that did not succeed."""
        words = ran.words.rpartition(": ")[2] or f"exit status {ran.status}"
        hint = ""
        if ran.denied and not self._sudo:
            hint = NO_ROOT
        return GuestFileError(f"{what}: {words}.{hint}")
