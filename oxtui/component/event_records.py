"""Events as JSON: how the journal and `--json` write them, and how the journal reads them again."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from oxtui.component import debugger_events, events
from oxtui.component.events import Event, Failure, LogLine, PlanValue, StepPlan


def event_type(event: type[Event] | Event) -> str:
    """Name of an event's type in records: `StepStarted` is `step_started`."""
    name = event.__name__ if isinstance(event, type) else type(event).__name__
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


EVENT_TYPES: dict[str, type[Event]] = {
    event_type(found): found
    for module in (events, debugger_events)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Event) and found is not Event
}

_NESTED = {
    "steps": StepPlan,
    "values": PlanValue,
    "failure": Failure,
    "plan": StepPlan,
    "errors": LogLine,
}


def record(event: Event) -> dict[str, Any]:
    """The event as values that JSON can hold, with its `type`."""
    return {"type": event_type(event), **dataclasses.asdict(event)}


def from_record(values: dict[str, Any]) -> Event:
    """The event that `record` wrote.

    Fields that this version does not know are left out, so that an older oxtui reads a newer journal.

    Raises:
        KeyError: the type is unknown.
    """
    kind = EVENT_TYPES[values["type"]]
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(**{name: _revive(name, value) for name, value in values.items() if name in known})


def _revive(name: str, value: Any) -> Any:
    if isinstance(value, dict) and name in _NESTED:
        fields = {field.name for field in dataclasses.fields(_NESTED[name])}
        return _NESTED[name](**{k: _revive(k, v) for k, v in value.items() if k in fields})
    if isinstance(value, list | tuple):
        if name in _NESTED:
            return tuple(_revive(name, item) for item in value)
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return value
