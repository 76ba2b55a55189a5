"""`oxtui info` tells an operator what holds and who said so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.cli import main


@pytest.fixture
def file(home: Path) -> Path:
    """The settings file in its usual place."""
    file = home / ".config/oxtui/settings.toml"
    file.parent.mkdir(parents=True)
    return file


def test_every_value_stands_beside_its_source(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('[general]\ntheme = "nord"\n')
    monkeypatch.setenv("OXTUI_COLOR", "never")
    assert main(["info", "--set", "waits.ssh=90s"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["settings", "file", str(file)] in lines
    assert ["general.theme", '"nord"', f"{file}:2"] in lines
    assert ["general.color", '"never"', "environment", "OXTUI_COLOR"] in lines
    assert ["waits.ssh", '"90s"', "--set", "waits.ssh"] in lines
    assert ["waits.instance_state", '"10m"', "default"] in lines
    assert ["paths.config", f'"{file.parent}"', "default"] in lines


def test_programs_get_it_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "-json", "-set", "keys.help=f1"]) == 0
    told = json.loads(capsys.readouterr().out)
    file = home / ".config/oxtui/settings.toml"
    assert told["settings_file"] == {"path": str(file), "exists": False}
    assert told["settings"]["keys.help"] == {
        "value": ["f1"],
        "source": {"kind": "flag", "place": "--set keys.help"},
    }
    assert told["settings"]["paths.data"]["value"] == str(home / ".local/share/oxtui")


def test_the_example_can_become_the_settings_file(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", "--example"]) == 0
    example = capsys.readouterr().out
    assert "#instance_state" in example
    file.write_text(example)
    assert main(["info"]) == 0


def test_a_mistake_in_the_file_is_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("[general]\ncolour = 1\n")
    assert main(["info"]) == 2
    assert capsys.readouterr().err.startswith(f"oxtui: {file}:2: unknown key")


def test_looking_changes_nothing(home: Path) -> None:
    assert main(["info"]) == 0
    assert list(home.iterdir()) == []


def test_the_rack_is_told_with_the_source_of_each_value_and_without_its_token(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / ".config/oxide"
    folder.mkdir(parents=True)
    token = f"oxide-token-{'ab' * 20}"
    (folder / "config.toml").write_text('default-profile = "web"\n')
    (folder / "credentials.toml").write_text(
        f'[profile.web]\nhost = "https://web.example"\ntoken = "{token}"\nuser = "u"\n'
    )
    assert main(["info"]) == 0
    text = capsys.readouterr().out
    lines = [line.split(maxsplit=2) for line in text.splitlines()]
    assert ["rack.host", '"https://web.example"', "credentials.toml [profile.web]"] in lines
    assert ["rack.insecure", "false", "default"] in lines
    assert token not in text
    monkeypatch.setenv("OXIDE_HOST", "other.example")
    monkeypatch.setenv("OXIDE_TOKEN", token)
    assert main(["info", "--json"]) == 0
    text = capsys.readouterr().out
    assert json.loads(text)["rack"]["host"] == {
        "value": "https://other.example",
        "source": "OXIDE_HOST",
    }
    assert token not in text
    monkeypatch.setenv("OXIDE_PROFILE", "web")
    assert main(["info"]) == 0
    assert "OXIDE_HOST and OXIDE_PROFILE are both set" in capsys.readouterr().out
