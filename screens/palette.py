"""What the palette offers: the actions of the focused place, and places to go to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from screens.acting import Offer
from screens.browse.jump import Jump, completed, jump
from screens.browse.screen import BrowseScreen
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.palette import Entry, PaletteDialog
from screens.places import Place
from screens.themes import OWN_THEMES

if TYPE_CHECKING:
    from screens.app import OxtuiApp


def palette(app: OxtuiApp) -> PaletteDialog:
    """The palette for the screen in front."""
    entries = [
        Entry(
            text=offer.action.text,
            key=offer.label,
            help=offer.action.help,
            reason=offer.reason,
            run=_taking(app, offer),
        )
        for offer in app.offers(app.screen)
        if offer.action.palette
    ]
    return PaletteDialog(entries, partial(_places, app), partial(_completed, app))


def _taking(app: OxtuiApp, offer: Offer) -> Callable[[], None]:
    return lambda: app.take(offer)


def _completed(app: OxtuiApp, text: str) -> str | None:
    browse = app.place_screen("browse")
    if not isinstance(browse, BrowseScreen):
        return completed(text, (), ())
    return completed(text, browse.browser.tabs.titles, browse.projects())


def _places(app: OxtuiApp, text: str) -> Sequence[Entry]:
    browse = app.place_screen("browse")
    if not isinstance(browse, BrowseScreen):
        return ()
    projects = browse.projects()
    found = jump(text, browse.browser.tabs.titles, projects, browse.project_name)
    if found is None:
        return ()
    if len(text.split()) == 1 and not found.filter and app.at("browse"):
        return ()  # its tab is an action of this screen

    def run() -> None:
        app.call_later(_go, app, found, projects)

    return (Entry(found.sentence, run, key="→"),)


async def _go(app: OxtuiApp, found: Jump, projects: dict[str, str]) -> None:
    await app.go(Place("browse", (found.resource, projects.get(found.project, ""))))
    browse = app.place_screen("browse")
    if found.filter and isinstance(browse, BrowseScreen):
        browse.filter_by(found.filter)


def theme_dialog(app: OxtuiApp) -> ChoiceDialog:
    """All themes, own ones first."""
    own = [theme.name for theme in OWN_THEMES]
    names = [*own, *sorted(name for name in app.available_themes if name not in own)]
    notes = {
        "oxtui-safe-dark": "for every kind of colour vision",
        "oxtui-safe-light": "for every kind of colour vision",
        "ansi-dark": "the terminal's own palette",
        "ansi-light": "the terminal's own palette",
        app.theme: "in use",
    }
    return ChoiceDialog("Theme", [Choice(name, name, notes.get(name, "")) for name in names])
