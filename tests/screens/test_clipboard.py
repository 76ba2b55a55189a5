"""A copy goes where it can be pasted from, and the operator is told where that is."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from screens.clipboard import OSC52_LIMIT, Way, copy, way

WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}
X11 = {"DISPLAY": ":0"}
TERMINAL, FILE = Way("terminal"), Way("file")


@pytest.mark.parametrize(
    ("setting", "environment", "programs", "size", "expected"),
    [
        ("auto", WAYLAND, ["wl-copy"], 10, Way("program", ("wl-copy",))),
        ("auto", X11, ["xsel"], 10, Way("program", ("xsel", "--clipboard", "--input"))),
        ("auto", {}, ["pbcopy"], 10, Way("program", ("pbcopy",))),
        ("auto", {**WAYLAND, "SSH_CONNECTION": "x"}, ["wl-copy"], 10, TERMINAL),
        ("auto", {}, ["wl-copy"], 10, TERMINAL),
        ("auto", {}, [], OSC52_LIMIT + 1, FILE),
        ("osc52", WAYLAND, ["wl-copy"], 10, TERMINAL),
        ("native", {**X11, "SSH_CONNECTION": "x"}, ["xclip"], 10, None),
        ("native", {}, [], 10, FILE),
        ("file", WAYLAND, ["wl-copy"], 10, FILE),
        ("off", WAYLAND, ["wl-copy"], 10, Way("nowhere")),
    ],
)
def test_the_way_follows_setting_desktop_and_size(
    setting: str, environment: Mapping[str, str], programs: list[str], size: int,
    expected: Way | None,
) -> None:  # fmt: skip
    found = way(setting, environment, size, lambda name: name if name in programs else None)
    assert found == (expected or Way("program", ("xclip", "-selection", "clipboard")))


async def test_the_terminal_is_given_the_text(tmp_path: Path) -> None:
    given: list[str] = []
    where = await copy("an id", Way("terminal"), given.append, tmp_path)
    assert given == ["an id"]
    assert where == "to the clipboard, by way of the terminal (OSC 52)"


async def test_a_file_is_private_and_named(tmp_path: Path) -> None:
    where = await copy("text", Way("file"), print, tmp_path / "state")
    path = tmp_path / "state" / "clipboard.txt"
    assert where == f"to {path}"
    assert path.read_text() == "text"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_program_of_the_desktop_reads_the_text(tmp_path: Path) -> None:
    target = tmp_path / "pasted"
    where = await copy("text", Way("program", ("tee", str(target))), print, tmp_path)
    assert target.read_text() == "text"
    assert where == "to the clipboard (tee)"


async def test_a_program_that_fails_is_told_and_the_text_is_kept(tmp_path: Path) -> None:
    where = await copy("text", Way("program", ("false",)), print, tmp_path)
    assert where == f"to {tmp_path / 'clipboard.txt'}, because false failed"
    assert (tmp_path / "clipboard.txt").read_text() == "text"
