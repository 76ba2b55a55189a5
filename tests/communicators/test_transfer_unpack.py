"""A guest's tar stream is not trusted: whatever it says, nothing is written outside the destination."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from oxtui.communicators.transfer.archive import archived
from oxtui.communicators.transfer.local_place import new_tree
from oxtui.communicators.transfer.local_tree import local_tree
from oxtui.communicators.transfer.unpack import Unpacker
from oxtui.component.errors import TransferError
from tests.guests import live_guest


def entry(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def stream(*entries: tuple[tarfile.TarInfo, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def unpack(data: bytes, destination: Path, step: int = 10_240) -> Unpacker:
    with new_tree(destination) as part:
        unpacker = Unpacker(part)
        try:
            for at in range(0, len(data), step):
                unpacker.feed(data[at : at + step])
        finally:
            unpacker.close()
    return unpacker


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that a hostile guest would write, beside the destination."""
    (tmp_path / "secret").write_text("kept")
    return tmp_path / "secret"


HOSTILE = {
    "up": [entry("../secret", b"x")],
    "up further in": [entry("a/../../secret", b"x")],
    "absolute": [entry("/tmp/secret", b"x")],
    "a directory above": [entry("..", type=tarfile.DIRTYPE, mode=0o777)],
    "another name of a file outside": [entry("copy", type=tarfile.LNKTYPE, linkname="../secret")],
    "an absolute name of a file": [entry("copy", type=tarfile.LNKTYPE, linkname="/etc/passwd")],
}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("what", HOSTILE)
def test_names_that_lead_out_are_refused_and_nothing_is_kept(
    tmp_path: Path, outside: Path, what: str, form: int
) -> None:
    data = stream(entry("good", b"g"), *HOSTILE[what], form=form)
    with pytest.raises(TransferError, match="outside the destination"):
        unpack(data, tmp_path / "here")
    assert outside.read_text() == "kept"
    assert not list((tmp_path / "here").iterdir())


@pytest.mark.parametrize("link", [str, lambda _path: ".."], ids=["absolute", "relative"])
def test_a_file_behind_a_link_of_the_same_stream_stays_inside(
    tmp_path: Path, outside: Path, link: object
) -> None:
    to = link(tmp_path)  # type: ignore[operator]
    data = stream(entry("way", type=tarfile.SYMTYPE, linkname=to), entry("way/secret", b"x"))
    unpacked = unpack(data, tmp_path / "here")
    assert outside.read_text() == "kept"
    assert (tmp_path / "here" / "way" / "secret").read_bytes() == b"x"
    assert unpacked.skipped == ["way, which is a link"]


def test_a_link_that_is_here_already_is_neither_followed_nor_lost(
    tmp_path: Path, outside: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "way").symlink_to(tmp_path)
    (here / "file").symlink_to(outside)
    with pytest.raises(TransferError, match="way is a link, and a download never leaves"):
        unpack(stream(entry("way/secret", b"x")), here)
    unpack(stream(entry("file", b"x")), here)
    assert outside.read_text() == "kept"
    assert (here / "file").read_bytes() == b"x"


def test_devices_pipes_and_links_are_left_out_with_the_reason(tmp_path: Path) -> None:
    data = stream(
        entry("./pipe", type=tarfile.FIFOTYPE),
        entry("./disk", type=tarfile.BLKTYPE),
        entry("./gone", type=tarfile.SYMTYPE, linkname="nowhere"),
        entry("./file", b"f"),
    )
    unpacked = unpack(data, tmp_path / "here")
    assert unpacked.skipped == [
        "pipe, which is a pipe", "disk, which is a device", "gone, which is a link",
    ]  # fmt: skip
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["file"]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("step", [1, 511, 10_240])
def test_streams_of_any_step_with_long_names_and_hard_links_arrive(
    tmp_path: Path, step: int, form: int
) -> None:
    long = "/".join(["a long name"] * 15) + "/\udcff"
    first = stream(
        entry("dir", type=tarfile.DIRTYPE, mode=0o555),
        entry("dir/set", b"x" * 513, mode=0o4755),
        entry(long, b"l"),
        entry("again", type=tarfile.LNKTYPE, linkname=long),
        form=form,
    )
    here = tmp_path / "here"
    unpacked = unpack(first + stream(entry("second", b"s")), here, step)
    assert (here / "dir" / "set").read_bytes() == b"x" * 513
    assert (here / "dir" / "set").stat().st_mode & 0o7777 == 0o755
    assert (here / "dir").stat().st_mode & 0o7777 == 0o755
    assert (here / long).read_bytes() == (here / "again").read_bytes() == b"l"
    assert (unpacked.files, unpacked.size) == (4, 515)


