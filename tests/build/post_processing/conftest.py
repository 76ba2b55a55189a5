"""What the tests of post-processing share."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.registry import COMPONENTS
from tests.build.post_processing.components import KINDS


@pytest.fixture
def components(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The components are there for the test, which works in a folder of its own: this one."""
    for kind, classes in KINDS.items():
        for name, each in classes.items():
            monkeypatch.setitem(COMPONENTS[kind], name, f"{each.__module__}:{each.__name__}")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
