"""Writing a template names what the operator knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.template.editing.save import write_atomically


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as told:
        write_atomically(tmp_path / "gone" / "web.pkr.hcl", b"")
    assert told.value.filename == str(tmp_path / "gone")


def test_a_long_name_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File name too long"):
        write_atomically(tmp_path / ("x" * 300), b"")
    assert list(tmp_path.iterdir()) == []
