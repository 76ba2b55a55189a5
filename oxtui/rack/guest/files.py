"""SFTP and SCP inside an instance, with the rights of the user who logged in."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Any

import asyncssh

from oxtui.rack.guest import accounts
from oxtui.rack.guest.accounts import Account
from oxtui.rack.guest.system import System

_ON_PATHS = (
    "open", "open56", "lstat", "stat", "setstat", "lsetstat", "fsetstat", "remove", "mkdir",
    "rmdir", "realpath", "rename", "readlink", "symlink", "link", "posix_rename", "statvfs",
)  # fmt: skip


def _with_rights_of_user(server: type[FileServer]) -> type[FileServer]:
    """Wraps every operation on a path, so that it runs with the rights of the session's user."""

    def wrap(operation: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(operation)
        def guarded(self: FileServer, *arguments: Any) -> Any:
            with accounts.acting_as(self.acting):
                return operation(self, *arguments)

        return guarded

    for name in _ON_PATHS:
        setattr(server, name, wrap(getattr(server, name)))
    return server


@_with_rights_of_user
class FileServer(asyncssh.SFTPServer):
    """Serves the instance's files.

    Every operation on a path runs with the user's rights. asyncssh calls them one after another
    in the event loop, so the process can change its effective user around each.
    """

    def __init__(
        self, channel: asyncssh.SSHServerChannel[bytes], system: System, account: Account
    ) -> None:
        super().__init__(channel)
        self._system = system
        self.acting = system.runs_as(account)
        """Whom operations act as; None: as this process."""
        self._home = account.home

    def map_path(self, path: bytes) -> bytes:
        """A path of the client as this process finds it; relative ones start at home."""
        inside = os.path.join(os.fsencode(self._home), path)
        if not self._system.plain:
            return inside
        root = os.fsencode(str(self._system.root))
        # A client that learned a path from a command has the folder's own name in it.
        if inside == root or inside.startswith(root + b"/"):
            return os.path.normpath(inside)
        return root + os.path.normpath(inside)

    def open(
        self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs
    ) -> asyncssh.misc.MaybeAwait[object]:
        """Opens a file; keeps in mind what is uploaded, for the commands that come after it."""
        if pflags & asyncssh.FXF_CREAT and path.startswith(b"/"):
            self._system.uploaded.add(os.fsdecode(path))
        return super().open(path, pflags, attrs)

    def reverse_map_path(self, path: bytes) -> bytes:
        """A path of this process as the client knows it."""
        root = os.fsencode(str(self._system.root))
        if not self._system.plain or not path.startswith(root):
            return path
        return path[len(root) :] or b"/"

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        """Lists a folder."""
        place = self.map_path(path)
        with accounts.acting_as(self.acting):
            names = os.listdir(place)
        for name in [b".", b"..", *names]:
            try:
                with accounts.acting_as(self.acting):
                    status = os.lstat(os.path.join(place, name))
            except FileNotFoundError:
                continue
            yield asyncssh.SFTPName(name, attrs=asyncssh.SFTPAttrs.from_local(status))

    def exit(self) -> None:
        """Tells the client how it ended, as the sftp-server of OpenSSH does; its scp asks for it."""
        if self.channel.get_subsystem() == "sftp":
            self.channel.exit(0)

    def format_user(self, uid: int | None) -> str:
        """User ids stay numbers: the instance's names are not this process's."""
        return "" if uid is None else str(uid)

    def format_group(self, gid: int | None) -> str:
        """Group ids stay numbers."""
        return "" if gid is None else str(gid)
