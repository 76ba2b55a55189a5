"""Private keys that a passphrase locks: opened once, kept in memory for every login of the build."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncssh

from oxtui.communicators.ssh.keys import NoPassphrase, WrongPassphrase, read_private_key
from oxtui.communicators.ssh.options import SshOptions
from oxtui.component.errors import StepError
from oxtui.component.protocols import BuilderSetting, StepContext

VARIABLE = "OXTUI_SSH_PASSPHRASE"
"""Environment variable with the passphrase of every key that has one."""


class KeyRing:
    """The keys that a template names, by their files."""

    def __init__(self, setting: BuilderSetting) -> None:
        self._setting = setting
        self.keys: dict[str, asyncssh.SSHKey] = {}
        """The ones that are open; they and their passphrases are written nowhere."""
        self._seen: dict[str, tuple[int, int]] = {}
        """Time and size of the files that they were read from."""

    async def open(self, options: SshOptions, context: StepContext) -> None:
        """Opens the keys of the guest and of its bastion; asks for a passphrase until one is right.

        Raises:
            StepError: a key cannot be read, or nobody gives its passphrase.
        """
        files = [options.ssh_private_key_file]
        if options.ssh_bastion_host:
            files.append(options.bastion_key_files[0])
        for file in dict.fromkeys(filter(None, files)):
            # Opening a key takes long on purpose: it is done again only where the file has changed.
            seen = await asyncio.to_thread(_time_and_size, file)
            if file in self.keys and seen == self._seen[file]:
                continue
            try:
                self.keys[file] = await self._opened(file, context)
            except ValueError as error:
                raise StepError(str(error)) from None
            self._seen[file] = seen

    async def _opened(self, file: str, context: StepContext) -> asyncssh.SSHKey:
        given = self._setting.environ.get(VARIABLE, "")
        known = self._setting.passphrases
        for passphrase in (None, *known, *([given] if given else [])):
            try:
                return await self._read(file, passphrase)
            except (NoPassphrase, WrongPassphrase):
                continue
        problem = f"{VARIABLE} does not open it" if given else ""
        while passphrase := await context.ask(f"Passphrase of {file}", problem):
            try:
                return await self._read(file, passphrase)
            except WrongPassphrase:
                problem = "That passphrase does not open it"
        why = f"{VARIABLE} does not open it" if given else "nobody gave it"
        raise StepError(
            f"{file} is locked with a passphrase, and {why}. Set {VARIABLE}, or load the key into an "
            "SSH agent (ssh-add) and set ssh_agent_auth, or name a key without a passphrase."
        )

    async def _read(self, file: str, passphrase: str | None) -> asyncssh.SSHKey:
        if passphrase:
            self._setting.hide(passphrase)
        key = await asyncio.to_thread(read_private_key, file, passphrase)
        if passphrase and passphrase not in self._setting.passphrases:
            self._setting.passphrases.append(passphrase)
        return key


def _time_and_size(file: str) -> tuple[int, int]:
    try:
        found = Path(file).expanduser().stat()
    except OSError:
        return 0, 0  # the reading tells what is wrong
    return found.st_mtime_ns, found.st_size
