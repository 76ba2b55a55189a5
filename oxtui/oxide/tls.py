"""Which certificates are trusted."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx

from oxtui.oxide.errors import CredentialsError

if TYPE_CHECKING:
    from pathlib import Path


def tls_context(*, insecure: bool, cacert: Path | None) -> ssl.SSLContext:
    """Mozilla's list of authorities, the system's, and the given one.

    Args:
        insecure: Check neither the chain nor the host name.
        cacert: PEM file of a further authority, as curl's `--cacert`.

    Raises:
        CredentialsError: The file cannot be read or holds no certificate.
    """
    context = httpx.create_ssl_context(verify=not insecure)
    if insecure:
        return context
    context.load_default_certs()
    if cacert is not None:
        try:
            context.load_verify_locations(cacert)
        except ssl.SSLError:
            raise CredentialsError(
                f"The CA file {cacert} holds no certificate in PEM form."
            ) from None
        except OSError as error:
            raise CredentialsError(
                f"The CA file {cacert} cannot be read: {error.strerror}."
            ) from None
    return context
