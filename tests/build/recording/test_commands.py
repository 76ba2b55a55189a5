"""From recorded commands to the provisioner that does the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.recording.commands import (
    RecordedCommand,
    script,
    shell_options,
    unmarked_variables,
)
from oxtui.build.recording.recording import Recording
from oxtui.template.legacy.interpolate import Interpolation
from tests.guests import setting


def typed(
    text: str, directory: str = "/home/u", after: str = "", alias: str = ""
) -> RecordedCommand:
    return RecordedCommand(text, 0, directory, after or directory, 0.1, alias)


def test_each_command_runs_where_it_was_typed() -> None:
    commands = [
        typed("touch a"),
        typed("make install", "/srv/my app"),
        typed("cd /etc && ls", "/srv/my app", "/etc"),
        typed("cat hosts", "/etc"),
        typed("touch b"),
    ]
    assert script(commands, "/home/u") == (
        "touch a\ncd '/srv/my app'\nmake install\ncd /etc && ls\ncat hosts\ncd /home/u\ntouch b\n"
    )


def test_a_fresh_shell_does_the_same(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other dir"
    home.mkdir()
    other.mkdir()
    commands = [
        typed("export WORD='a b'", str(home)),
        typed(f"cd '{other}'", str(home), str(other)),
        typed("cat >file <<'END'\n$WORD {{ not .Ours }}\nEND", str(other)),
        typed("ll file | wc -l >count", str(other), alias="ls -l"),
        typed('printf "%s" "$WORD" >word', str(other)),
        typed("[[ $WORD == a* ]] && for i in {1..2}; do\necho $i >>loop\ndone", str(other)),
        typed("touch here", str(home)),
    ]
    options = shell_options(script(commands, str(home)), "/bin/bash")
    lines = options["inline"]
    assert isinstance(lines, list)
    interpolation: Interpolation = setting().interpolation
    text = "\n".join(interpolation.render(line) for line in lines)
    assert options["inline_shebang"] == "/bin/bash -e"
    subprocess.run(["/bin/bash", "-e", "-c", text], check=True, cwd=home)
    found = {path.name: path.read_text() for path in other.iterdir()}
    assert {name: text.strip() for name, text in found.items()} == {
        "file": "$WORD {{ not .Ours }}", "count": "1", "word": "a b", "loop": "1\n2",
    }  # fmt: skip
    assert (home / "here").exists()


def test_an_alias_that_only_adds_options_stays_as_it_was_typed() -> None:
    assert typed("ls /", alias="ls --color=auto").spelled_out == "ls /"
    assert typed("ll /", alias="ls -l").spelled_out == "ls -l /"


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("sudo -i", True), ("sudo su -", True), ("bash", True), ("ssh host", True), ("su - web", True),
        ("sudo -s", True), ("tmux attach", True), ("bash -c 'id'", False), ("sudo apt install x", False),
        ("sshd -T", False), ("ls", False), ("su -c id web", False),
    ],
)  # fmt: skip
def test_a_command_that_starts_a_shell_is_known(text: str, starts: bool) -> None:
    assert typed(text).starts_shell is starts


def test_a_variable_that_only_an_unmarked_command_sets_is_told() -> None:
    others = [
        typed("export DIR=/srv"),
        typed("B='x y'; C=1"),
        typed("FOO=1 make"),
        typed("echo $Z"),
    ]
    assert unmarked_variables([typed('ls "$DIR" ${C} $FOO $Z')], others) == ["DIR", "C"]
    assert unmarked_variables([typed("DIR=/"), typed("ls $DIR")], others) == []


def test_reports_of_a_hook_become_commands() -> None:
    recording = Recording("ab")
    start = b"\x1b]5713;ab;"
    assert recording.feed(start + b"h;bash;/bin/bash;1000;/home/u;/srv\x07") == b""
    assert (recording.phase, recording.shell, recording.home) == ("on", "/bin/bash", "/home/u")
    recording.feed(start + b"b\x07")
    assert recording.running
    recording.feed(b"out" + start + b"r;a%20b;3;/x;/y;1500000;\x07")
    assert recording.commands == [RecordedCommand("a b", 3, "/x", "/y", 1.5)]
    for odd in (b"r;only", b"r;%FF;0;/;/;1;", b"l", b"q"):
        recording.feed(start + odd + b"\x07")
    recording.feed(start + b"u\x07")
    assert (len(recording.commands), recording.lost, recording.unseen) == (1, 3, 1)
    for _ in range(3):
        recording.feed(start + b"b\x07")
    assert recording.prompt_changed
    recording.stop()
    assert recording.feed(start + b"r;late;0;/;/;1;\x07x") == b"x"
    assert len(recording.commands) == 1


@given(st.lists(st.lists(st.binary(max_size=12), min_size=1, max_size=7), max_size=8))
def test_no_report_breaks_it(reports: list[list[bytes]]) -> None:
    recording = Recording("ab", phase="on")
    for fields in reports:
        text = b";".join(b"".join(b"%%%02X" % byte for byte in each) for each in fields)
        kind = b"r" if fields[0] == b"" else bytes(fields[0][:1])
        recording.feed(
            b"\x1b]5713;ab;" + (kind if kind.isalpha() else b"r") + b";" + text + b"\x07"
        )
    assert all(command.text.strip() for command in recording.commands)
    assert len(recording.commands) + recording.lost <= len(reports)
