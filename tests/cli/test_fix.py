"""`oxtui fix` prints a template brought up to date, and says what is still wrong with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from oxtui.cli import main
from tests.shared import shared

OLD = '{"builders": [{"type": "null", "ssh_key_path": "k"}], "_note": "a && b < c"}'
NEW = """{
  "_note": "a \\u0026\\u0026 b < c",
  "builders": [
    {
      "ssh_private_key_file": "k",
      "type": "null"
    }
  ]
}

"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_reference_case(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit codes and what goes to standard output are Packer's; errors go to standard error, as it promises."""
    case = shared("cases/packer/c11-fix")
    monkeypatch.chdir(case)
    records = re.split(
        r"^## step \d+: .*\n", (case / "expected.txt").read_text(), flags=re.MULTILINE
    )
    steps = json.loads((case / "case.json").read_text())["steps"]
    for number, (step, record) in enumerate(zip(steps, records[1:], strict=True), 1):
        code = main(step["args"])
        out, err = capsys.readouterr()
        assert f"exit: {code}\n" in record, number
        wanted = record.split("--- stdout\n")[1].split("\nError")[0]
        assert out.strip() == ("" if wanted.startswith("Error") else wanted.strip()), number
        assert bool(err) == bool(code), number
    assert "needs at least one builder" in err
    assert "-validate=false leaves this check out" in err


@pytest.mark.parametrize("dash", ["-", "--"])
def test_a_template_is_fixed_and_stays_as_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str], dash: str
) -> None:
    (folder / "t.json").write_text(OLD)
    assert main(["fix", f"{dash}validate=true", "t.json"]) == 0
    assert capsys.readouterr() == (NEW, "")
    assert (folder / "t.json").read_text() == OLD


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"builders": [{"type": "x"}], "foo": 1}', "Unknown root level key"),
        ('{"builders": [{"type": "x"}, {"type": "x"}]}', "Duplicate builder"),
        ('{"builders": [{"type": "x"}], "variables": {"a": 1}}', "Incorrect value type"),
        ('{"builders": [{"type": "x"}], "provisioners": [{}]}', "Missing type"),
        ('{"provisioners": []}', "No builder"),
    ],
)
def test_what_is_wrong_after_fixing_is_told_unless_it_is_not_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    (folder / "t.json").write_text(text)
    assert main(["fix", "t.json"]) == 1
    printed, err = capsys.readouterr()
    assert f"Error: {told}" in err
    assert "on t.json (fixed) line" in err
    assert main(["fix", "-validate=false", "t.json"]) == 0
    assert capsys.readouterr() == (printed, "")


def test_what_could_not_be_fixed_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.json").write_text(
        '{"builders": [{"type": "amazon-ebs", "ssh_private_ip": "{{user `x`}}"}]}'
    )
    assert main(["fix", "t.json"]) == 0
    out, err = capsys.readouterr()
    assert '"ssh_private_ip": "{{user `x`}}"' in out
    assert err.startswith('oxtui: t.json: builder 1: "ssh_private_ip" is neither true nor false')


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("t.json", None, "t.json could not be read: No such file or directory."),
        ("t.json", '{"builders": [}', "on t.json line 1:"),
        (
            "t.pkr.hcl",
            'source "null" "x" {}',
            "oxtui: t.pkr.hcl is HCL already; name a legacy template",
        ),
        ("t.pkr.json", "{}", "oxtui: t.pkr.json is HCL already; name a legacy template"),
    ],
)
def test_what_is_no_legacy_template_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, text: str | None, told: str
) -> None:
    if text is not None:
        (folder / name).write_text(text)
    assert main(["fix", "-validate=false", name]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_the_help_lists_every_fix(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--help"]) == 0
    out, _ = capsys.readouterr()
    assert re.search(r"^  iso-md5 +\S", out, re.MULTILINE)
    assert re.search(r"^  proxmox-type +\S", out, re.MULTILINE)
