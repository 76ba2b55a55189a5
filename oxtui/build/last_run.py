"""How long the steps of a template took the last time, read from the journal."""

from __future__ import annotations

from collections.abc import Mapping

from oxtui.build.folding import fold
from oxtui.build.journal import Journal, JournalReader
from oxtui.build.state import SessionState

Durations = Mapping[str, Mapping[str, float]]
"""Seconds by name of the build and id of the step."""


async def last_durations(
    journal: Journal | JournalReader, template: str, before: int | None = None
) -> Durations:
    """Durations of the last session of `template` that succeeded; empty if there was none.

    With `before`, of the last one whose number is smaller.

    Raises:
        JournalError: the journal cannot be read.
    """
    for record in reversed(await journal.sessions()):
        earlier = before is None or record.number < before
        if earlier and record.template == template and record.status == "succeeded":
            state = SessionState()
            for stored in await journal.events(record.number):
                state = fold(state, stored.event)
            return durations(state)
    return {}


def durations(state: SessionState) -> Durations:
    """How long each step that was done took."""
    return {
        name: {
            id_: step.seconds
            for id_, step in build.steps.items()
            if step.phase == "done" and step.seconds is not None
        }
        for name, build in state.builds.items()
    }
