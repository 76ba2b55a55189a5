"""The help dialog's text."""

from __future__ import annotations

from screens.acting import Acts, Offer
from screens.actions import ACTIONS, CONTEXTS
from screens.actions.keymap import key_label
from screens.dialogs.help import help_lines


def test_every_key_stands_apart_from_what_it_does() -> None:
    context = next(iter(CONTEXTS))
    for action in ACTIONS.values():
        if not action.keys:
            continue
        offer = Offer(action, Acts(), context, action.keys, None)
        first, *lines = (line.plain for line in help_lines([offer], action.help.lower()))
        assert first == CONTEXTS[context].title
        told = " ".join(line[:15] for line in lines).split()
        assert told == " ".join(map(key_label, action.keys)).split(), action.id
        assert all(line[15:16] in ("", " ") for line in lines), action.id
