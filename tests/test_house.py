"""The house rules that no linter knows."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest

from oxtui.settings.sections import SECTIONS, Profile, declarations
from tests.repository import ROOT, committed_texts, modules

NOT_MIRRORS = {"bench", "bounds", "differential", "end_to_end", "forking", "packer_cases", "pty"}
"""Folders of tests about the whole, which mirror no package."""


def test_modules_are_small_rooms() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in modules()}
    assert {str(path): size for path, size in sizes.items() if size > 500} == {}
    real = sorted(size for path, size in sizes.items() if size > 1)  # not the bare __init__
    assert statistics.median(real) < 120
    assert statistics.quantiles(real, n=10)[-1] < 300


def test_nothing_is_left_for_later() -> None:
    words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"]
    pattern = re.compile(rf"\b({'|'.join(words)})\b")
    left = [
        f"{path}:{number}"
        for path, text in committed_texts()
        if path.suffix in {".py", ".tcss", ".md", ".toml", ".hcl", ".sh"}
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert left == []


def test_no_file_names_a_package_registry_or_a_place_of_this_machine() -> None:
    hosts = ["pypi." + "org", "python" + "hosted", "crates." + "io", "npmjs." + "org"]
    hosts += ["golang." + "org", "deb.debian." + "org", "repo." + "maven"]
    pattern = re.compile(
        "|".join([*map(re.escape, hosts), r"(?<![\w.}-])/" + "work/", re.escape(str(ROOT))])
    )
    naming = [
        f"{path}:{number}: {found[0]}"
        for path, text in committed_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if (found := pattern.search(line))
    ]
    assert naming == []


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 matches too much by it (gh-106052), and Debian 12 has 3.11.2."""
    pattern = re.compile(r"\)[*+?]\+|\(\?>")
    classes = re.compile(r"\[(?:\\.|[^]\\])+\]")
    assert [path for path in modules() if pattern.search(classes.sub("", path.read_text()))] == []


def folders_of_tests() -> list[Path]:
    """Every folder in which a module of tests lies, from `tests`."""
    tests = ROOT / "tests"
    return sorted({path.parent.relative_to(tests) for path in tests.rglob("*.py")})


def test_every_folder_of_tests_is_a_package() -> None:
    bare = [f for f in folders_of_tests() if not (ROOT / "tests" / f / "__init__.py").exists()]
    assert bare == []


def test_tests_mirror_the_packages() -> None:
    astray = [
        str(folder)
        for folder in folders_of_tests()
        if folder.parts
        and folder.parts[0] not in NOT_MIRRORS
        and not (ROOT / "oxtui" / folder).is_dir()
        and not (ROOT / folder).is_dir()
        and not (ROOT / "oxtui" / folder).with_suffix(".py").exists()
        and not (ROOT / folder).with_suffix(".py").exists()
    ]
    assert astray == []


@pytest.mark.parametrize(
    "package",
    sorted(
        path.parent.name
        for path in (ROOT / "oxtui").glob("*/__init__.py")
        if len(list(path.parent.rglob("*.py"))) > 1
    ),
)
def test_every_package_has_tests(package: str) -> None:
    assert list((ROOT / "tests" / package).rglob("test_*.py"))


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text().partition("[project.scripts]")[0]
    lists = re.findall(r"^(?:dependencies|\w+) = \[\n(    \"[a-z].*?)^\]", text, re.M | re.S)
    wanted = [
        line for part in lists for line in part.splitlines() if re.search(r'^\s+"[\w-]+', line)
    ]
    assert len(wanted) >= 10
    assert [line for line in wanted if not re.search(r",\s+# \w", line)] == []
    for line in (ROOT / "tests/requirements.in").read_text().splitlines():
        assert re.match(r"#|[a-z0-9-]+ +# \w", line), line


@pytest.mark.parametrize(
    ("section", "name"),
    [
        (section, each.name)
        for section, declared in (*SECTIONS.items(), ("profile", Profile))
        for each in declarations(declared)
    ],
)
def test_every_setting_is_heeded_somewhere(section: str, name: str) -> None:
    code = [path.read_text() for path in modules() if "settings" not in path.parts]
    assert [text for text in code if re.search(rf"\b{section}\b", text) and f".{name}" in text]
