"""The Compose screen's checks: of the template, of the rack it names, and on the rack itself."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from textual import events

from oxtui.service import ServiceError
from screens.browse.browser import BROWSERS
from screens.browse.names import Names, Question
from screens.browse.naming import Answer
from screens.compose.base import ComposeBase
from screens.compose.checking import check
from screens.compose.drafts import Drafts
from screens.compose.lookups import can_be_asked, question
from screens.compose.rack_checks import check_on_rack
from screens.compose.reading import Field, Part
from screens.compose.row import FieldRow
from screens.compose.target import Racks, home, provider_of, racks_of
from screens.compose.workbench import Workbench
from screens.connection import Link
from screens.failures import sentence
from screens.tables.cell import Cell

_DEBOUNCE = 0.2
"""Seconds without a change before a check begins."""


class Checks(ComposeBase):
    """Checks in the background; what it finds is drawn as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[Question, Answer | None] = {}
        self._rack_silent = ""
        """Why the rack could not be asked."""
        self._known_names: tuple[Link, Names] | None = None

    @property
    def drafts(self) -> Drafts:
        """What is kept of unsaved templates."""
        return Drafts(self.oxtui.services.settings.paths.state)

    @property
    def service(self) -> str:
        """What is connected, in a word; a rack where nothing is."""
        link = self.oxtui.connector.link
        return "rack" if link is None else BROWSERS[link.connection.provider].service

    @property
    def names(self) -> Names | None:
        """What the connected service has; None without a connection."""
        link = self.oxtui.connector.link
        if link is None:
            return None
        if self._known_names is None or self._known_names[0] is not link:
            browser = BROWSERS[link.connection.provider]
            self._known_names = link, Names(browser.named, link.client, browser.service)
        return self._known_names[1]

    def rack_changed(self) -> None:
        """Another rack: what the one before said counts no more."""
        self._answers.clear()
        self.rack_problems, self.racks = (), Racks()
        if self.bench is not None:
            self.calm.clear()
            self.check_soon()
        self._ask_rack()

    def check_soon(self) -> None:
        """Find out what is wrong, once no more changes come for a moment."""
        self.start(self._check, "check")

    async def _check(self) -> None:
        bench = self.bench
        if bench is None:
            return
        await asyncio.sleep(_DEBOUNCE)
        services, reading = self.oxtui.services, bench.reading
        await self.keep_drafts(bench)
        self.checked = await check(
            reading, self.folder, services.environment, bench.values, bench.value_files
        )
        link, names = self.oxtui.connector.link, self.names
        self.racks = await racks_of(self.checked, link, services.environment)
        self._rack_silent = ""
        if link is None or names is None or self.checked.plan is None:
            self.rack_problems = ()
        else:
            await self.redraw()
            try:
                promote = services.settings.build.promote
                found = await check_on_rack(self.checked, self.racks, link, names, promote=promote)
            except ServiceError as problem:
                found, self._rack_silent = [], sentence(problem)
            self.rack_problems = tuple(found)
        self.calm.set()
        await self.redraw()
        self._ask_rack()

    async def keep_drafts(self, bench: Workbench) -> None:
        """Keep what is not saved, so that a crash loses nothing."""
        if not bench.can_undo:
            return
        now, texts = self.oxtui.services.clock(), bench.reading.texts
        try:
            for file in bench.unsaved:
                path = Path(file) if bench.path is not None else None
                await asyncio.to_thread(self.drafts.keep, bench.draft(file), path, texts[file], now)
        except OSError as problem:
            self.notify(sentence(problem), title="No draft kept", severity="warning", markup=False)

    @property
    def needs_rack(self) -> bool:
        """Whether it can be built only on a rack, as far as that is known."""
        plan = self.checked.plan if self.settled and self.checked is not None else None
        return plan is None or plan.needs_rack

    @property
    def _lacks_rack(self) -> bool:
        """Whether no rack is connected for what is built on one; as far as is known, anything may be."""
        connector = self.oxtui.connector
        known = self.settled and self.checked is not None and self.checked.plan is not None
        return self.needs_rack and (connector.link_to("oxide") if known else connector.link) is None

    def why_not_build(self) -> str:
        """Why no build can be started now; empty if it can, or if that is still being found out."""
        if self.bench is None:
            return "No template is open."
        if self._lacks_rack:
            return "Connect to a rack first (ctrl+o)."
        errors = self.errors if self.settled else []
        if errors:
            more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
            return f"{errors[0].text} (p goes there{more})"
        return ""

    def summary(self) -> str:
        """Whether a build can be started, or what is going on."""
        if self.errors:
            return "a build starts when there are none"
        if not self.settled:
            return "checking"
        if self._rack_silent:
            return f"the {self.service} could not be asked: {self._rack_silent}"
        if self._lacks_rack:
            return "not checked on a rack: there is no connection"
        if self.racks.whole.other:
            return f"B starts the build; nothing was asked of its {self.racks.whole.service}"
        if self.racks.built and self.oxtui.connector.link is None:
            return "B starts the build; not checked where it goes: no connection"
        return "B starts the build"

    # what the rack says about a field

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Another field is looked at."""
        del event
        self.mark_lines()
        self._ask_rack()

    def can_look_up(self, part: Part, field: Field) -> bool:
        """Whether values of a field can be chosen from a list of what is there."""
        return field.spec.lookup == "files" or bool(
            field.spec.lookup and can_be_asked(self._provider(part), field)
        )

    def _provider(self, part: Part) -> str:
        """On whose service a part works; a post-processor, which names none, on that of the builds."""
        return self.racks.provider if part.kind == "post-processor" else provider_of(part)

    def unasked(self, part: Part) -> str:
        """Why the connected rack must not be asked about a part; empty if it may be."""
        bench = self.bench
        if bench is None:
            return "nothing to ask about"
        rack = (
            self.racks.whole
            if part.kind == "post-processor"
            else self.racks.of_block(home(part), bench.reading, current=self.settled)
        )
        return "…" if rack is None else rack.unasked if rack.other else ""

    def _ask_rack(self) -> None:
        row, part, names = self.form.row, self.part, self.names
        # What is still on its way was asked for what was there before.
        self.workers.cancel_group(self, "answer")
        if row is None or part is None:
            return
        place = (part.id, row.field.name)
        told = row.field.spec.lookup and place in {(p.part, p.field) for p in self.rack_problems}
        if names is None or told or not can_be_asked(self._provider(part), row.field):
            row.tell(Cell(""))
            return
        unasked = self.unasked(part)
        fields = [f for each in self.block_parts(part) for f in each.fields]
        asked = question(row.field, fields, names, self.known)
        if unasked:
            row.tell(Cell(unasked, "muted"), self.service)
        elif asked is None:
            row.tell(Cell(""))
        elif asked in self._answers:
            row.tell(_cell(self._answers[asked]), self.service)
        else:
            row.tell(Cell("…", "muted"), self.service)
            self.start(partial(self._answer, asked, row, names), "answer")

    async def _answer(self, asked: Question, row: FieldRow, names: Names) -> None:
        try:
            told = await names.answer(asked)
        except ServiceError as problem:
            row.tell(Cell(sentence(problem), "muted"), self.service)
        else:
            if told is None or not told.bad:  # what is not there may be made
                self._answers[asked] = told
            row.tell(_cell(told), self.service)


def _cell(told: Answer | None) -> Cell:
    return Cell("") if told is None else Cell(told.text, "bad" if told.bad else "accent")
