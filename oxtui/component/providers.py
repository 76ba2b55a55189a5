"""Providers: services on which builds make things, each with how it is reached and what is secret of it.

A provider is the first part of the names of its resource kinds (`oxide.instance`). The engine, sweep and
the command line know no more of one than is here; a new one is a line in `PROVIDERS`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, cast

from oxtui.component.resources import ResourceRecord


class Place(Protocol):
    """A service as one user sees it: an address, and the keys to it."""

    @property
    def provider(self) -> str:
        """The provider that it is of."""
        ...

    @property
    def host(self) -> str:
        """Its address, as an operator knows it."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """What must appear nowhere."""
        ...

    @property
    def variables(self) -> Mapping[str, str]:
        """Environment variables by which other programs reach it; those that are empty must not be set."""
        ...


class ServiceCall(Protocol):
    """What a client reports of an attempt at a call."""

    @property
    def operation(self) -> str:
        """The API's name of it."""
        ...

    @property
    def method(self) -> str:
        """Of HTTP."""
        ...

    @property
    def target(self) -> str:
        """Path and query."""
        ...

    @property
    def status(self) -> int | None:
        """Of HTTP; None when no answer came."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...

    @property
    def request_id(self) -> str | None:
        """From the answer."""
        ...

    @property
    def command(self) -> str:
        """The same call with the provider's own command."""
        ...

    @property
    def curl(self) -> str:
        """The same call with curl."""
        ...


Demo = Callable[[], AbstractAsyncContextManager[Any]]
"""Runs the demo rack over its kept state, and gives the place that it is."""


class Holder(Protocol):
    """How what holds the resources of one provider is reached again, by a process that did not make them."""

    def secrets(self, environ: Mapping[str, str]) -> Sequence[str]:
        """What of the environment must appear nowhere."""
        ...

    def reconnect(
        self, record: ResourceRecord, environ: Mapping[str, str], demo: Demo, profile: str
    ) -> AbstractAsyncContextManager[Any]:
        """A client of the service that holds a resource; the journal knows no keys.

        Args:
            record: of the resource.
            environ: the environment.
            demo: for what was made on the demo rack.
            profile: chosen by the operator, for the place that it is for; may be empty.

        Raises:
            ServiceError: there are no keys for it, or it cannot be reached.
        """
        ...


class Provider(Holder, Protocol):
    """A service on which builders work."""

    def resolve(self, explicit: Any, environ: Mapping[str, str], connected: Place | None) -> Place:
        """The place that options, environment and profiles name; reads files.

        Args:
            explicit: what a template says, in the provider's own form.
            environ: the environment.
            connected: of this provider, what the operator already works with; None for nothing.

        Raises:
            ServiceError: none is named, or contradictorily.
        """
        ...

    def client(
        self, place: Any, on_call: Callable[[ServiceCall], None] | None
    ) -> AbstractAsyncContextManager[Any]:
        """A connected client; `on_call` is told of every attempt at a call."""
        ...


PROVIDERS: dict[str, str] = {
    "local": "oxtui.builders.chroot.provider:LocalProvider",
    "maas": "oxtui.postprocessors.maas.provider:MaasProvider",
    "oxide": "oxtui.builders.oxide.provider:OxideProvider",
    "outscale": "oxtui.builders.outscale.provider:OutscaleProvider",
}


class UnknownProvider(LookupError):
    """The journal was written by an oxtui that knows services which this one does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'oxtui knows no provider "{name}"; a newer oxtui wrote this journal. '
            "Use that one to look at the resource."
        )


def provider(name: str) -> Provider:
    """The provider of that name, loaded when it is first asked for.

    Raises:
        UnknownProvider: there is none.
    """
    if name not in PROVIDERS:
        raise UnknownProvider(name)
    return cast("Provider", pkgutil.resolve_name(PROVIDERS[name])())


def holder_of(record: ResourceRecord) -> Holder:
    """How what holds a resource is reached.

    Raises:
        UnknownProvider: there is none.
    """
    return provider(record.provider)


def environment_secrets(environ: Mapping[str, str]) -> list[str]:
    """What of the environment must appear nowhere, of all providers."""
    return [secret for name in PROVIDERS for secret in provider(name).secrets(environ)]
