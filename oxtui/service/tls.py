"""Which certificates are trusted."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx

from oxtui.service import ServiceError


def tls_context(
    error: type[ServiceError], *, insecure: bool, cacert: Path | None = None
) -> ssl.SSLContext:
    """Mozilla's list of authorities, the system's, and the given one. Blocks.

    Args:
        error: what is raised.
        insecure: check neither the chain nor the host name.
        cacert: PEM file of a further authority, as curl's `--cacert`.

    Raises:
        ServiceError: the file cannot be read or holds no certificate.
    """
    context = httpx.create_ssl_context(verify=not insecure)
    if insecure:
        return context
    context.load_default_certs()
    if cacert is not None:
        try:
            context.load_verify_locations(cacert)
        except ssl.SSLError:
            raise error(f"The CA file {cacert} holds no certificate in PEM form.") from None
        except OSError as problem:
            raise error(f"The CA file {cacert} cannot be read: {problem.strerror}.") from None
    return context
