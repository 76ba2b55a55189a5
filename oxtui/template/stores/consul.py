"""HashiCorp Consul's key-value store, as Packer's `consul_key` reads it."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oxtui.template.stores import settings
from oxtui.template.stores.errors import StoreError
from oxtui.template.stores.http import Server, address_shown, header, header_text, path_text
from oxtui.template.stores.tls import TlsNames, tls_context

if TYPE_CHECKING:
    from collections.abc import Mapping

_TLS: Final = TlsNames(
    "CONSUL_CACERT",
    "CONSUL_CAPATH",
    "CONSUL_CLIENT_CERT",
    "CONSUL_CLIENT_KEY",
    "CONSUL_TLS_SERVER_NAME",
)
_VARIABLE: Final = "CONSUL_HTTP_ADDR"
_ADDRESS: Final = "127.0.0.1:8500"
_SECONDS: Final = 60.0


class Consul:
    """The Consul that the environment names. `seconds` is how long an answer may take."""

    seconds: Final = _SECONDS

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Raises StoreError for a variable that has no sense, or a token's file that cannot be read."""
        self._token = _token(environ)
        self._server = _server(environ, self._token)

    def read(self, key: str) -> str:
        """The text of a key. Raises StoreError, also where the text is empty."""
        answer = self._server.get(path_text(f"/v1/kv/{key.removeprefix('/')}"))
        found = answer.json()
        if answer.status == 404 or (answer.status == 200 and found == []):
            raise self._failure(f'has no key "{key}"')
        if answer.status in (401, 403):
            said = answer.body.decode(errors="replace").strip()[:200]
            source = "CONSUL_HTTP_TOKEN or CONSUL_HTTP_TOKEN_FILE"
            raise self._failure(f'refuses "{key}" ({said}); set a token that may read it: {source}')
        if answer.status != 200:
            raise self._failure(f'answers "{key}" with status {answer.status}')
        try:
            entry = found[0]["Value"]
            value = base64.b64decode(entry or "", validate=True)
        except (TypeError, KeyError, IndexError, ValueError, binascii.Error):
            raise self._failure(f'does not answer "{key}" as Consul does') from None
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise self._failure(f'has bytes under "{key}" that are no text in UTF-8') from None
        if not text:
            raise self._failure(f'has an empty value under "{key}"')
        return text

    def _failure(self, what: str) -> StoreError:
        text = f"Consul at {self._server.address} ({_VARIABLE}) {what}"
        return StoreError(text.replace(self._token, "***") if self._token else text)


def _server(environ: Mapping[str, str], token: str) -> Server:
    address = environ.get(_VARIABLE) or _ADDRESS
    scheme, separator, rest = address.partition("://")
    if not separator:
        scheme, rest = "http", address
    if scheme not in ("http", "https", "unix"):
        raise StoreError(f"{_VARIABLE} begins with {scheme}://; Consul has http, https and unix")
    secure = scheme == "https" or settings.flag(environ, "CONSUL_HTTP_SSL", False)
    verify = settings.flag(environ, "CONSUL_HTTP_SSL_VERIFY", True)
    user, _, password = environ.get("CONSUL_HTTP_AUTH", "").partition(":")
    asked = {"ns": "CONSUL_NAMESPACE", "partition": "CONSUL_PARTITION"}
    host = "localhost" if scheme == "unix" else rest.rstrip("/")
    return Server(
        "Consul",
        address_shown(address),
        _VARIABLE,
        f"{'https' if secure else 'http'}://{host}",
        lambda: tls_context(environ, _TLS, verify=verify),
        {"X-Consul-Token": token} if token else {},
        _SECONDS,
        socket=rest if scheme == "unix" else "",
        server_name=_without_port(environ.get(_TLS.server_name, "")),
        basic=(user, password) if environ.get("CONSUL_HTTP_AUTH") else None,
        parameters={name: environ[v] for name, v in asked.items() if environ.get(v)},
    )


def _token(environ: Mapping[str, str]) -> str:
    """The token's file counts before the token, unless it is empty."""
    path = environ.get("CONSUL_HTTP_TOKEN_FILE", "")
    if path:
        try:
            token = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or "it is no text"
            raise StoreError(f"CONSUL_HTTP_TOKEN_FILE: {path} cannot be read: {reason}") from None
        if token:
            return header_text(token, f"{path} (CONSUL_HTTP_TOKEN_FILE)")
    return header(environ, "CONSUL_HTTP_TOKEN")


def _without_port(name: str) -> str:
    host, colon, port = name.rpartition(":")
    return host.strip("[]") if colon and port.isdecimal() and host else name
