"""Connecting to whatever holds what a session made: a rack, or a MAAS with the key of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oxtui.component.resources import ResourceRecord

if TYPE_CHECKING:
    from oxtui.build.sweep import Connect


@dataclass(frozen=True, slots=True)
class Places:
    """Opens services by the provider that a resource's kind begins with; `racks` opens racks."""

    environ: Mapping[str, str]
    racks: Connect

    def __call__(self, record: ResourceRecord) -> AbstractAsyncContextManager[Any]:
        """The service that holds it.

        Raises:
            SettingError: there is no key for its MAAS.
        """
        if _is_of_maas(record):
            return nullcontext(_maas(record, self.environ))
        return self.racks(record)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What holds the resources that the post-processors of a build made, for its ledger."""

    environ: Mapping[str, str]
    known: Mapping[str, Any]
    """By host, what they opened in this process."""

    def __call__(self, record: ResourceRecord) -> Any:
        """The service; None for what is the builder's.

        Raises:
            SettingError: there is no key for its MAAS.
        """
        if not _is_of_maas(record):
            return None
        return self.known.get(record.locator.get("host", "")) or _maas(record, self.environ)


def _is_of_maas(record: ResourceRecord) -> bool:
    return record.kind.partition(".")[0] == "maas"


def _maas(record: ResourceRecord, environ: Mapping[str, str]) -> Any:
    from oxtui.postprocessors.maas.resource import connection_to

    return connection_to(record, environ)
