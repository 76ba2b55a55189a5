"""The stops of templates in files of their own: they last longer than oxtui, and are no part of a template.

<state>/stops/<hash of the template's path>.json    for its owner alone
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from zlib import crc32

from pydantic import BaseModel, ConfigDict, ValidationError

from oxtui.build.following import TemplateStep
from oxtui.component.events import BreakpointPlace
from oxtui.settings import private_folder
from oxtui.template.editing.save import replacing
from screens.template_stops import TemplateStops

_MOST = 200
"""Templates whose stops are kept: those that were set last."""
_LARGEST = 4_000_000
"""Bytes of a file that are read; a larger one is none of ours."""
_OUTLINED = 20_000
"""Characters of a step that its outline is made of."""
_LONGEST = 8
"""Characters that a longer word counts for: how long a secret is, is not written down either."""
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_FIRST = 0x100
"""The character that stands for the first of 256 kinds of words."""


class KeptStep(BaseModel):
    """A step: `outline` says what its text is like, and not what it is (`outline_of`)."""

    model_config = ConfigDict(frozen=True)

    kind: str
    title: str
    outline: str
    places: frozenset[BreakpointPlace] = frozenset()


class Kept(BaseModel):
    """The stops of one template, as `TemplateStops` has them."""

    model_config = ConfigDict(frozen=True)

    path: str
    """As in a URL: a file's name may be in any encoding."""
    steps: tuple[KeptStep, ...]
    error: bool
    cleanup: bool
    outputs: tuple[str, ...]
    exits: tuple[str, ...]
    others: tuple[tuple[BreakpointPlace, str], ...]


def outline_of(text: str) -> str:
    """A text in which a word, blank or sign is one character, repeated as it is long.

    Words are told from one another well enough to find a step again that was edited, and one character stands
    for so many of them that a secret in a template's text is not written down a second time.
    """
    words = _WORDS.findall(text[:_OUTLINED])
    return "".join(_character(word) * min(len(word), _LONGEST) for word in words)


def _character(word: str) -> str:
    return chr(_FIRST + crc32(word.encode("utf-8", "replace")) % 256)


def kept(stops: TemplateStops, path: str) -> Kept | None:
    """What is to be kept of the stops of the template there; None: nothing, it stops as any does."""
    if not stops.count and stops.error:
        return None
    steps = tuple(
        KeptStep(
            kind=step.kind, title=step.title, places=stops.places(step.id),
            outline=step.text if stops.outlined else outline_of(step.text),
        )
        for step in stops.steps
    )  # fmt: skip
    return Kept(
        path=quote(os.fsencode(path)), steps=steps, error=stops.error, cleanup=stops.cleanup,
        outputs=tuple(stops.outputs), exits=tuple(stops.exits), others=tuple(stops.others),
    )  # fmt: skip


def restored(kept: Kept) -> TemplateStops:
    """The stops, at the steps that the template had when they were kept."""
    steps = tuple(
        TemplateStep(f"kept.{index}", step.kind, step.title, step.outline)
        for index, step in enumerate(kept.steps)
    )
    stops = TemplateStops()
    stops.begin(steps, [step.places for step in kept.steps], outline_of)
    stops.error, stops.cleanup = kept.error, kept.cleanup
    stops.outputs, stops.exits = dict.fromkeys(kept.outputs), dict.fromkeys(kept.exits)
    stops.others = dict.fromkeys(kept.others)
    return stops


class KeptStops:
    """The files of one folder. Every method may take a while: call them off the event loop."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "stops"

    def read(self, path: str) -> TemplateStops | None:
        """The stops of the template at that absolute path; None where none are kept. Writes nothing."""
        try:
            with open(self._file(path), "rb") as file:
                found = Kept.model_validate_json(file.read(_LARGEST))
        except (OSError, ValidationError):  # half a file of a full disk has no stops
            return None
        return restored(found) if found.path == quote(os.fsencode(path)) else None

    def write(self, path: str, kept: Kept | None) -> None:
        """Keep the stops of the template at that absolute path, or none any more. Raises OSError."""
        if kept is None:
            self._file(path).unlink(missing_ok=True)
            return
        private_folder(self._folder)
        with replacing(self._file(path), 0o600) as file:
            file.write(kept.model_dump_json().encode())
        with suppress(OSError):  # another oxtui does the same
            files = sorted(self._folder.glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
            for each in files[:-_MOST]:
                each.unlink()

    def _file(self, path: str) -> Path:
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()
        return self._folder / f"{digest[:24]}.json"
