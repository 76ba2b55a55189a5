"""What is found in packed tars of root file systems."""

from __future__ import annotations

import io
import lzma
import tarfile
from pathlib import Path

import pytest

from oxtui.component.errors import StepError
from oxtui.postprocessors.maas.checking import check_capture, read_root

FIT = {
    "./etc/passwd": b"x",
    "./usr/bin/cloud-init": b"x",
    "./usr/sbin/netplan": b"x",
    "./etc/machine-id": b"",
}


def packed(path: Path, files: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def unheard(done: int, total: int) -> None:
    assert 0 <= done <= total


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
async def test_a_fit_one_is_fit_however_it_is_packed(tmp_path: Path, mode: str) -> None:
    path = packed(tmp_path / "root", FIT, mode)
    root = await read_root(path, unheard)
    assert (root.missing, root.unclean) == ([], [])
    await check_capture(path, "AAAAkey", unheard)


async def test_hooks_stand_for_netplan(tmp_path: Path) -> None:
    files = {**FIT, "./curtin/curtin-hooks": b"x"}
    del files["./usr/sbin/netplan"]
    assert (await read_root(packed(tmp_path / "root", files), unheard)).missing == []
    del files["./curtin/curtin-hooks"], files["./usr/bin/cloud-init"]
    first, second = (await read_root(packed(tmp_path / "root", files), unheard)).missing
    assert ("no cloud-init" in first, "neither netplan" in second) == (True, True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("./etc/ssh/ssh_host_rsa_key", b"x", "it holds /etc/ssh/ssh_host_rsa_key"),
        ("./etc/machine-id", b"0123", "its /etc/machine-id is not empty"),
        ("./var/lib/cloud/instances/i-1", b"", "it holds /var/lib/cloud/instances/i-1"),
        ("./root/.ssh/authorized_keys", b"ssh-rsa AAAAkey me", "holds the build's key"),
    ],
)
async def test_what_tells_a_machine_must_not_be_captured(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = packed(tmp_path / "root", {**FIT, name: content})
    with pytest.raises(StepError, match=words):
        await check_capture(path, "AAAAkey", unheard)


async def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "root", {**FIT, "./big": bytes(range(256)) * 1000})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(StepError, match="cannot be read to its end"):
        await check_capture(path, "", unheard)
    path.write_bytes(lzma.compress(b"no tar"))
    with pytest.raises(StepError, match="cannot be read to its end"):
        await check_capture(path, "", unheard)
