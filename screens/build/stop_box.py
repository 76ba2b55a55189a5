"""The box at a stop: why the build stands still, and every choice with its key."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oxtui.build.state import BuildState
from screens.acting import Offer
from screens.actions.build import STOP_CHOICES
from screens.build.stop_text import end_lines, stop_lines

_GAP = 3
"""Blanks between two choices."""


class Choices(Widget):
    """What can be done, in columns; below it what cannot, and why."""

    DEFAULT_CSS = "Choices { height: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self._offers: Sequence[Offer] = ()

    def show(self, offers: Sequence[Offer]) -> None:
        """Show the choices of a stop."""
        chosen = [offer for offer in offers if offer.action.id in STOP_CHOICES and offer.keys]
        chosen.sort(key=lambda offer: STOP_CHOICES.index(offer.action.id))
        if chosen != self._offers:
            self._offers = chosen
            self.refresh(layout=True)

    def _rows(self, width: int) -> list[list[tuple[Content, str]]]:
        """The choices row by row, in as many columns as find room."""
        open_ = [offer for offer in self._offers if not offer.reason]
        columns, widths = _columns([_cells(offer) for offer in open_], width)
        pieces = [
            (
                Content.assemble(
                    (offer.label, "bold $text-accent"),
                    f" {offer.action.text}".ljust(widths[index % columns] - len(offer.label)),
                    " " * _GAP,
                ),
                offer.action.id,
            )
            for index, offer in enumerate(open_)
        ]
        return [pieces[start : start + columns] for start in range(0, len(pieces), columns)]

    def _refused(self, width: int) -> list[Content]:
        """Choices that do not apply, those with the same reason together."""
        by_reason: dict[str, list[str]] = {}
        for offer in self._offers:
            if offer.reason:
                by_reason.setdefault(offer.reason, []).append(f"{offer.label} {offer.action.text}")
        return [
            Content.styled(line, "$text-muted")
            for reason, names in by_reason.items()
            for line in textwrap.wrap(f"{', '.join(names)} — {reason}", max(1, width))
        ]

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as there are rows of choices and reasons."""
        del container, viewport
        return len(self._rows(width)) + len(self._refused(width))

    def render(self) -> Content:
        """All of them."""
        width = self.content_size.width
        rows = [Content("").join(piece for piece, _ in row) for row in self._rows(width)]
        return Content("\n").join([*rows, *self._refused(width)])

    async def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        rows = self._rows(self.content_size.width)
        if event.y < len(rows):
            x = event.x
            for piece, action in rows[event.y]:
                if 0 <= x < piece.cell_length:
                    await self.app.run_action(f"app.perform({action!r})")
                    return
                x -= piece.cell_length


def _cells(offer: Offer) -> int:
    return len(offer.label) + 1 + len(offer.action.text)


def _columns(cells: Sequence[int], room: int) -> tuple[int, list[int]]:
    """The greatest number of columns that fit, and how wide each of them is."""
    for columns in range(len(cells), 1, -1):
        widths = [max(cells[column::columns]) for column in range(columns)]
        if sum(widths) + _GAP * (columns - 1) <= room:
            return columns, widths
    return 1, [max(cells, default=0)]


class StopBox(Vertical):
    """There only while the build stands still or is over."""

    DEFAULT_CSS = """
    StopBox {
        height: auto;
        max-height: 70%;
        display: none;
        background: $surface;
        border-top: solid $text-warning;
        padding: 0 1;
        &.-told { display: block; }
        &.-bad { border-top: solid $text-error; }
        &.-good { border-top: solid $text-success; }
        & > Static { height: auto; }
        & > Choices { margin-top: 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = Static("", markup=False)
        self._choices = Choices()
        self._told: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Why, and what now."""
        yield self._text
        yield self._choices

    def show(self, build: BuildState, offers: Sequence[Offer], *, reading: str) -> None:
        """Tell of a build's stop or end, above which the output of the step `reading` is drawn."""
        told = (build.pause, build.phase, build.artifacts, build.resources, reading)
        if told != self._told:
            self._told = told
            lines, tone = stop_lines(build, reading) if build.pause else end_lines(build)
            self.set_class(bool(lines), "-told")
            self.set_class(tone == "bad", "-bad")
            self.set_class(tone == "good", "-good")
            self._text.update(Content("\n").join(lines))
        self._choices.display = build.pause is not None
        self._choices.show(offers)