@pytest.mark.parametrize(
    "data",
    [
        b"no archive at all" * 100,
        stream(entry("x", type=b"V")),
        stream(entry("y", b"9" * 2_000_000, type=tarfile.GNUTYPE_LONGNAME)),
        stream(entry("z", b"99999 path=../x\n", type=tarfile.XHDTYPE)),
    ],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(TransferError, match="the guest's tar sent"):
        unpack(data, tmp_path / "here")


def test_what_is_sent_is_an_archive_as_any_tar_reads_it(tmp_path: Path) -> None:
    source = tmp_path / "source"
    names = ["a", "x" * 99, "y" * 100, "ü\udcff", "sub/" + "z" * 120]
    for number, name in enumerate(names):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"c" * (511 * number))
        path.chmod(0o640 + number)
    data = b"".join(piece for piece, _, _ in archived(local_tree(source)))
    # Old tars of BusyBox look closely: the quick header is what tarfile writes.
    assert data[:512] == stream(entry("a", mode=0o640))[:512]
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as archive:
        found = {each.name: (each.mode, each.size) for each in archive if each.isfile()}
    assert found == {name: (0o640 + number, 511 * number) for number, name in enumerate(names)}
    unpack(data, tmp_path / "here")
    assert (tmp_path / "here" / names[-1]).read_bytes() == b"c" * 511 * 4


async def test_a_guest_whose_tar_is_hostile_writes_nothing_outside(
    tmp_path: Path, outside: Path
) -> None:
    tools, here = tmp_path / "tools", tmp_path / "here"
    tools.mkdir()
    (tmp_path / "stream").write_bytes(stream(entry("../secret", b"x")))
    (tools / "tar").write_text(f"#!/bin/sh\nexec /bin/cat {tmp_path}/stream\n")
    (tools / "tar").chmod(0o755)
    async with live_guest(tmp_path, server=(f"SetEnv=PATH={tools}:/usr/bin:/bin",)) as live:
        with pytest.raises(TransferError, match="outside the destination"):
            await live.communicator.download_tree(f"{tmp_path}/", here)
    assert outside.read_text() == "kept"
    assert not list(here.iterdir())


@pytest.mark.slow
async def test_a_file_that_changes_while_it_is_read_comes_here_and_is_told(tmp_path: Path) -> None:
    tools, guest, here = (tmp_path / name for name in ("tools", "guest", "here"))
    tools.mkdir()
    guest.mkdir()
    (guest / "log").write_text("l")
    (tools / "tar").write_text('#!/bin/sh\n/bin/tar "$@"; echo "tar: ./log: $WORDS" >&2; exit 1\n')
    (tools / "tar").chmod(0o755)
    path = f"PATH={tools}:/usr/bin:/bin"
    words = '"WORDS=file changed as we read it"'
    async with live_guest(tmp_path, server=(f"SetEnv={path} {words}",)) as live:
        moved = await live.communicator.download_tree(f"{guest}/*", here)
    assert (here / "log").read_text() == "l"
    assert moved.skipped == ("some of log: file changed as we read it",)
    words = '"WORDS=Cannot open: Permission denied"'
    async with live_guest(tmp_path, server=(f"SetEnv={path} {words}",)) as live:
        with pytest.raises(TransferError, match="log: Cannot open: Permission denied"):
            await live.communicator.download_tree(f"{guest}/*", here)
