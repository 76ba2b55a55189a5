"""What of the artifacts of a build is removed, where sessions are not needed to see it."""

from __future__ import annotations

from pathlib import Path

from oxtui.build.post_processing.chains import NOTHING_YET, Chains
from oxtui.component.post_processing import Artifact


def files(*paths: Path | str) -> Artifact:
    return Artifact("test", "", f"Files: {len(paths)}", tuple(map(str, paths)))


async def test_what_cannot_be_removed_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    built = files(tmp_path / "gone", tmp_path / "folder")
    chains = Chains(1, lambda: built)
    assert await chains.done(0, built, files(tmp_path), keep=False) == []
    there, problems = await chains.end()
    assert there == [files(tmp_path)]
    assert problems == [f"{tmp_path}/folder could not be removed: Is a directory."]


async def test_a_file_is_the_same_under_another_path(tmp_path: Path) -> None:
    (tmp_path / "disk").write_text("x")
    (tmp_path / "link").symlink_to("disk")
    built = files(tmp_path / "disk")
    chains = Chains(1, lambda: built)
    await chains.done(0, built, files(tmp_path / "link", "more"), keep=False)
    await chains.end()
    assert (tmp_path / "disk").read_text() == "x"


async def test_what_somebody_else_removed_is_not_told_of(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("x")
    built = files(tmp_path / "a")
    chains = Chains(1, lambda: built)
    await chains.done(0, built, files(tmp_path / "b"), keep=True)
    assert await chains.end() == ([files(tmp_path / "b")], [])


async def test_what_runs_before_there_is_anything_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    made: list[Artifact] = []
    chains = Chains(1, lambda: made[0] if made else None)
    given = chains.given(0, sealed=False)
    assert given == NOTHING_YET
    await chains.done(0, given, files(tmp_path), keep=False)
    made.append(files(tmp_path / "a"))
    assert await chains.end() == ([files(tmp_path / "a"), files(tmp_path)], [])
