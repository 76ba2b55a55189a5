"""Files to and from a root, by its own shell."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from oxtui.communicators.chroot.communicator import ChrootCommunicator
from oxtui.component.errors import TransferError
from tests.communicators.test_transfer import NAMES, look, source_tree

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="chroot is for root")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("name", NAMES)
async def test_a_file_of_any_name_goes_there_and_back(
    chroot: ChrootCommunicator, tmp_path: Path, name: str
) -> None:
    content = os.urandom(70_000)
    await chroot.upload(content, f"/tmp/{name}", 0o751)
    assert (chroot.root / "tmp" / name).read_bytes() == content
    assert mode(chroot.root / "tmp" / name) == 0o751
    await chroot.download(f"/tmp/{name}", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    assert [each.name for each in (chroot.root / "tmp").iterdir()] == [name]


async def test_a_directory_goes_with_modes_and_what_links_lead_to(
    chroot: ChrootCommunicator, tmp_path: Path
) -> None:
    source = source_tree(tmp_path)
    await chroot.upload_tree(source, "/tmp/new")
    await chroot.upload_tree(source, "/tmp", inside="source")
    there = look(chroot.root / "tmp/new")
    assert there == look(chroot.root / "tmp/source")
    assert there["sub/private"] == (0o600, b"p")
    assert there["link"] == (0o755, b"r")
    await chroot.download_tree("/tmp/new/", tmp_path / "back")
    assert (tmp_path / "back/new/sub/private").read_bytes() == b"p"
    assert mode(tmp_path / "back/new/run.sh") == 0o755


async def test_links_of_the_root_never_lead_out_of_it(
    chroot: ChrootCommunicator, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("this machine's")
    (chroot.root / "tmp/to").symlink_to(outside)
    (chroot.root / "tmp/up").symlink_to("../../../../../../" + str(outside))
    for name in ("to", "up"):
        with pytest.raises(TransferError):
            await chroot.upload(b"changed", f"/tmp/{name}/file")
        with pytest.raises(TransferError):
            await chroot.download(f"/tmp/{name}/file", tmp_path / "got")
    assert (outside / "file").read_text() == "this machine's"
    assert not (tmp_path / "got").exists()


async def test_what_the_root_says_is_in_the_error(
    chroot: ChrootCommunicator, tmp_path: Path
) -> None:
    with pytest.raises(TransferError, match="no directory /nowhere"):
        await chroot.upload(b"x", "/nowhere/file")
    (chroot.root / "usr/bin/tar").unlink()
    source = source_tree(tmp_path)
    await chroot.upload_tree(source, "/tmp/new")  # one file after the other
    assert (chroot.root / "tmp/new/sub/private").read_bytes() == b"p"
    with pytest.raises(TransferError, match="has no tar"):
        await chroot.download_tree("/tmp/new/", tmp_path / "back")
