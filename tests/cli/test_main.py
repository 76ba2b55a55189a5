"""What `oxtui` does with its command line, whatever the subcommand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

import pytest

import oxtui.cli
from oxtui.cli import main
from oxtui.cli.commands import COMMANDS, Command
from oxtui.cli.errors import CommandError

OXTUI = [sys.executable, "-m", "oxtui"]


@dataclass
class Trial:
    """A subcommand that does what a test wants."""

    error: BaseException | None = None
    HELP: str = "Try something."
    seen: Namespace | None = None

    def configure(self, parser: ArgumentParser) -> None:
        """Options such as Packer has."""
        parser.add_argument("--var", action="append", default=[])
        parser.add_argument("--on-error")
        parser.add_argument("-v", action="store_true")
        nested = parser.add_subparsers(dest="nested", required=True)
        nested.add_parser("deep").add_argument("--very-deep")

    def run(self, arguments: Namespace) -> int:
        """Raise, or remember."""
        self.seen = arguments
        if self.error:
            raise self.error
        return 0


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Trial:
    """The subcommand `oxtui trial`."""
    module = Trial()
    monkeypatch.setattr(oxtui.cli, "COMMANDS", (Command("trial", "try", "trial"),))
    monkeypatch.setattr(Command, "load", lambda self: module)
    return module


def test_help_names_every_command_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    words = " ".join(out.split())
    for command in COMMANDS:
        assert f"  {command.name} " in out
        assert command.help in out
    assert "0 ok, 1 failed, 2 wrong usage or settings, 130 cancelled" in words
    assert "in commands that Packer has too" in words
    assert "127: there is no such command" in words


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: oxtui {name} ")


@pytest.mark.parametrize("words", [["--version"], ["version"]])
def test_the_version_is_the_one_of_the_package(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"oxtui v{oxtui.__version__}"


@pytest.mark.parametrize(
    "words", [["version", "-machine-readable"], ["-machine-readable", "version"]]
)
def test_the_version_for_programs_is_packers(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    records = [line.split(",")[1:] for line in capsys.readouterr().out.splitlines()]
    assert records == [
        ["", "version", oxtui.__version__],
        ["", "version-prelease", ""],
        ["", "version-commit", ""],
        ["", "ui", "say", f"oxtui v{oxtui.__version__}"],
    ]


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_wrong_usage_is_1_where_packer_has_the_command_and_else_2(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    packers = [
        "build",
        "console",
        "fix",
        "fmt",
        "hcl2_upgrade",
        "init",
        "inspect",
        "validate",
        "version",
    ]
    assert main([command, "--no-such-flag"]) == (1 if command in packers else 2)
    assert "usage: oxtui" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "value"), [("-on", True), ("--on=true", True), ("-on=1", True), ("-on=false", False)]
)
def test_a_flag_is_on_or_off_as_go_writes_it(
    word: str, value: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Flagged(Trial):
        def configure(self, parser: ArgumentParser) -> None:
            parser.add_argument("--on", action="store_true")

    flagged = Flagged()
    monkeypatch.setattr(oxtui.cli, "COMMANDS", (Command("trial", "try", "trial"),))
    monkeypatch.setattr(Command, "load", lambda self: flagged)
    assert main(["trial", word]) == 0
    assert flagged.seen is not None
    assert flagged.seen.on is value


@pytest.mark.parametrize("dash", ["-", "--"])
def test_long_options_have_one_dash_or_two(trial: Trial, dash: str) -> None:
    words = ["trial", f"{dash}var", "a=-b", f"{dash}var=c=d", f"{dash}on-error=ask", "-v"]
    assert main([*words, "deep", f"{dash}very-deep", "x"]) == 0
    assert trial.seen is not None
    assert trial.seen.var == ["a=-b", "c=d"]
    assert (trial.seen.on_error, trial.seen.v, trial.seen.very_deep) == ("ask", True, "x")


def test_a_setting_goes_behind_the_innermost_command(trial: Trial) -> None:
    assert main(["trial", "deep", "--very-deep", "x", "--set", "waits.ssh=1m"]) == 0
    assert trial.seen is not None
    assert trial.seen.setting_flags == [("waits.ssh", "1m")]


def test_what_follows_two_dashes_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Rest(Trial):
        def configure(self, parser: ArgumentParser) -> None:
            parser.add_argument("--var")
            parser.add_argument("rest", nargs="*")

    rest = Rest()
    monkeypatch.setattr(oxtui.cli, "COMMANDS", (Command("trial", "try", "trial"),))
    monkeypatch.setattr(Command, "load", lambda self: rest)
    assert main(["trial", "--", "-var", "x"]) == 0
    assert rest.seen is not None
    assert rest.seen.rest == ["-var", "x"]


def test_an_option_cannot_be_shortened(trial: Trial, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trial", "--on-err", "ask", "deep"]) == 2
    assert "--on-err" in capsys.readouterr().err


def test_an_expected_failure_is_one_sentence(
    trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    trial.error = CommandError("the rack does not answer")
    assert main(["trial", "deep"]) == 1
    assert capsys.readouterr().err == "oxtui: the rack does not answer\n"


def test_an_expected_failure_in_a_task_group_is_the_same_sentence(
    trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    trial.error = ExceptionGroup("tasks", [CommandError("the rack does not answer", 2)])
    assert main(["trial", "deep"]) == 2
    assert capsys.readouterr().err == "oxtui: the rack does not answer\n"


def test_a_bad_setting_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--set", "waits.shh=1m"]) == 2
    assert capsys.readouterr().err == (
        'oxtui: --set waits.shh: unknown key "shh" in [waits]; did you mean "ssh"?\n'
    )
    assert main(["info", "--set", "waits.ssh"]) == 2
    assert "write SECTION.KEY=VALUE" in capsys.readouterr().err


def test_ctrl_c_is_a_cancellation(trial: Trial) -> None:
    trial.error = KeyboardInterrupt()
    assert main(["trial", "deep"]) == 130


def test_an_unexpected_error_leaves_a_report_and_one_sentence(
    trial: Trial, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    trial.error = RuntimeError("the flux is gone")
    assert main(["trial", "deep"]) == 1
    (report,) = (home / ".local/state/oxtui").iterdir()
    err = capsys.readouterr().err
    assert str(report) in err
    assert err.count("\n") == 1
    assert "RuntimeError: the flux is gone" in report.read_text()


def test_a_reader_that_has_seen_enough_is_no_error(home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*OXTUI, "info"], stdout=writing, stderr=subprocess.PIPE, timeout=60)
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 1
    assert not (home / ".local").exists()


def test_a_pipe_that_breaks_elsewhere_is_reported(trial: Trial, home: Path) -> None:
    trial.error = BrokenPipeError("the agent has gone")
    assert main(["trial", "deep"]) == 1
    assert (home / ".local/state/oxtui").exists()


@pytest.mark.parametrize(("command", "code"), [("keys", 130), ("version", 1)])
def test_a_signal_from_the_keyboard_ends_a_real_process(command: str, code: int) -> None:
    program = (
        f"import oxtui.cli.{command} as v, os, signal, sys\n"
        f"v.run = lambda arguments: os.kill(os.getpid(), {signal.SIGINT.value})\n"
        "from oxtui.cli import main\n"
        f"sys.exit(main(['{command}']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (code, b"")


def test_a_line_reaches_its_reader_while_the_command_goes_on() -> None:
    program = (
        "import oxtui.cli.version as v, sys\n"
        "v.run = lambda arguments: print('a line') or len(sys.stdin.read())\n"
        "from oxtui.cli import main\n"
        "sys.exit(main(['version']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        assert running.stdout.readline() == "a line\n"
        running.stdin.write("xxx")
        running.stdin.close()
        assert running.wait(60) == 3


def test_python_m_oxtui_is_the_command() -> None:
    done = subprocess.run([*OXTUI, "info", "--json"], capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout)["version"] == oxtui.__version__


def test_a_closed_output_is_no_error() -> None:
    closed = 'exec >&- 2>&-; exec "$@"'
    done = subprocess.run(["sh", "-c", closed, "sh", *OXTUI, "version"], timeout=60)
    assert done.returncode == 0
