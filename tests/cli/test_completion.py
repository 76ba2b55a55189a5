"""What the shells themselves complete with the printed scripts."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

import pytest

from oxtui.cli.commands import COMMANDS
from oxtui.cli.completion_scripts import SCRIPTS
from oxtui.cli.completion_words import places

Complete = Callable[..., set[str]]

BASH = """
COMP_WORDS=(oxtui "$@"); COMP_CWORD=$#
_oxtui; printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
compdef() { : }
_files() { print file }
compadd() { shift; print -l -- $@ }
_describe() { [[ $1 == -o ]] && shift; print -l -- ${${(P)2}%%:*} }
"""
ZSH_ASK = """
words=(oxtui "$@"); CURRENT=$#words
_oxtui
"""


def _run(shell: str, text: str, words: tuple[str, ...]) -> set[str]:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed here")
    quiet = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [path, *quiet, "-c", text, shell, *words],
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return {line for line in done.stdout.splitlines() if line}


@pytest.fixture(scope="module")
def scripts() -> dict[str, str]:
    spots = places()
    return {shell: write(spots) for shell, write in SCRIPTS.items()}


@pytest.fixture(params=["bash", "zsh", "fish"])
def complete(request: pytest.FixtureRequest, scripts: dict[str, str]) -> Complete:
    """What the shell offers behind `oxtui WORD…`, for what is typed of the last word."""
    shell: str = request.param

    def ask(*words: str) -> set[str]:
        script = scripts[shell]
        if shell == "bash":
            return _run(shell, script + BASH, words)
        if shell == "zsh":
            found = _run(shell, ZSH + script + ZSH_ASK, words)
            return {each for each in found if each.startswith(words[-1]) or each == "file"}
        line = " ".join(("oxtui", *words))
        told = _run(shell, f"{script}\ncomplete -C '{line}'", ())
        return {each.partition("\t")[0] for each in told}

    return ask


def test_every_command_is_offered(complete: Complete) -> None:
    assert {each.name for each in COMMANDS} <= complete("")
    assert complete("bu") - {"file"} == {"build", "bundle"}


def test_actions_of_a_command_are_offered_and_no_files(complete: Complete) -> None:
    assert complete("image", "") == {
        *("list", "show", "upload", "promote", "demote", "delete", "boot")
    }
    assert complete("rack", "s") == {"serve"}


def test_both_spellings_of_an_option_are_completed(complete: Complete) -> None:
    assert complete("build", "--on-e") == {"--on-error"}
    assert complete("build", "-on-e") == {"-on-error"}
    assert "--block-size" in complete("image", "upload", "--bl")


@pytest.mark.parametrize("option", ["--on-error", "-on-error"])
def test_the_values_of_an_option_are_offered(complete: Complete, option: str) -> None:
    assert complete("build", "--force", option, "a") == {"abort", "ask"}


def test_bash_completes_a_value_behind_an_equals_sign(scripts: dict[str, str]) -> None:
    assert _run("bash", scripts["bash"] + BASH, ("build", "--on-error", "=", "cl")) == {"cleanup"}
    assert "abort" in _run("bash", scripts["bash"] + BASH, ("build", "--on-error", "="))


def test_words_of_options_are_no_commands(complete: Complete) -> None:
    assert complete("--set", "a=b", "vali") - {"file"} == {"validate"}
    assert complete("completion", "z") == {"zsh"}
