"""Gzip on all cores: what it writes is read by others, whatever the size of what is written."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.postprocessors.compress.blocks import PIECE, BgzfWriter, GzipWriter

RANDOM = random.Random(7).randbytes(3 * PIECE + 17)
SIZES = [0, 1, 0xFF00, 0xFF01, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17]


def written(kind: type[GzipWriter] | type[BgzfWriter], data: bytes, level: int | None) -> bytes:
    """What a writer makes of the data."""
    file = io.BytesIO()
    with kind(file, level) as writer:
        for at in range(0, len(data), 700_001):
            writer.write(data[at : at + 700_001])
    return file.getvalue()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", [GzipWriter, BgzfWriter])
def test_every_size_is_read_back(kind: type[GzipWriter], size: int) -> None:
    for data in (RANDOM[:size], b"text " * (size // 5)):
        assert gzip.decompress(written(kind, data, None)) == data


@given(st.binary(max_size=2000), st.sampled_from([None, 1, 9]))
def test_any_content_is_read_back(data: bytes, level: int | None) -> None:
    assert gzip.decompress(written(GzipWriter, data, level)) == data
    assert gzip.decompress(written(BgzfWriter, data, level)) == data


def test_it_is_one_member_and_hardly_larger_than_that_of_one_core() -> None:
    """Pieces that did not know what was before them would be a third larger here."""
    words = [word.hex().encode() for word in (RANDOM[at : at + 6] for at in range(0, 30_000, 6))]
    text = b" ".join(random.Random(1).choices(words, k=120_000))
    made = written(GzipWriter, text, 6)
    reader = zlib.decompressobj(31)
    assert reader.decompress(made) == text
    assert (reader.eof, reader.unused_data) == (True, b"")
    assert len(made) < 1.01 * len(gzip.compress(text, 6))
    assert len(written(GzipWriter, text, 1)) > len(made)


def test_bgzf_members_say_their_size_and_an_empty_one_ends_the_file() -> None:
    """SAM specification 4.1.1 and 4.1.2."""
    made = written(BgzfWriter, RANDOM[: PIECE + 5], None)
    at, members = 0, []
    while at < len(made):
        assert made[at : at + 4] == b"\x1f\x8b\x08\x04"
        extra, identifier, length, size = struct.unpack("<H2sHH", made[at + 10 : at + 18])
        assert (extra, identifier, length) == (6, b"BC", 2)
        members.append(gzip.decompress(made[at : at + size + 1]))
        at += size + 1
    assert b"".join(members) == RANDOM[: PIECE + 5]
    assert max(map(len, members)) <= 0x10000
    assert made[-28:].hex() == "1f8b08040000000000ff0600424302001b0003000000000000000000"


def test_an_error_ends_the_threads_and_finishes_nothing(tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = GzipWriter(file, None)

    def broken() -> None:
        with writer:
            writer.write(RANDOM)
            raise KeyError("x")

    with pytest.raises(KeyError):
        broken()
    with pytest.raises((EOFError, zlib.error)):
        gzip.decompress(file.getvalue())
    with pytest.raises(RuntimeError):  # no thread takes work any more
        writer.write(RANDOM)
