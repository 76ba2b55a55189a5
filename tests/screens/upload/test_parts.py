"""Proposals of the form: paths and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.upload.checks import name_for
from screens.upload.paths import completed


def test_paths_complete_themselves(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "debian.raw").touch()
    assert completed(f"{tmp_path}/im") == f"{tmp_path}/images/"
    assert completed(f"{tmp_path}/images/d") == f"{tmp_path}/images/debian.raw"
    assert completed(f"{tmp_path}/images/x") is None
    assert completed(f"{tmp_path}/none/x") is None
    assert completed("im") is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/tmp/Debian 13.raw.gz", "debian-13"),
        ("disk.img", "disk"),
        ("2024_x.raw", "x"),
        ("/tmp/12.raw", ""),
        ("", ""),
    ],
)
def test_a_name_is_proposed_that_the_rack_allows(path: str, name: str) -> None:
    assert name_for(path) == name
