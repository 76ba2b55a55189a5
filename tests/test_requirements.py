"""What the test line installs is pinned, and is what oxtui asks for."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement

from tests.repository import ROOT

PINS = (ROOT / "tests/requirements.txt").read_text()


def pinned() -> dict[str, str]:
    """Version by name of the package."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", PINS, re.MULTILINE))


def test_every_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [each for group in project["optional-dependencies"].values() for each in group]
    wanted = [Requirement(each) for each in (*project["dependencies"], *extras)]
    for line in (ROOT / "tests/requirements.in").read_text().splitlines():
        if not line.startswith("#"):
            wanted.append(Requirement(line.partition("#")[0]))
    pins = pinned()
    assert len(wanted) > 20
    for each in wanted:
        assert each.specifier.contains(pins[each.name.lower()]), each


def test_every_pin_has_hashes_and_no_address() -> None:
    entries = re.split(r"^(?=[a-z0-9.-]+==)", PINS, flags=re.MULTILINE)
    assert [entry for entry in entries if entry and "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?:|--index|--find-links|file:|@", PINS) == []
