"""This machine as a provider: what builds make on it without any service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from oxtui.builders.chroot.resources import LocalMachine
from oxtui.component.providers import Demo
from oxtui.component.resources import ResourceRecord


class LocalProvider:
    """This machine, which needs no keys."""

    def secrets(self, environ: Mapping[str, str]) -> Sequence[str]:
        """None."""
        return []

    def reconnect(
        self, record: ResourceRecord, environ: Mapping[str, str], demo: Demo, profile: str
    ) -> AbstractAsyncContextManager[LocalMachine]:
        """This machine; each kind looks itself whether the resource was made here."""
        return nullcontext(LocalMachine())
