"""Help: what the focused place is for, and all its keys; typing finds one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.acting import Offer
from screens.actions import CONTEXTS
from screens.actions.keymap import key_label
from screens.dialogs.dialog import Dialog
from screens.widgets.scroll_keys import ScrollKeys
from screens.widgets.text_line import TextLine

_WIDTH = 70
_KEYS = 16


class HelpDialog(ScrollKeys, Dialog[None]):
    """Made from the table of actions, so it cannot be out of date."""

    CONTEXTS = ("help",)
    DEFAULT_CSS = """
    HelpDialog {
        & > .dialog--frame { width: 78; height: 90%; padding: 0 2; }
        & .dialog--body { margin-top: 1; height: 1fr; }
    }
    """

    def __init__(self, offers: Sequence[Offer]) -> None:
        super().__init__("Keys")
        self._offers = offers

    def body(self) -> ComposeResult:
        """The text."""
        yield Static("", classes="help--text")

    def above(self) -> ComposeResult:
        """The field."""
        yield TextLine(placeholder="type to find a key or a word", compact=True)

    def on_mount(self) -> None:
        """All keys at first."""
        super().on_mount()
        self._show("")
        self.query_one(TextLine).focus()

    @on(Input.Changed)
    def _find(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, text: str) -> None:
        self.query_one(".help--text", Static).update(
            Content("\n").join(help_lines(self._offers, text.lower().strip()))
        )

    @property
    def scrolled(self) -> Widget:
        """The text."""
        return self.query_one(".dialog--body", VerticalScroll)


def help_lines(offers: Sequence[Offer], wanted: str) -> Iterator[Content]:
    """A heading for each context, then its keys; only what has `wanted` in it, if that is given."""
    contexts = sorted(
        dict.fromkeys(offer.context for offer in offers), key=lambda id_: CONTEXTS[id_].basic
    )
    for number, context in enumerate(contexts):
        fitting = [offer for offer in offers if offer.context == context and _has(offer, wanted)]
        if not fitting:
            continue
        if number:
            yield Content("")
        yield Content.styled(CONTEXTS[context].title, "bold $text-accent")
        if not wanted:
            for line in textwrap.wrap(CONTEXTS[context].help, _WIDTH):
                yield Content.styled(line, "$text-muted")
        for offer in fitting:
            yield from _lines(offer)


def _has(offer: Offer, wanted: str) -> bool:
    action = offer.action
    return wanted in f"{' '.join(offer.keys)} {action.text} {action.help}".lower()


def _lines(offer: Offer) -> Iterator[Content]:
    words = " ".join(key_label(key) for key in offer.keys) or "palette"
    off = offer.reason is not None
    keys = textwrap.wrap(words, _KEYS - 1)
    text = textwrap.wrap(offer.action.help, _WIDTH - _KEYS)
    for label, line in zip_longest(keys, text, fillvalue=""):
        yield Content.assemble(
            (f"{label:<{_KEYS}}", "$text-muted" if off else "bold"),
            (line, "$text-muted" if off else ""),
        )
    if offer.reason:
        for line in textwrap.wrap(f"not now: {offer.reason}", _WIDTH - _KEYS):
            yield Content.assemble(" " * _KEYS, (line, "$text-warning"))
