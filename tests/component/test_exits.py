"""What exit statuses stand for: told only where it is certain."""

from __future__ import annotations

import pytest

from oxtui.component.exits import meaning, simple_command


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("curl -f https://x/y", ["curl", "-f", "https://x/y"]),
        ("sudo apt-get install -y nginx", ["apt-get", "install", "-y", "nginx"]),
        ("DEBIAN_FRONTEND=noninteractive apt-get update", ["apt-get", "update"]),
        ("sudo env A=b /usr/bin/git pull", ["git", "pull"]),
        ("curl -f x > /dev/null 2>&1", ["curl", "-f", "x"]),
        ("git clone 'a;b'  # a comment", []),
        ("curl -f x | tar x", []),
        ("false || git pull", []),
        ("cd x && git pull", []),
        ("x=$(curl -f y)", []),
        ("curl -f `cat url`", []),
        ("curl -f \\", []),
        ("echo 'open", []),
        ("sudo -u git git pull", []),
        ('"$tool" pull', []),
        ("curl x &", []),
        ("", []),
    ],
)
def test_a_line_is_one_command_or_tells_nothing(line: str, words: list[str]) -> None:
    assert simple_command(line) == words


@pytest.mark.parametrize(
    ("status", "last", "command", "told"),
    [
        (None, [], "", ""),
        (1, [], "", ""),
        (127, [], "", "a command was not found"),
        (137, [], "", "a command was ended by SIGKILL, often for want of memory"),
        (100, ["E: no"], "", "apt reports an error"),
        (100, [], "", ""),
        (100, [], "apt-get update", "apt-get: apt reports an error"),
        (22, [], "curl -fsSL https://x", "curl: the server answered with an HTTP error"),
        (22, [], "curl -fsSL https://x | sh", ""),
        (22, [], "./own-curl", ""),
        (255, [], "ssh host true", "ssh: ssh failed by itself"),
        (128, [], "git clone https://x", "git: a fatal error"),
        (5, [], "sudo systemctl start nginx", "systemctl: there is no such unit"),
        (3, [], "systemctl is-active --quiet nginx", "systemctl: the unit is not active"),
        (3, [], "systemctl --user", ""),
        (130, [], "git pull", "a command was ended by SIGINT"),
    ],
)
def test_meanings(status: int | None, last: list[str], command: str, told: str) -> None:
    found = meaning(status, last, command)
    assert found.startswith(told) if told else found == ""
