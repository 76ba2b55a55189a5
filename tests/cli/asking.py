"""The console with its input and output in the test's process."""

from __future__ import annotations

import io
import json

import pytest

from oxtui.cli import main


class Asking:
    """Asks `oxtui console` and hands back what it says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, text: str | bytes, *words: str) -> tuple[int, str, str]:
        """Exit code, output and errors."""
        raw = text if isinstance(text, bytes) else text.encode()
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = main(["console", *words])
        out, err = self._capsys.readouterr()
        return code, out, err

    def answers(self, text: str | bytes, *words: str) -> list[dict[str, str]]:
        """What `--json` answers; every line is to have an answer of its own."""
        code, out, _ = self(text, "--json", *words)
        assert code == 0
        return [json.loads(line) for line in out.splitlines()]
