"""One question to a store over HTTP: its address, what is sent with it, and what can go wrong."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from oxtui.service.address import is_loopback
from oxtui.template.stores.errors import StoreError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

DIAL: Final = 30.0
"""Seconds that a connection may take."""
LARGEST: Final = 8 << 20
"""Bytes of an answer."""
_MOVED: Final = frozenset((301, 302, 307, 308))


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body read as JSON; None where it is none."""
        import json

        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, repr=False)
class Server:
    """A server that is asked.

    `url` has no slash at its end; `socket` is the path of a Unix socket, or empty; `address` and
    `variable` are how messages call it and the environment variable that says where it is.
    `server_name` is whom the certificate must name, where that is not the address. `proxy` is that of
    this server alone; without one the environment's proxies count, but not for this machine itself.
    """

    name: str
    address: str
    variable: str
    url: str
    tls: Callable[[], ssl.SSLContext]
    headers: Mapping[str, str]
    seconds: float
    socket: str = ""
    server_name: str = ""
    basic: tuple[str, str] | None = None
    proxy: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """The answer for an escaped path that starts with a slash; one redirect is followed. Raises StoreError."""
        import httpx

        from oxtui.service.failures import innermost, said

        try:
            wanted = httpx.URL(self.url).copy_with(params=self.parameters or None)
            wanted = wanted.copy_with(path=wanted.path.rstrip("/") + path)
            with self._client() as client:
                answer, moved = self._ask(client, wanted)
                if moved is not None:
                    if wanted.scheme == "https" and moved.scheme != "https":
                        raise self.failure("it sends us on to an address without TLS")
                    answer, moved = self._ask(client, moved)
                if moved is not None:
                    raise self.failure("it sends us on more than once")
        except StoreError:
            raise
        except httpx.UnsupportedProtocol:
            raise self.failure("its address does not begin with http:// or https://") from None
        except httpx.TimeoutException:
            cause = f"no answer within {self.seconds:g} seconds"
            raise UnreachableError(self._text(cause)) from None
        except httpx.TransportError as problem:
            lasts = isinstance(innermost(problem), ssl.SSLError)
            kind = StoreError if lasts else UnreachableError
            raise kind(self._text(said(problem))) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            # What these say may quote the address or the proxy with a password in it.
            raise self.failure("its address, or that of a proxy, is none") from None
        return answer

    def failure(self, cause: str) -> StoreError:
        """The error of a server that does not answer as it should."""
        return StoreError(self._text(cause))

    def _text(self, cause: str) -> str:
        return (
            f"{self.name} at {self.address} cannot be asked: {cause}. "
            f"The environment variable {self.variable} says where it is"
        )

    def _client(self) -> httpx.Client:
        import httpx

        secure = self.url.startswith("https:")
        verify: ssl.SSLContext | bool = self.tls() if secure else False
        limits = httpx.Timeout(self.seconds, connect=min(self.seconds, DIAL))
        if self.socket:
            transport = httpx.HTTPTransport(verify=verify, uds=self.socket)
            return httpx.Client(transport=transport, timeout=limits, auth=self.basic)
        return httpx.Client(
            verify=verify, timeout=limits, auth=self.basic, proxy=self.proxy or None,
            trust_env=not is_loopback(self.url),
        )  # fmt: skip

    def _ask(self, client: httpx.Client, url: httpx.URL) -> tuple[Answer, httpx.URL | None]:
        """The answer, and the address of a redirect."""
        named = {"sni_hostname": self.server_name} if self.server_name else {}
        with client.stream("GET", url, headers=self.headers, extensions=named) as response:
            body = b""
            for part in response.iter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise self.failure(f"its answer has more than {LARGEST >> 20} MiB")
        there = response.headers.get("Location", "")
        moved = url.join(there) if response.status_code in _MOVED and there else None
        return Answer(response.status_code, body), moved


def address_shown(address: str) -> str:
    """An address without a user's name and password, for messages."""
    return re.sub(r"//[^/@]*@", "//", address)


def header(environ: Mapping[str, str], variable: str) -> str:
    """The text of a variable that is sent as a header. Raises StoreError, without the text."""
    return header_text(environ.get(variable, ""), variable)


def header_text(text: str, variable: str) -> str:
    """A text that is sent as a header; `variable` says where it is from. Raises StoreError."""
    if text.isascii() and text.isprintable() and text == text.strip():
        return text
    raise StoreError(
        f"the text of {variable} has a blank, a line end or a letter that cannot be sent"
    )


def path_text(path: str) -> str:
    """A path with everything escaped that would end it."""
    return quote(path, safe="/~!$&'(),;=:@*+")
