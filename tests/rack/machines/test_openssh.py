"""The OpenSSH clients work with instances as with any machine."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.rack.machines.harness import Bench, Booted

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(shutil.which("ssh") is None, reason="OpenSSH's clients are not installed"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def instance(bench: Bench) -> AsyncIterator[Booted]:
    async with bench.booted() as booted:
        yield booted


def _options(instance: Booted, folder: Path) -> list[str]:
    """Options of ssh, scp and sftp: the key, and the host keys that the console printed."""
    key, hosts = folder / "key", folder / "known_hosts"
    instance.bench.key.write_private_key(key)
    key.chmod(0o600)
    text = instance.watcher.text
    printed = text.partition("-----BEGIN SSH HOST KEY KEYS-----\n")[2].partition("-----END")[0]
    port = instance.bench.hypervisor.ssh_port
    hosts.write_text(
        "".join(f"[{instance.address}]:{port} {line}\n" for line in printed.splitlines())
    )
    return [
        *("-F", "/dev/null", "-i", str(key), "-o", f"UserKnownHostsFile={hosts}"),
        *("-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes", "-o", f"Port={port}"),
    ]


async def _run(*command: str, stdin: bytes = b"") -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, complaints = await asyncio.wait_for(process.communicate(stdin), 60)
    return process.returncode, output.decode(), complaints.decode()


async def test_ssh_trusts_the_printed_host_keys_and_runs_commands(
    instance: Booted, tmp_path: Path
) -> None:
    ssh = ["ssh", *_options(instance, tmp_path), f"ubuntu@{instance.address}"]
    assert (await _run(*ssh, "cat; exit 7", stdin=b"through\n"))[:2] == (7, "through\n")
    status, output, _ = await _run(*ssh, "-tt", "tty; stty size; exit 3")
    assert status == 3
    if instance.bench.hypervisor.isolation != "chroot":
        assert output.startswith("/dev/pts/")
    status, output, _ = await _run(*ssh, "sudo reboot --help; kill -KILL $$")
    assert (status, output[:15]) == (255, "usage: reboot |")


async def test_scp_and_sftp_copy_in_both_protocols(instance: Booted, tmp_path: Path) -> None:
    options = _options(instance, tmp_path)
    data = os.urandom(1 << 20)
    (tmp_path / "out").write_bytes(data)
    there = f"ubuntu@{instance.address}:"
    for protocol in ([], ["-O"]):
        copy = ["scp", *protocol, *options, "-q"]
        assert await _run(*copy, str(tmp_path / "out"), f"{there}received") == (0, "", "")
        assert await _run(*copy, f"{there}received", str(tmp_path / "back")) == (0, "", "")
        assert (tmp_path / "back").read_bytes() == data
        (tmp_path / "back").unlink()
    batch = f"put {tmp_path / 'out'} sent\nget sent {tmp_path / 'back'}\nls -l sent\n"
    status, output, _ = await _run(
        "sftp", *options, "-b", "-", there.rstrip(":"), stdin=batch.encode()
    )
    assert status == 0
    assert "1048576" in output
    assert (tmp_path / "back").read_bytes() == data


async def test_a_strangers_key_is_refused(instance: Booted, tmp_path: Path) -> None:
    options = _options(instance, tmp_path)
    stranger = tmp_path / "stranger"
    await _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger))
    options[options.index("-i") + 1] = str(stranger)
    status, _, complaints = await _run("ssh", *options, f"ubuntu@{instance.address}", "true")
    assert status == 255
    assert "Permission denied (publickey)" in complaints
