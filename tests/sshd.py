"""A real OpenSSH server for tests, on a free port of 127.0.0.1, for the user who runs the tests."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import listening, reserved

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"


@dataclass(frozen=True, slots=True)
class Sshd:
    """Where the server listens and whom it lets in."""

    port: int
    user: str
    folder: Path
    process: subprocess.Popen[bytes]

    def restart(self) -> None:
        """Ends every session, as a reboot does, and listens again."""
        subprocess.run(["pkill", "-P", str(self.process.pid)], check=False)


@contextmanager
def sshd(folder: Path, public_key: str, *options: str, port: int = 0) -> Iterator[Sshd]:
    """Runs sshd below `folder`, which listens when the block begins; skips where OpenSSH's server is not installed."""
    if not Path(SSHD).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("openssh-server is not installed, and CI must not skip what needs it")
        pytest.skip("openssh-server is not installed")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    keys = folder / "authorized_keys"
    keys.write_text(public_key + "\n")
    keys.chmod(0o600)
    host_key = folder / "host_key"
    if not host_key.exists():
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(host_key)], check=True
        )
    settings = [
        *options,  # sshd takes the first value that it is given
        "ListenAddress=127.0.0.1", f"HostKey={host_key}",
        f"AuthorizedKeysFile={keys}", "StrictModes=no", "PidFile=none", "UsePAM=no",
        "PasswordAuthentication=no", "KbdInteractiveAuthentication=no", "PermitRootLogin=yes",
    ]  # fmt: skip
    if not any(option.startswith("Subsystem=") for option in options):
        settings.append("Subsystem=sftp internal-sftp")
    arguments = [SSHD, "-D", "-e", "-f", "/dev/null"]
    for setting in settings:
        arguments += ["-o", setting]
    with nullcontext(port) if port else reserved() as at:
        with (folder / "sshd.log").open("wb") as log:
            process = subprocess.Popen([*arguments, "-o", f"Port={at}"], stderr=log)
        try:
            listening(at, process)
            yield Sshd(at, getpass.getuser(), folder, process)
        finally:
            process.terminate()
            process.wait()
