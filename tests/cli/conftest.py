"""What several tests of commands need."""

from __future__ import annotations

import pytest

from tests.cli.asking import Asking


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asking:
    """The console."""
    return Asking(monkeypatch, capsys)
