"""`oxtui keys` tells which key does what, and whether the operator's own choice can hold."""

from __future__ import annotations

import json

import pytest

from oxtui.cli import main
from screens.actions import ACTIONS, CONTEXTS


def test_every_action_is_listed_in_its_places(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys"]) == 0
    places = [place.splitlines() for place in capsys.readouterr().out.split("\n\n")]
    listed = {place[0]: place[1:] for place in places}
    for action in ACTIONS.values():
        for context in action.contexts:
            (line,) = [
                line
                for line in listed[f"{CONTEXTS[context].title} ({context})"]
                if action.id in line.split()
            ]
            assert line.endswith(action.help)


def test_a_chosen_key_is_shown_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--set", "keys.app.help=f20"]) == 0
    (line,) = {line for line in capsys.readouterr().out.splitlines() if " app.help " in line}
    assert line.split()[0] == "f20"
    assert line.endswith("(--set keys.app.help)")


def test_a_key_that_cannot_hold_is_told_and_counts_as_a_mistake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["keys", "--set", "keys.app.help=ctrl+i", "--set", "keys.app.hlp=f20"]) == 2
    err = capsys.readouterr().err
    assert "keys.app.help: terminals send ctrl+i as tab" in err
    assert 'there is no action "app.hlp"; did you mean "app.help"?' in err


def test_programs_get_it_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--json", "--set", "keys.app.help=f20"]) == 0
    listed = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert listed.keys() == ACTIONS.keys()
    assert listed["app.help"]["keys"] == ["f20"]
    assert listed["app.help"]["keys_by_default"] == list(ACTIONS["app.help"].keys)
    assert listed["app.help"]["source"] == "--set keys.app.help"
