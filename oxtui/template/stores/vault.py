"""HashiCorp Vault's key-value stores, versions 1 and 2, as Packer's `vault` reads them."""

from __future__ import annotations

import posixpath
import time
from typing import TYPE_CHECKING, Any, Final

from oxtui.template.stores import settings
from oxtui.template.stores.errors import StoreError, UnreachableError
from oxtui.template.stores.http import Answer, Server, address_shown, header, path_text
from oxtui.template.stores.tls import TlsNames, tls_context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TLS: Final = TlsNames(
    "VAULT_CACERT", "VAULT_CAPATH", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY", "VAULT_TLS_SERVER_NAME"
)
_ADDRESS: Final = "https://127.0.0.1:8200"
_SECONDS: Final = 60.0
_RETRIES: Final = 2
_PAUSE: Final = 1.0
"""Seconds before the second try; before the third twice as many, and so on."""


class Vault:
    """The Vault that the environment names. `seconds` is how long an answer may take, tries included.

    Only VAULT_TOKEN counts: Packer does not read the file that `vault login` writes.
    """

    def __init__(
        self, environ: Mapping[str, str], pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Raises StoreError for a variable that is missing or has no sense."""
        if not environ.get("VAULT_TOKEN"):
            raise StoreError(
                "VAULT_TOKEN is not set in the environment; vault needs a token, "
                "and takes none from ~/.vault-token"
            )
        self._pause = pause
        self._token = header(environ, "VAULT_TOKEN")
        self.seconds = settings.seconds(environ, "VAULT_CLIENT_TIMEOUT", _SECONDS)
        self._retries = settings.count(environ, "VAULT_MAX_RETRIES", _RETRIES)
        self._server = _server(environ, self._token, self.seconds)

    def read(self, path: str, key: str) -> str:
        """The text under a key of the secret at a path. Raises StoreError."""
        answer = self._get(path_text(posixpath.normpath(f"/v1/{path}")))
        found = answer.json()
        warnings = _texts(found, "warnings")
        if answer.status == 404 and not (isinstance(found, dict) and found.get("data")):
            hint = _version_2(path) if warnings else []
            said = [*_texts(found, "errors"), *warnings, *hint]
            raise self._failure(f'has nothing at "{path}"', said)
        if answer.status == 403:
            said = [*_texts(found, "errors"), "see what the token of VAULT_TOKEN may read"]
            raise self._failure(f'refuses "{path}"', said)
        if answer.status not in (200, 404):
            said = _texts(found, "errors")
            raise self._failure(f'answers "{path}" with status {answer.status}', said)
        data = found.get("data") if isinstance(found, dict) else None
        if not isinstance(data, dict):
            raise self._failure(f'has no data at "{path}"', warnings)
        if "data" in data and not isinstance(data["data"], str):
            data = data["data"]  # version 2, in which a secret has metadata beside it
        if data is None:
            raise self._failure(f'has only a deleted version of "{path}"', warnings)
        if not isinstance(data, dict) or key not in data:
            raise self._failure(f'has no key "{key}" at "{path}"', [*warnings, *_others(data)])
        value = data[key]
        if not isinstance(value, str):
            raise self._failure(f'has no text under "{key}" at "{path}", but {_kind(value)}', [])
        return value

    def _get(self, path: str) -> Answer:
        for attempt in range(1, self._retries + 1):
            try:
                answer = self._server.get(path)
            except UnreachableError:
                pass
            else:
                passing = answer.status in (412, 429) or answer.status >= 500
                if not passing or answer.status == 501:
                    return answer
            self._pause(_PAUSE * attempt)
        return self._server.get(path)

    def _failure(self, what: str, said: list[str]) -> StoreError:
        server = self._server
        more = f": {'; '.join(each.strip().rstrip('.') for each in said)}" if said else ""
        text = f"Vault at {server.address} ({server.variable}) {what}{more}"
        return StoreError(text.replace(self._token, "***"))


def _server(environ: Mapping[str, str], token: str, seconds: float) -> Server:
    variable = "VAULT_AGENT_ADDR" if environ.get("VAULT_AGENT_ADDR") else "VAULT_ADDR"
    address = environ.get(variable) or _ADDRESS
    verify = not settings.flag(environ, "VAULT_SKIP_VERIFY", False)
    headers = {"X-Vault-Token": token, "X-Vault-Request": "true"}
    namespace = header(environ, "VAULT_NAMESPACE")
    if namespace:
        headers["X-Vault-Namespace"] = namespace
    local = address.startswith("unix://")
    return Server(
        "Vault",
        address_shown(address),
        variable,
        "http://localhost" if local else address,
        lambda: tls_context(environ, _TLS, verify=verify),
        headers,
        seconds,
        socket=address.removeprefix("unix://") if local else "",
        server_name=environ.get(_TLS.server_name, ""),
        proxy=environ.get("VAULT_PROXY_ADDR") or environ.get("VAULT_HTTP_PROXY", ""),
    )


def _texts(found: Any, name: str) -> list[str]:
    """The texts in a list of an answer."""
    listed = found.get(name) if isinstance(found, dict) else None
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def _others(data: Any) -> list[str]:
    names = ", ".join(sorted(data)) if isinstance(data, dict) else ""
    return [f"it has {names}"] if names else []


def _version_2(path: str) -> list[str]:
    store, _, rest = path.strip("/").partition("/")
    if not rest or rest.startswith("data/"):
        return []
    return [f'if the store is of version 2, the path is "{store}/data/{rest}"']


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    return {bool: "a truth value", dict: "an object", list: "a list"}.get(type(value), "a number")
