"""Digests of files and directories: names, modes and content count, and nothing else does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.checkpoints.files import content_digest


def tree(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o644)
    return folder


def test_the_same_content_elsewhere_has_the_same_digest(tmp_path: Path) -> None:
    one = tree(tmp_path / "one", a="1", sub__b="2")
    other = tree(tmp_path / "other", sub__b="2", a="1")  # made in another order
    os.utime(other / "a", (1.0, 1.0))
    assert content_digest(one) == content_digest(other)
    assert content_digest(one / "a") == content_digest(other / "a")


@pytest.mark.parametrize("change", ["content", "name", "mode", "more", "less", "moved"])
def test_each_change_of_a_directory_counts(tmp_path: Path, change: str) -> None:
    folder = tree(tmp_path / "d", a="1", sub__b="2")
    before = content_digest(folder)
    match change:
        case "content":
            (folder / "sub/b").write_text("3")
        case "name":
            (folder / "a").rename(folder / "c")
        case "mode":
            (folder / "a").chmod(0o755)
        case "more":
            (folder / "empty").mkdir()
        case "less":
            (folder / "a").unlink()
        case "moved":
            (folder / "a").rename(folder / "sub/a")
    assert content_digest(folder) != before


def test_what_the_umask_of_this_machine_decides_does_not_count(tmp_path: Path) -> None:
    folder = tree(tmp_path / "d", a="1")
    before = content_digest(folder)
    (folder / "a").chmod(0o664)
    assert content_digest(folder) == before


def test_links_count_as_what_they_lead_to_and_circles_end(tmp_path: Path) -> None:
    folder = tree(tmp_path / "d", sub__b="2")
    outside = tree(tmp_path / "outside", c="1")
    (folder / "circle").symlink_to(folder)
    (folder / "broken").symlink_to("nowhere")
    (folder / "there").symlink_to(outside)
    before = content_digest(folder)
    (outside / "c").write_text("2")
    assert content_digest(folder) != before


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        content_digest(tmp_path / "gone")


@given(st.dictionaries(st.text("ab\n ", min_size=1, max_size=4), st.text("01\n ", max_size=4)))
def test_no_two_directories_share_a_digest(files: dict[str, str]) -> None:
    """Lengths and line ends in names are no way to another directory's digest."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        seen: dict[str, dict[str, str]] = {}
        names = sorted(files)
        for count in range(len(names) + 1):
            some = {name: files[name] for name in names[:count]}
            for name, text in some.items():
                Path(folder, name).write_text(text)
            digest = content_digest(Path(folder))
            assert seen.setdefault(digest, some) == some
