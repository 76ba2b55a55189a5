"""Which certificates are trusted, and which one is shown."""

from __future__ import annotations

import base64
import binascii
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oxtui.outscale.connection import ClientCertificate, Connection
from oxtui.outscale.errors import CredentialsError
from oxtui.service import tls as service


def tls_context(connection: Connection) -> ssl.SSLContext:
    """The authorities that all services are checked by, with the client certificate where there is one. Blocks.

    Raises:
        CredentialsError: The client certificate cannot be used.
    """
    context = service.tls_context(CredentialsError, insecure=connection.insecure)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if connection.certificate:
        _show(context, connection.certificate)
    return context


def _show(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    def refused() -> str:  # OpenSSL would ask on the terminal
        raise CredentialsError(
            "The key of the client certificate is locked with a passphrase. Give one without."
        )

    with _files(certificate) as (chain, key):
        name = certificate.certificate or "given as base64"
        try:
            context.load_cert_chain(chain, key, refused)
        except ssl.SSLError:
            raise CredentialsError(
                f"The client certificate ({name}) and its key are no PEM files that belong together."
            ) from None
        except OSError as error:
            raise CredentialsError(
                f"The client certificate ({name}) or its key cannot be read: {error.strerror}."
            ) from None


@contextmanager
def _files(certificate: ClientCertificate) -> Iterator[tuple[Path, Path]]:
    """Certificate and key as files, which are all that OpenSSL reads; content is in private ones, for a moment."""
    if certificate.certificate:
        yield Path(certificate.certificate).expanduser(), Path(certificate.key).expanduser()
        return
    with tempfile.TemporaryDirectory(prefix="oxtui-") as folder:  # mode 0700
        chain, key = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
        chain.write_bytes(_decoded(certificate.certificate_content))
        key.write_bytes(_decoded(certificate.key_content))
        yield chain, key


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise CredentialsError(
            "The client certificate or its key is no base64 text. Encode the whole PEM file."
        ) from None
