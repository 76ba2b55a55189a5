"""Commands, files and shells of a directory tree, in which chroot(8) makes it the root."""

from __future__ import annotations

from pathlib import Path

from oxtui.communicators.carrier import Feed, Writer
from oxtui.communicators.chroot.environment import exported, inside
from oxtui.communicators.chroot.host import Host
from oxtui.communicators.chroot.shell import ChrootShell
from oxtui.communicators.transfer import Transfers
from oxtui.component.errors import ConnectError, TransferError
from oxtui.component.protocols import ExitStatus, Moved, OnMoved, Output, Stream, unheard

_MOST = 100 * 1024
"""Bytes of a command: the kernel takes 128 KiB as one argument (execve(2)), and quoting adds some."""
_NO_LINES = 2000
"""Bytes of what the check of the root printed."""
_LOGIN_SHELL = "if [ -x /bin/bash ]; then exec /bin/bash -l; else exec /bin/sh -l; fi"


class ChrootCommunicator(Transfers):
    """A root directory on this machine as the guest; there is no connection that could be lost."""

    def __init__(self, root: Path, host: Host) -> None:
        self.root = root
        self.host = host
        self._shells: list[ChrootShell] = []

    @property
    def place(self) -> str:
        """The root directory."""
        return str(self.root)

    @property
    def by_sftp(self) -> bool:
        """There is no server of it."""
        return False

    @property
    def on_terminal(self) -> bool:
        """Commands have no terminal."""
        return False

    async def check(self) -> None:
        """Looks whether programs of the root run here at all.

        Raises:
            ConnectError: they do not.
        """
        said = b""

        def hear(stream: Stream, data: bytes) -> None:
            nonlocal said
            said += data

        status = await self.run(":", hear)
        if status.status != 0:
            words = said[-_NO_LINES:].decode(errors="replace").strip() or str(status)
            raise ConnectError(
                f"/bin/sh of {self.root} does not run: {words}. The base system needs a shell for this "
                "machine's processor; for another processor, register its emulator with binfmt_misc."
            )

    async def run(
        self, command: str, output: Output, *, stdin: bytes | None = None, by_sh: bool = False
    ) -> ExitStatus:
        """Runs a command by the root's `/bin/sh` and hands over its output as it comes.

        Cancelling ends it with all that it started: with SIGTERM, and SIGKILL after 2 s.

        Raises:
            ConnectError: the command is too long.
            StepError: the wrapper cannot be started.
        """

        async def feed(writer: Writer) -> None:
            if stdin:
                writer.write(stdin)
                await writer.drain()

        return await self._run(command, output, None if stdin is None else feed)

    async def stream(self, command: str, output: Output, feed: Feed) -> ExitStatus:
        """As `run`, with an input that `feed` writes while the command runs."""
        return await self._run(command, output, feed)

    async def _run(self, command: str, output: Output, feed: Feed | None) -> ExitStatus:
        if len(command.encode(errors="surrogateescape")) > _MOST:
            raise ConnectError(
                f"a command of {len(command)} characters is too long for chroot; put it in a script."
            )
        words = self._words(command)
        return await self.host.run(words, output, feed=feed, environ=inside(self.host.environ))

    def _words(self, command: str) -> list[str]:
        return ["chroot", str(self.root), "/bin/sh", "-c", f"export {exported()}\n{command}"]

    async def download_tree(
        self, pattern: str, destination: Path, *, moved: OnMoved = unheard
    ) -> Moved:
        """Copies what matches `pattern` into the directory `destination`, and never outside it.

        Raises:
            TransferError: it cannot be read there or written here; the text has the root's words.
        """
        try:
            return await super().download_tree(pattern, destination, moved=moved)
        except ConnectError as error:
            raise TransferError(f"{pattern} cannot be copied: {error}") from error

    async def sftp(self) -> object:
        """There is none.

        Raises:
            ConnectError: always; whoever asks has found no tar.
        """
        raise ConnectError(f"{self.root} has no tar. Add it to the base system.")

    async def open_shell(self, columns: int, rows: int) -> ChrootShell:
        """Starts bash, or sh where there is none, on a PTY of that size.

        Raises:
            ConnectError: it cannot be started.
        """
        line = self.host.wrapped(self._words(_LOGIN_SHELL))
        environ = inside(self.host.environ)
        shell = await ChrootShell.start(line, environ, columns, rows, self.host.signal)
        self._shells.append(shell)
        return shell

    async def close(self) -> None:
        """Ends the shells that are still open."""
        shells, self._shells = self._shells, []
        for each in shells:
            await each.close()
