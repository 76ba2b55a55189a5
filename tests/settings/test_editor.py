"""The operator's own editor, and the file that it is given."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from oxtui.settings.editor import editor, text_file


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, ("vi",)),
        ({"EDITOR": "nano -w"}, ("nano", "-w")),
        ({"EDITOR": "ed", "VISUAL": "'my editor' --wait"}, ("my editor", "--wait")),
    ],
)
def test_which_it_is(environment: dict[str, str], words: tuple[str, ...]) -> None:
    assert editor(environment) == words


def test_its_file_goes_with_all_that_was_written_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with suppress(KeyError), text_file("echo one\n", "bash") as path:
        assert (path.suffix, path.read_text()) == (".sh", "echo one\n")
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        path.with_suffix(".sh~").write_text("echo one\n")
        raise KeyError
    assert list(tmp_path.iterdir()) == []
