"""What the parts of a running instance share: where its root is and how programs start in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.rack.guest import accounts
from oxtui.rack.guest.accounts import Account
from oxtui.rack.guest.processes import Processes
from oxtui.rack.guest.request import Boot
from oxtui.rack.guest.skeleton import LOGIN_PATH


@dataclass(frozen=True, slots=True)
class System:
    """A booted instance.

    root: its root as this process sees it: `/`, or the folder of an instance in mode `none`.
    devices: open folder to open terminals from where /dev has none inside, else None.
    """

    request: Boot
    root: Path
    processes: Processes
    devices: int | None
    uploaded: set[str] = field(default_factory=set)
    """Absolute paths, as a client names them, of files that came over SFTP or SCP."""

    def path(self, inside: str) -> str:
        """Where this process finds an absolute path of the instance."""
        return inside if self.root == Path("/") else str(self.root) + inside

    @property
    def plain(self) -> bool:
        """Whether the instance is a plain folder: commands see the host's root."""
        return self.request.mode.kind == "none"

    def translate(self, command: str) -> str:
        """A command line as this process must run it.

        Where the instance is a plain folder, an uploaded file is not where the client put it but
        below the folder; commands that name it (`chmod +x /tmp/script.sh`) are led there.
        """
        if not self.plain or not self.uploaded:
            return command
        names = "|".join(re.escape(path) for path in sorted(self.uploaded, key=len, reverse=True))
        return re.sub(rf"(?<![\w./-])({names})(?![\w-])", rf"{self.root}\1", command)

    def account(self, name: str) -> Account | None:
        """The account with that name, as the instance's files have it now."""
        return accounts.find(self.root, name)

    def runs_as(self, account: Account) -> Account | None:
        """Whom this process must become for the account; None where all are one user."""
        return account if self.request.mode.users == "separate" else None

    def environment(self, account: Account) -> dict[str, str]:
        """The environment of a login."""
        home = self.path(account.home)
        environment = {
            "PATH": LOGIN_PATH,
            **accounts.environment_file(self.root),
            "HOME": home,
            "USER": account.name,
            "LOGNAME": account.name,
            "SHELL": account.shell,
            "LANG": "C.UTF-8",
        }
        if self.plain:
            own = [f"{self.root}/usr/{name}" for name in ("local/bin", "sbin", "bin")]
            environment["OXTUI_ROOT"] = str(self.root)
            environment["PATH"] = ":".join([*own, LOGIN_PATH])
            environment["TMPDIR"] = self.path("/tmp")  # noqa: S108
        return environment
