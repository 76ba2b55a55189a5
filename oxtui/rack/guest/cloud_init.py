"""What cloud-init does in an instance: names, keys and user data, once for every instance."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import asyncssh

from oxtui.rack.guest import cloud_config, default_user, keys
from oxtui.rack.guest.bases import BASES, Base
from oxtui.rack.guest.console import Console
from oxtui.rack.guest.system import System


class CloudInit:
    """The stages of cloud-init around one boot."""

    def __init__(self, system: System, console: Console, base: Base) -> None:
        self._system = system
        self._console = console
        self._base = base
        self._user = system.request.login_user or base.user
        self._state = Path(system.path("/var/lib/cloud"))
        self._runner = cloud_config.Runner(system, console)
        self.first_boot = not self._seen_before()

    def _seen_before(self) -> bool:
        try:
            seen = (self._state / "data/instance-id").read_text()
        except OSError:
            return False
        return seen.strip() == self._system.request.instance

    def initialise(self) -> list[asyncssh.SSHKey]:
        """The stages before the network is up to users; returns the SSH host keys.

        A disk that this instance has not booted yet gets host keys, authorized keys and names;
        one that it has keeps what it holds.
        """
        request, system = self._system.request, self._system
        if self.first_boot:
            self._console.line(
                f"[    3.207812] cloud-init[612]: Cloud-init v. {self._base.cloud_init} running 'init'"
            )
            Path(system.path("/etc/hostname")).write_text(f"{request.hostname}\n")
            Path(system.path("/etc/hosts")).write_text(
                f"127.0.1.1 {request.hostname}\n127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
            )
            keys.make_host_keys(system.root, request.hostname)
            default_user.ensure(system, self._base.user, self._user)
            self._authorize()
            self._remember()
        host_keys = keys.load_host_keys(system.root, request.hostname)
        if self.first_boot:
            self._runner.prepare(request.user_data)
        return host_keys

    def _authorize(self) -> None:
        system, request = self._system, self._system.request
        account = system.account(self._user)
        if account is not None:
            home = system.path(account.home)
            keys.authorize(home, account, request.ssh_keys, system.runs_as(account))
            keys.print_authorized_keys(self._console, account.name, home, request.ssh_keys)
        root = system.account("root")
        if root is not None and request.ssh_keys:
            keys.authorize_root(system.path(root.home), self._user, request.ssh_keys)

    def _remember(self) -> None:
        """Makes this instance the one that the disk belongs to, with a fresh scripts folder."""
        instance = self._system.request.instance
        data = self._state / "data"
        data.mkdir(parents=True, exist_ok=True)
        (data / "instance-id").write_text(f"{instance}\n")
        own = self._state / "instances" / instance
        shutil.rmtree(own, ignore_errors=True)
        (own / "scripts").mkdir(parents=True)
        (own / "user-data.txt").write_bytes(self._system.request.user_data)
        (own / "user-data.txt").chmod(0o600)
        link = self._state / "instance"
        link.unlink(missing_ok=True)
        link.symlink_to(f"/var/lib/cloud/instances/{instance}")

    async def finish(self, host_keys: list[asyncssh.SSHKey]) -> None:
        """The final stage: runs the instance's scripts, and tells on the console how it went."""
        errors: list[str] = []
        if self.first_boot:
            keys.print_host_keys(self._console, host_keys)
            errors = await self._runner.run_scripts()
            self._console.line(
                f"[   11.394170] cloud-init[801]: Cloud-init v. {self._base.cloud_init} finished. "
                "Datasource DataSourceNoCloud [seed=/dev/vdb]."
            )
        folder = Path(self._system.path("/run/cloud-init"))
        folder.mkdir(exist_ok=True)
        result = {"v1": {"datasource": "DataSourceNoCloud [seed=/dev/vdb]", "errors": errors}}
        partial = folder / "result.json.partial"
        partial.write_text(json.dumps(result, indent=1) + "\n")
        os.replace(partial, folder / "result.json")


def installed_base(root: Path) -> Base:
    """The base that the disk's /etc/os-release names; Debian where it names none of ours."""
    try:
        text = (root / "etc/os-release").read_text(errors="replace")
    except OSError:
        text = ""
    found = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    name = f"{found.get('ID', '')}-{found.get('VERSION_ID', '')}".replace('"', "")
    return BASES.get(name, BASES["debian-12"])
