"""What certificates a client trusts and shows, as the variables of Vault and Consul say it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.template.stores.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class TlsNames:
    """Names of the environment variables."""

    ca_file: str
    ca_folder: str
    certificate: str
    key: str
    server_name: str


def tls_context(environ: Mapping[str, str], names: TlsNames, *, verify: bool) -> ssl.SSLContext:
    """Trusts the certificate authorities of a file, else of a folder's files, else the system's.

    Without `verify` it trusts anybody. Raises StoreError, which names the variable of what cannot be read.
    """
    file, folder = environ.get(names.ca_file, ""), environ.get(names.ca_folder, "")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif file:
        _trust(context, Path(file), names.ca_file)
    elif folder:
        for path in _files(Path(folder), names.ca_folder):
            _trust(context, path, names.ca_folder)
    else:
        context.load_default_certs()
    certificate, key = environ.get(names.certificate, ""), environ.get(names.key, "")
    if bool(certificate) != bool(key):
        given, missing = names.certificate, names.key
        if key:
            given, missing = missing, given
        raise StoreError(f"{given} is set, but not {missing}; a client certificate needs both")
    if certificate:
        try:
            context.load_cert_chain(certificate, key, password=_no_password)
        except (OSError, ValueError) as problem:
            detail = _reason(problem)
            raise StoreError(
                f"the client certificate of {names.certificate} and {names.key} cannot be used: {detail}"
            ) from None
    return context


def _no_password() -> str:
    """Nobody is asked for one: a question would wait behind the screen."""
    raise ValueError("the key has a password")


def _trust(context: ssl.SSLContext, path: Path, variable: str) -> None:
    try:
        context.load_verify_locations(path)
    except (OSError, ValueError) as problem:
        raise StoreError(
            f"{variable}: {path} cannot be read as certificates: {_reason(problem)}"
        ) from None


def _files(folder: Path, variable: str) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as problem:
        raise StoreError(f"{variable}: {folder} cannot be read: {_reason(problem)}") from None
    if not found:
        raise StoreError(f"{variable}: there is no certificate in {folder}")
    return found


def _reason(problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.strerror and not isinstance(problem, ssl.SSLError):
        return problem.strerror.lower()
    return "it is not in PEM format" if isinstance(problem, ssl.SSLError) else str(problem)
