"""What files go over to a guest: its shell with streams, and SFTP where it has that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from oxtui.component.protocols import ExitStatus, Output


class Writer(Protocol):
    """The input of a guest's command."""

    def write(self, data: bytes) -> None:
        """Sends bytes."""
        ...

    async def drain(self) -> None:
        """Waits until the guest has taken enough of them."""
        ...


Feed = Callable[[Writer], Awaitable[None]]


class Carrier(Protocol):
    """A communicator, as copying files needs it."""

    @property
    def place(self) -> str:
        """The guest, as messages name it."""
        ...

    @property
    def by_sftp(self) -> bool:
        """Whether the template asks for SFTP instead of the guest's shell."""
        ...

    async def run(
        self, command: str, output: Output, *, stdin: bytes | None = None, by_sh: bool = False
    ) -> ExitStatus:
        """As of a communicator."""
        ...

    async def stream(self, command: str, output: Output, feed: Feed) -> ExitStatus:
        """As `run`, with an input that `feed` writes while the command runs."""
        ...

    async def sftp(self) -> Any:
        """An SFTP client of asyncssh, for guests without tar.

        Raises:
            ConnectError: the guest has no SFTP.
        """
        ...
