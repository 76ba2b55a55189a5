"""A disk of a guest becomes an image of MAAS as it is; a loop device stands for it, so this takes root."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oxtui.component.events import Noted
from oxtui.postprocessors.maas.options import MaasOptions
from tests.guests import live_guest
from tests.maas.double import Maas
from tests.maas.server import KEY, maas
from tests.sessions import rackless

DISK = bytes(510) + b"\x55\xaa" + os.urandom(3 << 20) + bytes(1 << 20)


def run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def loop(path: Path) -> Iterator[str]:
    """A block device over a file, which nobody can write to; skips where there can be none."""
    if os.geteuid() != 0 or not shutil.which("losetup"):
        pytest.skip("a loop device takes root")
    try:
        device = run("losetup", "--find", "--show", "--read-only", str(path))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no loop device can be made: {error.stderr}")
    try:
        yield device
    finally:
        run("losetup", "--detach", device)


def template(there: Maas, port: int, user: str, key: Path, device: str) -> str:
    return (
        f'source "null" "host" {{\n ssh_host = "127.0.0.1"\n ssh_port = {port}\n'
        f' ssh_username = "{user}"\n ssh_private_key_file = "{key}"\n}}\n'
        'build {\n sources = ["null.host"]\n post-processor "oxtui-maas" {\n'
        f'  maas_url = "{there.url}"\n  api_key = "{KEY}"\n  device = "{device}"\n }}\n}}\n'
    )


@pytest.mark.slow
async def test_a_disk_that_nothing_writes_to_is_uploaded(tmp_path: Path) -> None:
    path = tmp_path / "disk"
    path.write_bytes(DISK)
    with loop(path) as device, maas() as there:
        async with live_guest(tmp_path) as guest, rackless(tmp_path) as on:
            key = tmp_path / "key"
            key.write_text(guest.communicator.target.private_key)
            key.chmod(0o600)
            words = there, guest.server.port, guest.server.user, key
            finished = await on.run(template(*words, device))
            assert finished.status == "succeeded", on.build.error
            assert gzip.decompress(there.content("host")) == DISK
            [image] = there.images.values()
            assert next(iter(image.sets.values())).filetype == "root-ddgz"  # type: ignore[union-attr]
            assert f"The disk has {len(DISK):,} bytes" in on.log("post-process-1")
            assert not [e for e in on.events if isinstance(e, Noted) and "boot from it" in e.text]
            for wrong, why in (
                ("/dev/null", "is no block device"),
                ("/none", "is no block device"),
            ):
                finished = await on.run(template(*words, wrong))
                assert (finished.status, why in on.build.error) == ("failed", True), on.build.error


@pytest.mark.slow
async def test_a_disk_that_is_mounted_for_writing_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("what is mounted is looked up by root")
    mounted = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    disks = [
        words[0]
        for words in mounted
        if words[0].startswith("/dev/") and Path(words[0]).is_block_device() and "rw" in words[3]
    ]
    if not disks:
        pytest.skip("no disk of this machine is mounted")
    with maas() as there:
        async with live_guest(tmp_path) as guest, rackless(tmp_path) as on:
            key = tmp_path / "key"
            key.write_text(guest.communicator.target.private_key)
            key.chmod(0o600)
            words = there, guest.server.port, guest.server.user, key
            finished = await on.run(template(*words, disks[0]))
            assert (finished.status, "is mounted on" in on.build.error) == ("failed", True)
        assert there.images == {}


def test_content_comes_from_one_place() -> None:
    with pytest.raises(ValueError, match="cannot both"):
        MaasOptions(source="a", device="/dev/sdb")
    told = dict(MaasOptions(device="/dev/sdb", exclude=["/srv"]).warnings())
    assert "no effect" in told["exclude"]
