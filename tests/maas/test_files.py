"""Which files MAAS takes, and as what; what it accepts as names."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.maas.errors import FileRefused
from oxtui.maas.file_types import FILE_TYPES, content_of, file_type
from oxtui.maas.hashing import sha256_of
from oxtui.maas.names import check_architecture, check_base_image, check_name
from oxtui.maas.versions import version_key

DISK = bytes(510) + b"\x55\xaa" + bytes(4096)
GPT = bytes(512) + b"EFI PART" + bytes(4096)


def tar(*members: tuple[str, bytes | None]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content or b""))
    return made.getvalue()


ROOT = tar((".", None), ("./etc", None), ("./etc/hostname", b"x"))
DD = tar(("root.raw", DISK))
PACK = {"": bytes, "gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}
HELD = {"root": ROOT, "disk": DISK, "tar of a disk": DD}


@pytest.mark.parametrize("kind", FILE_TYPES)
async def test_each_type_is_told_by_its_content(tmp_path: Path, kind: str) -> None:
    packing, holds = FILE_TYPES[kind]
    path = tmp_path / "no-name-that-tells"
    path.write_bytes(PACK[packing](HELD[holds]))
    assert await file_type(path) == kind
    assert await file_type(path, kind) == kind
    with pytest.raises(FileRefused, match="cannot be"):
        await file_type(path, "ddraw" if kind != "ddraw" else "tgz")


async def test_other_disks_and_roots_are_known_too(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content, kind in (
        (GPT, "ddraw"),
        (gzip.compress(tar(("etc/hostname", b"x"))), "tgz"),
        (gzip.compress(tar(("./disk", GPT))), "ddtgz"),
    ):
        path.write_bytes(content)
        assert await file_type(path) == kind


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"QFI\xfb" + bytes(600), "qemu-img convert -f qcow2 -O raw"),
        (gzip.compress(b"QFI\xfb" + bytes(600)), "Unpack it, then convert it"),
        (b"KDMV" + bytes(600), "format vmdk"),
        (b"\x28\xb5\x2f\xfd" + bytes(600), "is zstd, which MAAS does not take"),
        (b"hsqs" + bytes(600), "is squashfs"),
        (ROOT, "Pack it with `gzip"),
        (bytes(0x8001) + b"CD001" + bytes(10), "image of a CD"),
        (gzip.compress(tar(("README", b"x"))), "it cannot be told what is in it.*ddtgz or tgz"),
        (gzip.compress(b"a text"), "Say what it is with the file type: ddgz or ddtgz or tgz"),
        (b"a text", "Say what it is with the file type: ddraw or ddtar"),
        (b"\x1f\x8bnot gzip at all", "is damaged"),
        (b"", "is empty"),
    ],
    ids=[
        "qcow2", "packed-qcow2", "vmdk", "zstd", "squashfs", "plain-tar", "cd", "odd-tar", "packed-text",
        "text", "damaged", "empty",
    ],
)  # fmt: skip
async def test_what_maas_does_not_take_or_nobody_can_tell_is_refused(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "disk"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=words):
        await file_type(path)


async def test_where_the_content_is_silent_the_word_of_the_operator_counts(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(b"a disk without partitions"))
    assert await file_type(path, "ddgz") == "ddgz"
    path.write_bytes(gzip.compress(tar(("README", b"x"))))
    assert await file_type(path, "tgz") == "tgz"


@given(st.binary(max_size=2000), st.sampled_from(["", "gzip", "bzip2", "xz"]), st.booleans())
def test_whatever_a_file_holds_it_is_known_or_refused(
    content: bytes, packing: str, packed: bool
) -> None:
    head = PACK[packing](content) if packed else {"gzip": b"\x1f\x8b"}.get(packing, b"") + content
    with suppress(FileRefused):
        assert content_of(Path("x"), head + b"x").holds in (
            "",
            "root",
            "disk",
            "tar",
            "tar of a disk",
        )


async def test_a_file_is_hashed_in_pieces_and_told(tmp_path: Path) -> None:
    path, told = tmp_path / "x", []
    path.write_bytes(b"abc")
    digest, size = await sha256_of(path, lambda *each: told.append(each))
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (size, told) == (3, [(3, 3)])
    with pytest.raises(FileRefused, match="cannot be read"):
        await sha256_of(tmp_path / "none", lambda *each: None)


@pytest.mark.parametrize("name", ["custom/web", "web", "custom/web-1.2", "ubuntu/mine"])
def test_names_that_maas_takes(name: str) -> None:
    assert check_name(name) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "1 to 255"), ("custom/", "1 to 255"), ("a b", "no blanks"), ("custom/a/b", "slashes"),
        ("debian/12", 'no operating system "debian"'), ("ubuntu", "for itself"),
        ("custom/centos7", "for itself"), ("centos77", "for itself"), ("ubuntu/a/b", "slashes"),
    ],
)  # fmt: skip
def test_names_that_maas_refuses(name: str, words: str) -> None:
    assert words in check_name(name)


def test_architectures_and_base_images() -> None:
    assert check_architecture("amd64/generic") == ""
    assert "write it as amd64/generic" in check_architecture("amd64")
    assert check_base_image("", "custom/x") == ""
    assert check_base_image("ubuntu/noble", "custom/x") == ""
    assert "Debian" in check_base_image("debian/12", "custom/x")
    assert "cannot be a base" in check_base_image("windows/2022", "x")
    assert "OS/RELEASE" in check_base_image("noble", "custom/x")
    assert "no base image" in check_base_image("ubuntu/noble", "ubuntu/mine")


@given(st.lists(st.integers(0, 10**6), min_size=1, unique=True))
def test_versions_sort_as_maas_counts_them(numbers: list[int]) -> None:
    names = [f"20261130.{number}" if number else "20261130" for number in numbers]
    ordered = sorted(names, key=version_key)
    assert ordered == [f"20261130.{n}" if n else "20261130" for n in sorted(numbers)]
