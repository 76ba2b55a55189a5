"""Files are found from the template's folder, and what is wrong with them is said with its path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oxtui.template.hcl.functions.files import MAX_FILE
from oxtui.template.hcl.functions.globs import glob_files, pattern_regex
from oxtui.template.values import to_python
from tests.template.hcl.evaluation import evaluate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "a.txt",
        "b.txt",
        "c.cfg",
        "sub/d.txt",
        "sub/deep/e.txt",
        "sub/[x].cfg",
        ".hidden",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "link.txt").symlink_to("a.txt")
    (tmp_path / "folder.txt").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt", "link.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "link.txt", "sub/d.txt", "sub/deep/e.txt"]),
        ("sub/**", ["sub/[x].cfg", "sub/d.txt", "sub/deep/e.txt"]),
        ("?.{txt,cfg}", ["a.txt", "b.txt", "c.cfg"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("[^ab].*", ["c.cfg"]),
        ("[!a-b].*", ["c.cfg"]),
        ("sub/\\[x\\].cfg", ["sub/[x].cfg"]),
        ("./sub/../*.cfg", ["c.cfg"]),
        ("nosuch/*", []),
    ],
)
def test_patterns_find_regular_files(folder: Path, pattern: str, expected: list[str]) -> None:
    assert [name for name in glob_files(folder, pattern) if name != ".hidden"] == expected


@pytest.mark.parametrize("pattern", ["[a", "{a,b", "[z-a]"])
def test_broken_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="syntax error in pattern"):
        pattern_regex(pattern)


def _value(text: str, folder: Path) -> object:
    outcome = evaluate(text, folder)
    assert outcome.value is not None, str(outcome.problem)
    return to_python(outcome.value)


def test_contents_and_existence(folder: Path) -> None:
    (folder / "bin").write_bytes(b"\xff\x00")
    assert _value('file("sub/d.txt")', folder) == "sub/d.txt"
    assert _value('filebase64("bin")', folder) == "/wA="
    assert _value('[fileexists("a.txt"), fileexists("nope")]', folder) == [True, False]
    assert _value('fileset("sub", "**.txt")', folder) == ["d.txt", "deep/e.txt"]


def test_a_tilde_is_the_home_folder(folder: Path, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "key.pub").write_text("ssh-ed25519")
    assert _value('file("~/key.pub")', folder) == "ssh-ed25519"
    assert _value('pathexpand("~")', folder) == str(home)
    assert _value('pathexpand("a/~")', folder) == "a/~"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('file("nope")', 'no file exists at "nope"'),
        ('file("sub")', '"sub" could not be read'),
        ('file("bin")', "are not valid UTF-8"),
        ('file("large")', "is larger than"),
        ('file("\\u0000")', "could not be read"),
        ('fileexists("sub")', "is not a regular file"),
        ('fileset(".", "[a")', "syntax error in pattern"),
        ('templatefile("a.txt", [])', "must be a map"),
        ('templatefile("t", {"a-" = 1, "1b" = 2})', "invalid template variable name"),
        ('templatefile("t", {})', 'does not contain key "name", referenced at t:1,5'),
        ('templatefile("fails", {x = 1})', "fails:1:4: Unsupported attribute"),
        ('templatefile("unclosed", {})', "Unclosed template interpolation sequence"),
    ],
)
def test_failures_name_the_file(folder: Path, text: str, problem: str) -> None:
    (folder / "bin").write_bytes(b"\xff")
    with (folder / "large").open("wb") as file:
        os.truncate(file.fileno(), MAX_FILE + 1)
    (folder / "t").write_text("a ${name}\n%{ for x in [1] }${x}%{ endfor }")
    (folder / "fails").write_text("${x.y}")
    (folder / "unclosed").write_text("${oops")
    outcome = evaluate(text, folder)
    assert outcome.problem is not None
    assert problem in str(outcome.problem)


def test_a_template_file_has_only_its_own_variables(folder: Path) -> None:
    (folder / "t").write_text("%{ for k, v in m ~}\n${k}=${upper(v)}\n%{ endfor ~}\nend\n")
    assert _value('templatefile("t", {m = {a = "x", b = "y"}})', folder) == "a=X\nb=Y\nend\n"
    outcome = evaluate('templatefile("t", {n = 1})', folder)
    assert outcome.problem is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('basename("")', "."),
        ('basename("/")', "/"),
        ('basename("a//")', "a"),
        ('dirname("")', "."),
        ('dirname("a")', "."),
        ('dirname("/")', "/"),
        ('dirname("a/../b/c")', "b"),
        ('abspath("//a/./b/..")', "/a"),
    ],
)
def test_paths_are_cut_as_go_cuts_them(text: str, expected: str, tmp_path: Path) -> None:
    assert _value(text, tmp_path) == expected
