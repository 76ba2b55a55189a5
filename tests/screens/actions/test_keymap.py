"""Keys: one meaning in one place, changeable by settings that are checked."""

from __future__ import annotations

import subprocess
import sys

import pytest

from screens.actions import ACTIONS, CONTEXTS, Action, Context
from screens.actions.keymap import UNBINDABLE, Keymap, contexts_with


def test_no_two_actions_of_one_place_share_a_key() -> None:
    assert list(Keymap(ACTIONS, CONTEXTS).clashes()) == []


def test_the_table_itself_uses_no_key_that_terminals_cannot_tell() -> None:
    assert [a.id for a in ACTIONS.values() if UNBINDABLE.keys() & set(a.keys)] == []


def test_every_action_belongs_to_contexts_that_exist() -> None:
    known = set(CONTEXTS)
    assert {
        a.id: set(a.contexts) - known for a in ACTIONS.values() if set(a.contexts) - known
    } == {}
    assert {c.id for c in CONTEXTS.values() if not set(c.within) <= known} == set()


def test_texts_are_short_and_helps_are_sentences() -> None:
    for action in ACTIONS.values():
        assert 0 < len(action.text) <= 24, action.id
        assert action.help[0].isupper(), action.id
        assert not action.help.endswith("."), action.id


def _table() -> tuple[dict[str, Action], dict[str, Context]]:
    contexts = {
        "app": Context(id="app", title="", within=()),
        "one": Context(id="one", title=""),
        "two": Context(id="two", title=""),
    }
    actions = {
        name: Action(id=name, keys=keys, text=name, help=name, group="", contexts=(context,))
        for name, keys, context in (
            ("quit", ("ctrl+q",), "app"),
            ("delete", ("d",), "one"),
            ("open", ("enter",), "one"),
            ("detach", ("d",), "two"),
        )
    }
    return actions, contexts


def test_a_chosen_key_takes_the_place_of_the_tables_own() -> None:
    keymap = Keymap(*_table(), {"delete": ("x", "delete")})
    assert keymap.problems == ()
    assert keymap.action("d", ["one", "app"]) is None
    found = keymap.action("x", ["one", "app"])
    assert found is not None
    assert found[1].id == "delete"


def test_an_unknown_action_is_answered_with_the_nearest_name() -> None:
    (problem,) = Keymap(*_table(), {"delte": ("x",)}).problems
    assert problem == 'keys: there is no action "delte"; did you mean "delete"?'


def test_a_clash_is_told_and_the_action_keeps_its_own_key() -> None:
    keymap = Keymap(*_table(), {"delete": ("ctrl+q",)})
    (problem,) = keymap.problems
    assert problem.startswith('keys.delete: "ctrl+q" is already "quit" (quit)')
    assert keymap.keys("delete") == ("d",)
    assert list(keymap.clashes()) == []


def test_two_actions_may_swap_their_keys() -> None:
    keymap = Keymap(*_table(), {"delete": ("enter",), "open": ("d",)})
    assert keymap.problems == ()
    assert keymap.keys("open") == ("d",)


def test_the_same_key_in_two_places_is_no_clash() -> None:
    assert Keymap(*_table(), {"detach": ("enter",)}).problems == ()


@pytest.mark.parametrize("key", UNBINDABLE)
def test_a_key_that_terminals_cannot_tell_from_another_is_refused(key: str) -> None:
    keymap = Keymap(*_table(), {"delete": (key,)})
    assert UNBINDABLE[key] in keymap.problems[0]
    assert keymap.keys("delete") == ("d",)


def test_contexts_come_nearest_first() -> None:
    assert list(contexts_with("one", _table()[1])) == ["one", "app"]


def test_the_table_is_read_without_a_screen() -> None:
    code = "import sys, screens.actions; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
