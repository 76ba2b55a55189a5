"""Reaching again what holds a resource that some session left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from oxtui.component.resources import ResourceRecord

Connect = Callable[[ResourceRecord], AbstractAsyncContextManager[Any]]
"""Opens the service that holds a record's resource, and closes it."""


@dataclass(frozen=True, slots=True)
class AnyService:
    """The service of each provider: what stands before the dot in the name of a resource's kind."""

    oxide: Connect

    def __call__(self, record: ResourceRecord) -> AbstractAsyncContextManager[Any]:
        """The service that holds the record's resource."""
        if record.kind.startswith("local."):
            from oxtui.builders.chroot.resources import LocalMachine

            return nullcontext(LocalMachine())
        return self.oxide(record)
