"""Which account, of which region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from pydantic import model_validator

from oxtui.component.options import Options, option
from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.secret import Secret

ACCESS = "Access"
NO_MFA = "calls are signed with keys, which need no code"


class AccessOptions(Options):
    """How the API is reached; what is not written here is looked for in the environment and in profiles."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest"
    )
    without_effect: ClassVar[Mapping[str, str]] = {
        "mfa_code": NO_MFA,
        "token": NO_MFA,
        "skip_metadata_api_check": "no keys are looked for in a VM's metadata, which serves none",
    }

    access_key: str = option("", help="Access key id; together with secret_key.", group=ACCESS)
    secret_key: str = option(
        "", help="Secret key; together with access_key.", secret=True, group=ACCESS
    )
    region: str = option("", help="Region, such as us-east-2; eu-west-2 if empty.", group=ACCESS)
    profile: str = option("", help="Profile of ~/.osc/config.json.", group=ACCESS)
    custom_endpoint_oapi: str = option(
        "", help="URL of the API with its path; that of the region if empty.", group=ACCESS
    )
    insecure_skip_tls_verify: bool = option(
        False, help="Do not check the API's certificate.", group=ACCESS
    )
    x509_cert_path: str = option(
        "", help="Client certificate that the account's access rules ask for.",
        lookup="files", group=ACCESS,
    )  # fmt: skip
    x509_key_path: str = option(
        "", help="Private key of the client certificate.", lookup="files", group=ACCESS
    )

    @classmethod
    def hidden(cls, given: Mapping[str, Any]) -> Sequence[str]:
        """What has no effect and is secret all the same."""
        return [text for name in ("token", "mfa_code") if isinstance(text := given.get(name), str)]

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        for one, other in (("access_key", "secret_key"), ("x509_cert_path", "x509_key_path")):
            if bool(getattr(self, one)) != bool(getattr(self, other)):
                raise ValueError(f"give both {one} and {other}, or neither")
        return self

    def warnings(self) -> Sequence[tuple[str, str]]:
        """A certificate that nobody checks."""
        if self.insecure_skip_tls_verify:
            told = "the API's certificate is not checked, so anybody between may answer for it"
            return [*super().warnings(), ("insecure_skip_tls_verify", told)]
        return super().warnings()

    def connection_options(self) -> ConnectionOptions:
        """What of the connection the template names."""
        return ConnectionOptions(
            access_key=self.access_key,
            secret_key=Secret(self.secret_key) if self.secret_key else None,
            region=self.region,
            endpoint=self.custom_endpoint_oapi,
            profile=self.profile,
            certificate=self.x509_cert_path,
            certificate_key=self.x509_key_path,
            insecure=self.insecure_skip_tls_verify,
        )
