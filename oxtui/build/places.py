"""What holds the resources that the post-processors of a build made, for its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oxtui.component.resources import ResourceRecord


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Tells what a post-processor uploaded to from what the builder works on."""

    environ: Mapping[str, str]
    known: Mapping[str, Any]
    """By host, what they opened in this process."""

    def __call__(self, record: ResourceRecord) -> Any:
        """The service; None for what is the builder's.

        Raises:
            SettingError: there is no key for its MAAS.
        """
        if record.kind.partition(".")[0] != "maas":
            return None
        if (opened := self.known.get(record.locator.get("host", ""))) is not None:
            return opened
        from oxtui.postprocessors.maas.resource import connection_to

        return connection_to(record, self.environ)
