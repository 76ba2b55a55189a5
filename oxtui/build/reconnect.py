"""Connecting again to what holds a resource, whatever its provider."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from oxtui.component.providers import Demo, holder_of
from oxtui.component.resources import ResourceRecord


@dataclass(frozen=True, slots=True)
class Reconnector:
    """Finds the keys of a service that the journal names: the journal itself holds none."""

    environ: Mapping[str, str]
    demo: Demo
    """Runs the demo rack over its kept state."""
    profile: str = ""
    """Chosen by the operator, for the place that it is for."""

    def __call__(self, record: ResourceRecord) -> AbstractAsyncContextManager[Any]:
        """A client of the service that holds the record's resource.

        Raises:
            UnknownProvider: it is of a provider that this oxtui does not know.
            ServiceError: there are no keys for it, or it cannot be reached.
        """
        return holder_of(record).reconnect(record, self.environ, self.demo, self.profile)
