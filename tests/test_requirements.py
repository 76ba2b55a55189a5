"""What the test line installs is pinned, and is what oxtui asks for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository import ROOT, modules

PINS = (ROOT / "tests/requirements.txt").read_text()


def pinned() -> dict[str, str]:
    """Version by name of the package."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", PINS, re.MULTILINE))


def test_every_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [each for group in project.get("optional-dependencies", {}).values() for each in group]
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


@pytest.mark.slow
def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [each for group in project.get("optional-dependencies", {}).values() for each in group]
    declared = {
        canonicalize_name(Requirement(each).name) for each in (*project["dependencies"], *extras)
    }
    distributions = packages_distributions()
    imported = {
        name: path.relative_to(ROOT)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        for name in imported_by(node)
        if name not in sys.stdlib_module_names | {"oxtui", "screens"}
    }
    undeclared = {
        name: str(path)
        for name, path in imported.items()
        if declared.isdisjoint(map(canonicalize_name, distributions.get(name, ())))
    }
    assert undeclared == {}


def imported_by(node: ast.AST) -> list[str]:
    """Names of the top-level packages that a statement imports."""
    if isinstance(node, ast.Import):
        return [each.name.partition(".")[0] for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [node.module.partition(".")[0]]
    return []
