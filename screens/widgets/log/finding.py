"""The search and the filter of a log view: what they look for, how far they are, where they stand."""

from __future__ import annotations

import re
from pathlib import Path

from oxtui.logs.search import Pattern, PatternError
from screens.widgets.log.prompt import LogPrompt
from screens.widgets.log.shown import Scan
from screens.widgets.log.view import LogView

_CONTEXT = re.compile(r"^(?P<text>.*\S) \+(?P<lines>\d{1,3})$")

_LATE = 5000
"""Lines that a scan may be behind without telling so."""
_MOST_HIDDEN = 10_000
"""Hits that the filter hides and that are passed over on the way to the next one."""


class Finding:
    """Scans that the pane runs in threads; hits are used while they come."""

    def __init__(self, view: LogView, search_prompt: LogPrompt, filter_prompt: LogPrompt) -> None:
        self._view = view
        self._search_prompt = search_prompt
        self._filter_prompt = filter_prompt
        self._filter: Scan | None = None
        self._running: set[Scan] = set()
        self._start = 0
        """Line from which the search that is being typed goes on."""
        self._jump = False
        """The first hit is yet to be gone to."""

    # what is looked for

    def begin(self) -> None:
        """A search is about to be typed."""
        lines = self._view.model.visible_lines()
        self._start = lines.start if self._view.model.pointer is None else self._view.model.pointer

    def search_for(self, text: str) -> None:
        """Look for other text from where the search began; empty: for nothing."""
        old = self._view.model.search
        if text and old is not None and old.pattern == _parsed(text):
            return
        self._drop(old)
        self._view.model.search = self._scan(text, self._search_prompt)
        self._jump = self._view.model.search is not None
        self._view.changed()
        self.progress()

    def filter_by(self, text: str, kind: str) -> None:
        """Keep lines with a text (`&`) or without it (`!`); empty: keep all."""
        self._drop(self._filter)
        context = 0
        if kind == "&" and (match := _CONTEXT.match(text)):
            text, context = match["text"], int(match["lines"])
        scan = self._scan(text, self._filter_prompt, inverted=kind == "!", context=context)
        self._filter = scan
        self._view.model.keep_only(scan)
        self._view.moved()
        self.progress()

    def again(self) -> None:
        """Look for the same in another spool."""
        if self._search_prompt.text:
            self._view.model.search = self._scan(self._search_prompt.text, self._search_prompt)
        if self._filter_prompt.text:
            self.filter_by(self._filter_prompt.text, self._filter_prompt.kind)

    def forget(self) -> None:
        """Stop the scans."""
        self._drop(self._view.model.search)
        self._drop(self._filter)
        self._view.model.search = self._filter = None

    def _drop(self, scan: Scan | None) -> None:
        if scan is not None:
            scan.cancelled.set()

    def _scan(
        self, text: str, prompt: LogPrompt, *, inverted: bool = False, context: int = 0
    ) -> Scan | None:
        prompt.tell("")
        if not text or self._view.model.reader.path == Path():
            return None
        try:
            pattern = Pattern.parse(text)
        except PatternError as error:
            prompt.tell(str(error), problem=True)
            return None
        return Scan(self._view.model.reader.path, pattern, inverted=inverted, context=context)

    # running the scans

    @property
    def _scans(self) -> list[Scan]:
        return [scan for scan in (self._filter, self._view.model.search) if scan is not None]

    @property
    def waiting(self) -> bool:
        """A scan has lines to look at, and nobody does."""
        return any(self._idle(scan) for scan in self._scans)

    def take(self) -> Scan | None:
        """The next scan to run, or None."""
        for scan in self._scans:
            if self._idle(scan):
                self._running.add(scan)
                return scan
        return None

    def done(self, scan: Scan) -> None:
        """It ran to the present end of the spool, or was stopped."""
        self._running.discard(scan)

    def _idle(self, scan: Scan) -> bool:
        return scan not in self._running and scan.searched < self._view.model.reader.finished_lines

    # telling and going

    def progress(self) -> None:
        """Show what the scans have found by now."""
        view = self._view
        if self._filter is not None:
            view.look_again()
            shown, whole = len(self._filter.lines), view.model.reader.finished_lines
            self._filter_prompt.tell(f"{shown:,} of {whole:,} lines{self._percent(self._filter)}")
        search = view.model.search
        if search is None:
            return
        if self._jump and search.lines:
            found = search.after(self._start - 1)
            if found is None and search not in self._running:
                found = search.lines[0]
            if found is not None and view.model.shown.shows(found):
                self._jump = False
                view.reveal(found)
        self._tell_hits(search)
        view.refresh()

    def _tell_hits(self, search: Scan) -> None:
        count = len(search.lines)
        here = self._view.model.pointer
        percent = self._percent(search)
        if not count:
            self._search_prompt.tell(f"no hits{percent}", problem=not percent)
        elif here is not None and search.any_between(here, here + 1):
            self._search_prompt.tell(f"{search.position(here) + 1:,} of {count:,}{percent}")
        else:
            self._search_prompt.tell(f"{count:,} hit{'s' * (count > 1)}{percent}")

    def _percent(self, scan: Scan) -> str:
        whole = self._view.model.reader.finished_lines
        late = whole - scan.searched > _LATE
        return f" · {100 * scan.searched // whole} %" if late else ""

    @property
    def everywhere(self) -> Pattern | None:
        """What to look for in other logs too.

        None while a filter says what of this one counts, or much of it is not looked at yet.
        """
        search = self._view.model.search
        if search is None or self._filter is not None or self._percent(search):
            return None
        return search.pattern

    def go(self, *, forward: bool, around: bool) -> bool:
        """To the next hit that is shown; `around`: behind the last one to the first. False: none."""
        search = self._view.model.search
        if search is None:
            return False
        lines = self._view.model.visible_lines()
        here = self._view.model.pointer
        if here is None:
            here = lines.start - 1 if forward else lines.stop
        gone = False
        for _ in range(min(len(search.lines), _MOST_HIDDEN)):
            found = search.after(here) if forward else search.before(here)
            if found is None:
                if not around:
                    break
                found = search.lines[0 if forward else -1]
            if self._view.model.shown.shows(found):
                self._view.reveal(found)
                gone = True
                break
            here = found
        self._tell_hits(search)
        return gone


def _parsed(text: str) -> Pattern | None:
    try:
        return Pattern.parse(text)
    except PatternError:
        return None
