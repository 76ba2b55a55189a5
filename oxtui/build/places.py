"""Connecting again to whatever holds what a session left: a rack, or a MAAS with the key of the environment."""

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
        if record.kind.partition(".")[0] != "maas":
            return self.racks(record)
        from oxtui.postprocessors.maas.resource import connection_to

        return nullcontext(connection_to(record, self.environ))
