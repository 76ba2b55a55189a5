"""The identity fields that every resource shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oxtui.rack.store.records import Resource


def identity(resource: Resource) -> dict[str, Any]:
    """Return id, name, description and times."""
    return {
        "id": resource.id,
        "name": resource.name,
        "description": resource.description,
        "time_created": resource.time_created,
        "time_modified": resource.time_modified,
    }
