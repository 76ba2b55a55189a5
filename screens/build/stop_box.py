"""The box at a stop: why the build stands still, and every choice with its key."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oxtui.build.state import BuildState
from screens.acting import Offer
from screens.actions.build import (
    NEVER_AT_FAILURE,
    ONLY_AT_FAILURE,
    ONLY_WHERE_THERE,
    STOP_CHOICES,
)
from screens.actions.build_situation import BuildSituation, edits_failed
from screens.build.stop_text import end_lines, stop_lines

_GAP = 3
"""Blanks between two choices."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them as the box shows it; `short` where there is little room."""

    offer: Offer
    text: str
    short: str


class Choices(Widget):
    """What can be done, in columns; below it what cannot, and why."""

    DEFAULT_CSS = "Choices { height: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self._choices: Sequence[Choice] = ()

    def show(self, offers: Sequence[Offer], *, failed: bool, again: bool) -> None:
        """Show the choices of a stop. `failed`: it is a failure; `again`: an edit runs the step again."""
        apart = NEVER_AT_FAILURE if failed else ONLY_AT_FAILURE
        chosen = [
            _choice(offer, again=again)
            for offer in offers
            if offer.action.id in STOP_CHOICES and offer.keys
            if not (offer.reason and offer.action.id in apart | ONLY_WHERE_THERE)
        ]
        chosen.sort(key=lambda each: STOP_CHOICES.index(each.offer.action.id))
        if chosen != self._choices:
            self._choices = chosen
            self.refresh(layout=True)

    def _rows(self, width: int) -> list[list[tuple[Content, str]]]:
        """The choices row by row, in as many columns as find room; in short where that saves a row."""
        open_ = [each for each in self._choices if not each.offer.reason]
        full = _columns([_cells(each.offer.label, each.text) for each in open_], width)
        short = _columns([_cells(each.offer.label, each.short) for each in open_], width)
        rows = [ceil(len(open_) / columns) for columns, _ in (full, short)]
        columns, widths = short if rows[1] < rows[0] else full
        pieces = []
        for index, each in enumerate(open_):
            label, text = each.offer.label, each.short if rows[1] < rows[0] else each.text
            cell = f" {text}".ljust(widths[index % columns] - len(label))
            piece = Content.assemble((label, "bold $text-accent"), cell, " " * _GAP)
            pieces.append((piece, each.offer.action.id))
        return [pieces[start : start + columns] for start in range(0, len(pieces), columns)]

    def _refused(self, width: int) -> list[Content]:
        """Choices that do not apply, those with the same reason together."""
        by_reason: dict[str, list[str]] = {}
        for each in self._choices:
            if reason := each.offer.reason:
                by_reason.setdefault(reason, []).append(f"{each.offer.label} {each.text}")
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


def _choice(offer: Offer, *, again: bool) -> Choice:
    action = offer.action
    if action.id == "build.edit":
        text = "edit and retry" if again else "edit step"
        return Choice(offer, text, text)
    return Choice(offer, action.text, action.short or action.text)


def _cells(label: str, text: str) -> int:
    return len(label) + 1 + len(text)


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
        & > Static {
            height: auto;
            link-color: $text-error; link-style: none; link-background: transparent;
        }
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

    def show(
        self,
        build: BuildState,
        offers: Sequence[Offer],
        *,
        reading: str,
        now: float | None = None,
        resumes: bool = True,
    ) -> None:
        """Tell of a build's stop or end, above which the output of the step `reading` is drawn.

        `resumes`: of a session that was cut off, it may be gone on with from here.
        """
        stands = build.pause is not None and build.phase != "cut_off"
        step = build.steps.get(build.pause.step) if build.pause is not None else None
        second = int(now - build.pause.time) if build.pause and now is not None else 0
        told = (
            build.pause, build.phase, build.artifacts, build.resources, reading, second,
            build.beside, step and (step.by_hand, step.progress),
        )  # fmt: skip
        if told != self._told:
            self._told = told
            lines, tone = (
                stop_lines(build, reading, now) if stands else end_lines(build, resumes=resumes)
            )
            self.set_class(bool(lines), "-told")
            self.set_class(tone == "bad", "-bad")
            self.set_class(tone == "good", "-good")
            self._text.update(Content("\n").join(lines))
        self._choices.display = stands
        again = edits_failed(BuildSituation(build=build, step=build.steps.get(reading)))
        failed = build.pause is not None and build.pause.reason == "failure"
        if build.beside is not None:  # the text says what the others wait for
            offers = [offer for offer in offers if not offer.reason]
        self._choices.show(offers, failed=failed, again=again)
