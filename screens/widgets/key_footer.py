"""The line at the bottom of every screen: the keys that apply now, as many as find room."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from screens.acting import Offer
from screens.widgets.action_line import ActionLine

_HELP = "app.help"
_BETWEEN = 3
"""Blanks between two keys."""


class KeyFooter(ActionLine):
    """Keys by importance; each can be clicked. The key of help is always there."""

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
        room -= sum(_width(offer) for offer in help_)
        fitting: list[Offer] = []
        for offer in self._offers:
            if offer not in help_:
                room -= _width(offer)
                if room < 0:
                    break
                fitting.append(offer)
        return [(_content(offer), offer.action.id) for offer in [*fitting, *help_]]


def _width(offer: Offer) -> int:
    return len(offer.label) + 1 + len(offer.action.text) + _BETWEEN


def _content(offer: Offer) -> Content:
    key = (offer.label, "bold $text-accent")
    return Content.assemble(key, f" {offer.action.text}{' ' * _BETWEEN}")
