"""A base system for chroot builds, and the proof that each of them leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.roots import attached_in, copy_root, mounted_in, rooted_in


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a small userland whose resolver is a link, as systemd has it."""
    folder = tmp_path_factory.mktemp("base")
    copy_root(folder / "root")
    (folder / "root/etc/resolv.conf").symlink_to("../run/stub.conf")
    archive = folder / "base.tar"
    subprocess.run(["tar", "-C", str(folder / "root"), "-cf", str(archive), "."], check=True)
    return archive


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    """No mount, no loop device, no process, no file that was not finished, once a test is over."""
    yield
    left = (mounted_in(tmp_path), attached_in(tmp_path), rooted_in(tmp_path))
    for pid in left[2]:
        os.kill(int(pid), signal.SIGKILL)
    for target in reversed(left[0]):
        subprocess.run(["umount", "--lazy", target], check=False)
    for file in left[1]:
        listed = ["losetup", "--noheadings", "--output", "NAME", "--associated", file]
        for device in subprocess.run(
            listed, capture_output=True, text=True, check=True
        ).stdout.split():
            subprocess.run(["losetup", "--detach", device], check=False)
    assert left == ([], [], [])
    assert [str(each) for each in tmp_path.rglob(".*.oxtui-*")] == []
    assert not (tmp_path / "mnt").exists()
