"""A session's events: masked, kept in the journal, folded, and told to whoever follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from oxtui.build.folding import fold
from oxtui.build.journal import Journal
from oxtui.build.masking import masked
from oxtui.build.state import SessionState
from oxtui.component.events import Event
from oxtui.logs.redact import Redactor


@dataclass(slots=True)
class Teller:
    """Takes the events of one session. `number` is the session's in the journal; 0 until it has one."""

    journal: Journal
    redactor: Redactor
    number: int = 0
    state: SessionState = field(default_factory=SessionState)
    _subscribers: list[Callable[[Event], None]] = field(default_factory=list)

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back for each event, when the state holds it; the result ends that."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def emit(self, event: Event) -> None:
        """Takes the next event."""
        event = masked(event, self.redactor.text)
        self.state = fold(self.state, event)
        self.journal.append(self.number, event)
        for callback in list(self._subscribers):
            callback(event)
