"""Which format a name stands for, as Packer has it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from oxtui.postprocessors.compress.formats import Format, format_of
from oxtui.postprocessors.compress.options import OUTPUT, CompressOptions


@pytest.mark.parametrize(
    ("output", "wished", "archive", "compression"),
    [
        (OUTPUT, "", "tar", "gzip"),
        ("a", "", "tar", "gzip"),
        ("a.tar", "", "tar", ""),
        ("a.zip", "", "zip", ""),
        ("a.gz", "", "", "gzip"),
        ("a.tar.gz", "", "tar", "gzip"),
        ("a.lz4", "", "", "lz4"),
        ("a.tar.lz4", "", "tar", "lz4"),
        ("a.xz", "", "", "xz"),
        ("a.tar.bzip2", "", "tar", "bzip2"),
        ("a.bgzf", "", "", "bgzf"),
        ("a.tgz", "", "tar", "gzip"),
        ("a.bz2", "", "tar", "gzip"),
        ("a.TAR", "", "tar", "gzip"),
        ("a.GZ", "", "tar", "gzip"),
        ("v1.2/a", "", "tar", "gzip"),
        ("a.tar.zip", "", "zip", ""),
        ("a.tar.1", "", "tar", "gzip"),
        ("a.gz", "zip", "zip", ""),
        ("a.tar", "gz", "tar", "gzip"),
        ("a", "tar.xz", "tar", "xz"),
        ("a.zip", "rar", "tar", "gzip"),
        ("{{.BuildName}}.gz", "", "", "gzip"),
    ],
)
def test_the_last_two_extensions_say_it(
    output: str, wished: str, archive: str, compression: str
) -> None:
    assert format_of(output, wished) == Format(archive, compression)  # type: ignore[arg-type]


def test_options_have_packer_s_defaults_and_bounds() -> None:
    options = CompressOptions()
    assert (options.output, options.level, options.warnings()) == (OUTPUT, None, ())
    assert CompressOptions(output="").output == OUTPUT
    levels = {-1: None, 0: None, 1: 1, 9: 9, 10: 9}
    for given, level in levels.items():
        assert CompressOptions(compression_level=given).level == level
    with pytest.raises(ValidationError):
        CompressOptions(compression_level=-2)
    with pytest.raises(ValidationError, match="nope"):
        CompressOptions(output="{{nope}}.zip")


@pytest.mark.parametrize("given", [{"format": "rar"}, {"output": "a.bz2"}, {"format": "tar.zst"}])
def test_a_format_that_is_not_written_is_warned_of(given: dict[str, str]) -> None:
    ((name, text),) = CompressOptions(**given).warnings()
    assert name == next(iter(given))
    assert "is a tar.gz under that name" in text


@pytest.mark.parametrize(
    "given", [{"output": "a.tgz"}, {"output": "v1.2"}, {"output": "a.bz2", "format": "bzip2"}]
)
def test_a_name_that_says_nothing_else_is_not(given: dict[str, str]) -> None:
    assert CompressOptions(**given).warnings() == ()
