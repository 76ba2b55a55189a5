"""The same template built by oxtui and by packer, on the same SSH server, and the same done with `ssh` alone."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.delay_proxy import delayed
from tests.bench.terminal import ROOT, own_folders
from tests.packer import PACKER
from tests.sshd import sshd

ROUND_TRIPS = (0, 50)
"""Milliseconds."""
TOOLS = ("oxtui", *(("packer",) if PACKER else ()))


@dataclass(frozen=True, slots=True)
class Lab:
    """A server, its key, and a folder for what is measured."""

    folder: Path
    port: int
    user: str

    @property
    def key(self) -> Path:
        return self.folder / "id"

    def template(self, *provisioners: str) -> Path:
        """A template for both: the null builder, and these blocks."""
        blocks = "\n".join(provisioners)
        path = self.folder / "bench.pkr.hcl"
        path.write_text(
            f'source "null" "bench" {{\n  ssh_host = "127.0.0.1"\n  ssh_port = {self.port}\n'
            f'  ssh_username = "{self.user}"\n  ssh_private_key_file = "{self.key}"\n}}\n'
            f'build {{\n  sources = ["source.null.bench"]\n{blocks}\n}}\n'
        )
        return path

    def start(self, tool: str, template: Path, *words: str) -> subprocess.Popen[str]:
        """Starts a build."""
        oxtui = [sys.executable, "-m", "oxtui", "build", *words, str(template)]
        packer = [str(PACKER), "build", "-color=false", str(template)]
        return subprocess.Popen(
            oxtui if tool == "oxtui" else packer,
            cwd=ROOT,
            env=self.environment(tool),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def environment(self, tool: str) -> Mapping[str, str]:
        own = own_folders(self.folder) if tool == "oxtui" else {"CHECKPOINT_DISABLE": "1"}
        base = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**base, "HOME": str(self.folder), "TMPDIR": str(self.folder), **own}

    def build(self, tool: str, template: Path) -> float:
        """Seconds of a whole build."""
        begun = time.perf_counter()
        process = self.start(tool, template)
        output, _ = process.communicate()
        taken = time.perf_counter() - begun
        assert process.returncode == 0, output
        return taken

    def steps(self, template: Path) -> list[float]:
        """Seconds of each provisioner of a build by oxtui."""
        output, _ = self.start("oxtui", template, "--json").communicate()
        records = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        found = [
            record["seconds"]
            for record in records
            if record["type"] == "step_finished" and record["step"].startswith("provision-")
        ]
        assert found, output
        return found

    def ssh(self, *options: str) -> str:
        """The `ssh` command up to the host, for a shell."""
        fixed = ["-F", "none", "-p", str(self.port), "-i", str(self.key), "-o", "LogLevel=ERROR"]
        fixed += ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
        return shlex.join(["ssh", *fixed, *options, f"{self.user}@127.0.0.1"])

    def shell(self, command: str) -> float:
        """Seconds of a command on this machine."""
        begun = time.perf_counter()
        subprocess.run(["sh", "-c", command], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    @contextmanager
    def connected(self) -> Iterator[str]:
        """As `ssh`, over a connection that is open already."""
        control = ("-o", f"ControlPath={self.folder}/control")
        self.shell(f"{self.ssh(*control, '-f', '-N', '-M')}")
        try:
            yield self.ssh(*control)
        finally:
            self.shell(f"{self.ssh(*control, '-O', 'exit')} 2> /dev/null")


@contextmanager
def lab(folder: Path, round_trip: int) -> Iterator[Lab]:
    """A server below `folder`, so many milliseconds away."""
    key = folder / "id"
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text().strip()
    with (
        sshd(folder, public, "MaxStartups=100", "MaxSessions=100") as server,
        delayed(server.port, round_trip) as port,
    ):
        while not _listens(server.port):
            pass
        yield Lab(folder, port, server.user)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def shell_block(folder: Path, command: str = "true") -> str:
    """A shell provisioner, whose script lies in a folder of the bench's own."""
    return (
        f'  provisioner "shell" {{\n    inline = [{json.dumps(command)}]\n'
        f'    remote_folder = "{folder}"\n  }}'
    )


def file_block(source: Path, destination: str) -> str:
    """A file provisioner."""
    return (
        f'  provisioner "file" {{\n    source = "{source}"\n    destination = "{destination}"\n  }}'
    )
