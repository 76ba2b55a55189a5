"""The line at the bottom of every screen: the keys that apply now, as many as find room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from screens.acting import Offer
from screens.widgets.action_line import ActionLine

_HELP = "app.help"
_BETWEEN = 3
"""Blanks between two keys."""


class KeyFooter(ActionLine):
    """Keys by importance; each can be clicked. The key of help is always there.

    Where not all find room, texts are shortened, and what still does not fit leaves its place to
    the next that does.
    """

    DEFAULT_CSS = """
    KeyFooter {
        height: 1;
        dock: bottom;
        background: $panel;
        color: $text-muted;
        padding: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._offers: list[Offer] = []

    def show(self, offers: Sequence[Offer]) -> None:
        """Show what can be done now."""
        shown = [
            offer for offer in offers if offer.action.footer and offer.keys and not offer.reason
        ]
        shown.sort(key=lambda offer: offer.action.footer)
        if shown != self._offers:
            self._offers = shown
            self.refresh()

    def pieces(self, room: int) -> Sequence[tuple[Content, str]]:
        """The keys that fit."""
        help_ = [offer for offer in self._offers if offer.action.id == _HELP]
        others = [offer for offer in self._offers if offer not in help_]
        words = {offer.action.id: offer.action.text for offer in self._offers}
        room += _BETWEEN  # nothing comes behind the last
        if sum(_width(offer, words) for offer in self._offers) > room:
            words |= {offer.action.id: offer.action.short for offer in others if offer.action.short}
        room -= sum(_width(offer, words) for offer in help_)
        fitting: list[Offer] = []
        for offer in others:
            if _width(offer, words) <= room:
                room -= _width(offer, words)
                fitting.append(offer)
        return [(_content(offer, words), offer.action.id) for offer in [*fitting, *help_]]


def _width(offer: Offer, words: Mapping[str, str]) -> int:
    return len(offer.label) + 1 + len(words[offer.action.id]) + _BETWEEN


def _content(offer: Offer, words: Mapping[str, str]) -> Content:
    key = (offer.label, "bold $text-accent")
    return Content.assemble(key, f" {words[offer.action.id]}{' ' * _BETWEEN}")
