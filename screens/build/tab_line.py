"""The line of tabs, with the builds of the session at its right."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message

from oxtui.build.state import SessionState
from oxtui.logs.sanitise import plain
from screens.actions.build import TABS
from screens.build.look import BUILDS
from screens.widgets.action_line import ActionLine
from screens.widgets.top_line import TONES

_CHOOSE = "="
"""Begins, in place of an action's id, the name of a build."""


class BuildTabs(ActionLine):
    """Tabs that have something to show, by name where there is room, and the builds."""

    DEFAULT_CSS = "BuildTabs { background: $surface; color: $text-muted; }"

    class Chosen(Message):
        """The name of a build was clicked."""

        def __init__(self, build: str) -> None:
            super().__init__()
            self.build = build

    def __init__(self) -> None:
        super().__init__()
        self._drawn: tuple[object, ...] = ()
        self._tabs: frozenset[str] = frozenset()
        self._tab = "steps"
        self._builds: list[tuple[str, str, str, bool]] = []
        self._names: dict[str, str] = {}

    def show(self, state: SessionState, build: str, tab: str, tabs: frozenset[str]) -> None:
        """Draw the tabs of a build, `tab` being open."""
        self._names = {plain(name): name for name in state.builds}
        builds = [
            (BUILDS[each.phase].glyph, plain(name), TONES[BUILDS[each.phase].tone], name == build)
            for name, each in state.builds.items()
        ]
        drawn = (tuple(builds), tab, tabs)
        if drawn != self._drawn:
            self._drawn, self._builds, self._tab, self._tabs = drawn, builds, tab, tabs
            self.refresh()

    def pieces(self, room: int) -> Sequence[tuple[Content, str]]:
        """The tabs, a gap, the builds."""
        builds = self._build_pieces()
        taken = sum(piece.cell_length for piece, _ in builds)
        tabs = self._tab_pieces(every_name=True)
        if sum(piece.cell_length for piece, _ in tabs) + taken > room:
            tabs = self._tab_pieces(every_name=False)
        gap = room - taken - sum(piece.cell_length for piece, _ in tabs)
        if gap < 0:
            builds, gap = [], 0
        return [*tabs, (Content(" " * gap), ""), *builds]

    async def on_click(self, event: events.Click) -> None:
        """The name of a build shows that build; the rest acts."""
        x = event.x
        for text, action in self.pieces(self.content_size.width):
            if 0 <= x < text.cell_length and action.startswith(_CHOOSE):
                event.prevent_default()
                self.post_message(self.Chosen(self._names[action.removeprefix(_CHOOSE)]))
            x -= text.cell_length

    def _tab_pieces(self, *, every_name: bool) -> list[tuple[Content, str]]:
        pieces = []
        for number, (id_, title, _) in enumerate(TABS, 1):
            if id_ in self._tabs or id_ == "steps":
                here = id_ == self._tab
                label = f" {number} {title} " if here or every_name else f" {number} "
                style = "bold $text-accent on $block-cursor-background" if here else "$text-muted"
                pieces.append((Content.styled(label, style), f"build.{id_}"))
        return pieces

    def _build_pieces(self) -> list[tuple[Content, str]]:
        if len(self._builds) < 2:
            return []
        pieces = [(Content.styled(" < ", "$text-accent"), "build.previous-build")]
        for glyph, name, tone, here in self._builds:
            label = f" {glyph} {name} "
            style = f"bold {tone} on $block-cursor-background" if here else tone
            pieces.append((Content.styled(label, style), _CHOOSE + name))
        return [*pieces, (Content.styled(" > ", "$text-accent"), "build.next-build")]
