"""`oxtui` alone opens the screens, and says what is wrong where it cannot."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from oxtui.cli import main


def test_without_a_terminal_it_names_what_works_without_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    assert "the screens need a terminal" in capsys.readouterr().err


def test_a_misspelt_command_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["inof"]) == 127
    err = capsys.readouterr().err
    assert err == 'oxtui: no command and no file is named "inof"; did you mean "info"?\n'


@pytest.mark.parametrize("path", ["web.pkr.hcl", "images/web"])
def test_a_template_that_is_not_there_is_named(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([path]) == 2
    assert capsys.readouterr().err == (
        f"oxtui: {path}: no such template; "
        "oxtui alone opens the screens, where n on an image begins a template\n"
    )


def test_options_go_behind_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "waits.ssh=1m", "info"]) == 2
    assert "oxtui info [OPTIONS]" in capsys.readouterr().err


PROGRAM = """
import sys, types
app = types.ModuleType("screens.app")
app.run = lambda settings, path=None, start=None: print(settings.waits.ssh, path, start) or 7
sys.modules["screens.app"] = app
from oxtui.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""The call of the screens on a real terminal; what they do with it is tested there."""


def on_a_terminal(*words: str) -> str:
    """What `oxtui` shows; its exit code has to be the one of the screens."""
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        stdin=slave,
        stdout=slave,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    os.close(slave)
    shown = os.read(master, 4096).decode()
    os.close(master)
    assert (done.returncode, done.stderr) == (7, b"")
    return shown


def test_the_screens_get_the_settings_and_the_template(tmp_path: Path) -> None:
    template = tmp_path / "web.pkr.hcl"
    template.write_text("")
    shown = on_a_terminal("--set", "waits.ssh=2m", str(template))
    assert shown == f"120.0 {template} None\r\n"


def test_the_demo_opens_them_on_the_demo_rack() -> None:
    assert on_a_terminal("demo") == "300.0 None Demo(name='demo rack')\r\n"


def test_a_folder_without_templates_cannot_be_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"{tmp_path}/"]) == 2
    expected = f"oxtui: {tmp_path}: no file in this folder ends in .pkr.hcl\n"
    assert capsys.readouterr().err == expected


def test_a_folder_of_templates_is_opened(tmp_path: Path) -> None:
    (tmp_path / "web.pkr.hcl").write_text("")
    assert on_a_terminal(str(tmp_path)) == f"300.0 {tmp_path} None\r\n"
