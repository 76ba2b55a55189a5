"""The example file can be used as it is."""

from __future__ import annotations

import re
from pathlib import Path

from oxtui.settings import load
from oxtui.settings.example import example
from oxtui.settings.listing import listing


def test_every_line_of_the_example_taken_in_says_what_holds_anyway(tmp_path: Path) -> None:
    paths = load({}).paths
    text = re.sub(r"^#(?! )", "", example(paths), flags=re.MULTILINE)
    (tmp_path / "settings.toml").write_text(text)
    environment = {"OXTUI_CONFIG_DIR": str(tmp_path)}
    taken = load(environment)
    (tmp_path / "settings.toml").write_text("[profiles.NAME]\n")
    untouched = load(environment)
    assert [(each.name, each.toml) for each in listing(taken)] == [
        (each.name, each.toml) for each in listing(untouched)
    ]
    from_file = {each.name for each in listing(taken) if each.source.kind == "file"}
    assert from_file == {each.name for each in listing(taken)} - {"paths.config"}


def test_the_example_as_printed_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(example(load({}).paths))
    found = load({"OXTUI_CONFIG_DIR": str(tmp_path)})
    assert {each.source.kind for each in listing(found)} == {"default", "environment"}
