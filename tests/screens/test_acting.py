"""Every action of the table has somebody who does it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual.widget import Widget

import screens
from screens.acting import Acts, offers
from screens.actions import ACTIONS
from screens.actions.compose import ComposeSituation
from screens.app import OxtuiApp
from screens.browse.browser import BROWSERS, Browser
from screens.browse.screen import BrowseScreen
from tests.screens.acting_app import ActingApp


def _actors(kind: type[Acts] = Acts) -> Iterator[type[Acts]]:
    for each in kind.__subclasses__():
        yield each
        yield from _actors(each)


def _all_modules() -> None:
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)


def test_whoever_names_a_context_has_a_method_for_each_of_its_actions() -> None:
    _all_modules()
    missing = {
        f"{actor.__name__}.{action.method}"
        for actor in _actors()
        if actor.__module__.startswith("screens.") and actor.perform is Acts.perform
        for action in ACTIONS.values()
        if set(actor.CONTEXTS) & set(action.contexts) and not hasattr(actor, action.method)
    }
    assert missing == set()


NEVER_POSSIBLE = {"outscale.not-here"}
"""It is there to say why."""


@pytest.mark.parametrize(
    ("browser", "id_"),
    [(browser, id_) for browser in BROWSERS.values() for id_ in browser.kinds],
    ids=lambda each: each if isinstance(each, str) else each.tabs.provider,
)
def test_every_action_of_a_resource_is_handled(browser: Browser, id_: str) -> None:
    resource, tabs = browser.kinds[id_], browser.tabs
    contexts = {tabs.of(id_), tabs.context, "browse"}
    unhandled = {
        action.id
        for action in ACTIONS.values()
        if contexts & set(action.contexts)
        and action.id not in resource.handlers
        and tabs.shown_by(action.id) is None
        and action.id not in NEVER_POSSIBLE
        and not hasattr(BrowseScreen, action.method)
    }
    assert unhandled == set()
    assert set(resource.handlers) <= set(ACTIONS)


def test_the_app_does_what_can_be_done_everywhere() -> None:
    everywhere = [action for action in ACTIONS.values() if "app" in action.contexts]
    assert [action.id for action in everywhere if not hasattr(OxtuiApp, action.method)] == []


class _Counting(Acts, Widget, can_focus=True):
    CONTEXTS = ("compose.field", "compose")
    asked = 0

    def situation(self) -> ComposeSituation:
        self.asked += 1
        return ComposeSituation(open=True)


async def test_what_decides_on_many_actions_is_found_out_once() -> None:
    widget = _Counting()
    app = ActingApp(widget)
    async with app.run_test():
        widget.focus()
        widget.asked = 0
        told = [offer for offer in offers(app.screen, app.keymap) if offer.actor is widget]
    assert len(told) > 10
    assert widget.asked == 1
