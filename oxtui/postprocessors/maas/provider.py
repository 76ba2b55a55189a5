"""MAAS as a provider: what uploads made there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING

from oxtui.component.providers import Demo
from oxtui.component.resources import ResourceRecord
from oxtui.maas.connection import KEY_NAMES

if TYPE_CHECKING:
    from oxtui.maas.connection import Connection


class MaasProvider:
    """How the MAAS that holds an image is reached: by the key of the environment."""

    def secrets(self, environ: Mapping[str, str]) -> Sequence[str]:
        """The API key, and the part of it that signs."""
        keys = [environ[name] for name in KEY_NAMES if environ.get(name)]
        return [*keys, *(key.rpartition(":")[2] for key in keys)]

    def reconnect(
        self, record: ResourceRecord, environ: Mapping[str, str], demo: Demo, profile: str
    ) -> AbstractAsyncContextManager[Connection]:
        """The MAAS that has the record's image.

        Raises:
            SettingError: there is no key for it, or the environment names another MAAS.
        """
        from oxtui.postprocessors.maas.resource import connection_to

        return nullcontext(connection_to(record, environ))
