"""Secrets out of events, before any reader sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oxtui.component.event_records import from_record, record
from oxtui.component.events import Event

IDENTIFIERS = frozenset(
    {"type", "time", "build", "step", "id", "kind", "status", "level", "state", "resource"}
    | {"session", "command_name", "choices", "request_id", "operation", "method"}
)
"""Fields that are never an operator's text: masking a part of them would tear readers apart."""


def masked(event: Event, mask: Callable[[str], str]) -> Event:
    """The event with `mask` applied to each of its texts."""
    values = record(event)
    clean = {name: _masked(name, value, mask) for name, value in values.items()}
    return event if clean == values else from_record(clean)


def _masked(name: str, value: Any, mask: Callable[[str], str]) -> Any:
    if name in IDENTIFIERS:
        return value
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _masked(key, item, mask) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_masked(name, item, mask) for item in value)
    return value
