"""What decides whether images are promoted: the flag, then the environment, then the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.promotion import promotion
from oxtui.settings import load

FILE = "[build]\npromote = true\n"


@pytest.mark.parametrize(
    ("file", "variable", "flag", "told"),
    [
        ("", None, None, ""),
        ("", None, True, "--promote"),
        (FILE, None, None, "{file}:2"),
        (FILE, None, True, "--promote"),
        (FILE, None, False, ""),
        (FILE, "false", None, ""),
        ("", "true", None, "environment OXTUI_BUILD_PROMOTE"),
        ("", "true", False, ""),
    ],
)
def test_what_asked_for_it(
    tmp_path: Path, file: str, variable: str | None, flag: bool | None, told: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(file)
    environment = {"OXTUI_CONFIG_DIR": str(tmp_path)}
    if variable is not None:
        environment["OXTUI_BUILD_PROMOTE"] = variable
    assert promotion(load(environment), flag) == told.format(file=path)
