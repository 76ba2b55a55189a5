"""Saving an export: whole or not at all, and never over something else unasked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oxtui.export.exported import Exported, ExportError
from oxtui.export.save import WouldOverwrite, save_export


def export(folder: Path) -> Exported:
    scripts = {folder / "scripts" / "1-a.sh": "#!/bin/sh -e\ntrue\n"}
    return Exported("1", "text\n", "began\n", "", scripts=scripts)


def test_text_and_scripts_are_written_and_the_same_again_is_nothing(tmp_path: Path) -> None:
    exported, target = export(tmp_path), tmp_path / "t.pkr.hcl"
    assert save_export(exported, target) == [tmp_path / "scripts" / "1-a.sh", target]
    assert target.read_text() == "text\n"
    assert (tmp_path / "scripts" / "1-a.sh").read_text() == "#!/bin/sh -e\ntrue\n"
    assert save_export(exported, target) == []


def test_other_content_is_shown_before_anything_is_written(tmp_path: Path) -> None:
    exported, target = export(tmp_path), tmp_path / "t.pkr.hcl"
    target.write_text("mine\n")
    with pytest.raises(WouldOverwrite) as there:
        save_export(exported, target)
    assert "-mine\n+text\n" in there.value.diff
    assert not (tmp_path / "scripts").exists()
    assert save_export(exported, target, force=True)
    assert target.read_text() == "text\n"


def test_what_would_do_otherwise_is_not_written_even_by_force(tmp_path: Path) -> None:
    exported = replace(export(tmp_path), problems=("no",))
    with pytest.raises(ExportError, match="Not written"):
        save_export(exported, tmp_path / "t.pkr.hcl", force=True)
    assert list(tmp_path.iterdir()) == []
