"""An account of a region and how to talk to it, and what was asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from oxtui.outscale.secret import Secret

DEFAULT_REGION = "eu-west-2"


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate that is shown in TLS, beside the signature; each part is a file, or base64 of PEM."""

    certificate: str = ""
    key: str = field(default="", repr=False)
    certificate_content: str = field(default="", repr=False)
    key_content: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.certificate or self.certificate_content)


@dataclass(frozen=True, slots=True)
class Connection:
    """An account and how to talk to it.

    Attributes:
        endpoint: URL below which the actions are, without a slash at the end.
        region: Which the signature names.
        profile: Of the file, where one was used.
        source: Where each value came from, such as `OSC_ACCESS_KEY`, `profile "default"`, `template`.
    """

    endpoint: str
    region: str
    access_key: str
    secret_key: Secret
    profile: str = ""
    insecure: bool = False
    certificate: ClientCertificate = field(default_factory=ClientCertificate)
    source: Mapping[str, str] = field(default_factory=dict, hash=False)
    provider: ClassVar[str] = "outscale"

    @property
    def host(self) -> str:
        """The endpoint."""
        return self.endpoint

    @property
    def variables(self) -> Mapping[str, str]:
        """Environment variables by which other programs reach it; those that are empty must not be set."""
        return {
            "OSC_ACCESS_KEY": self.access_key,
            "OSC_SECRET_KEY": self.secret_key.reveal(),
            "OSC_REGION": self.region,
            "OSC_ENDPOINT_API": self.endpoint,
            "OSC_PROFILE": "",
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must appear nowhere."""
        return tuple(
            text for text in (self.secret_key.reveal(), self.certificate.key_content) if text
        )


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """What was asked for by name; empty where nothing was. `origin` says where, such as `template`."""

    access_key: str = ""
    secret_key: Secret | None = None
    region: str = ""
    endpoint: str = ""
    profile: str = ""
    certificate: str = ""
    certificate_key: str = ""
    insecure: bool = False
    origin: str = "template"
