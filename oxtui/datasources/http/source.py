"""The http data source: the body and the headers of one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from oxtui import __version__
from oxtui.component.protocols import Connector
from oxtui.datasources.http.answer import headers_of, odd_content, text_of
from oxtui.datasources.http.options import HttpOptions, is_secret, shown
from oxtui.service.address import is_loopback
from oxtui.template.resolve import DataSourceError

if TYPE_CHECKING:
    import httpx

CONNECT: Final = 30.0
"""Seconds that a connection may take."""
SILENCE: Final = 60.0
"""Seconds that a server may say nothing."""
WHOLE: Final = 300.0
"""Seconds for all of it."""
LARGEST: Final = 16 << 20
"""Bytes of an answer: it becomes a value of the template."""
REDIRECTS: Final = 10
"""As many as Packer follows."""


class HttpDataSource:
    """The `http` data source."""

    Options: ClassVar[type[HttpOptions]] = HttpOptions

    def __init__(self, options: HttpOptions, connector: Connector) -> None:
        self.options = options
        self.warnings: tuple[str, ...] = ()
        self._asked = shown(options.url)
        """The address as messages have it."""

    async def read(self) -> Mapping[str, Any]:
        """`url`, `body` and `request_headers`, which are those of the answer.

        Raises:
            DataSourceError: there is no answer, or it is no success.
        """
        import httpx

        from oxtui.service.failures import said

        try:
            async with asyncio.timeout(WHOLE), _client(self.options.url) as client:
                return await self._read(client)
        except TimeoutError:
            raise self._failed(f"gives no whole answer within {WHOLE:g} seconds") from None
        except httpx.UnsupportedProtocol:
            raise self._failed("sends us on to an address that is not http or https") from None
        except httpx.ConnectTimeout:
            raise self._failed(f"cannot be reached within {CONNECT:g} seconds") from None
        except httpx.TimeoutException:
            raise self._failed(f"says nothing for {SILENCE:g} seconds") from None
        except httpx.TransportError as problem:
            raise self._failed(f"cannot be asked: {said(problem)}") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            # What these say may quote the address with a password in it.
            raise self._failed("cannot be asked: it, or a proxy's address, is no address") from None

    async def _read(self, client: httpx.AsyncClient) -> Mapping[str, Any]:
        options = self.options
        given = [(name.encode(), value.encode()) for name, value in options.request_headers.items()]
        asks_packed = any(name.lower() == b"accept-encoding" for name, _ in given)
        unpacks = not asks_packed and options.method != "HEAD"
        request = client.build_request(
            options.method, options.url, headers=given, content=options.request_body or None
        )
        response = await self._send(client, request)
        try:
            if not response.is_success:
                status = f"{response.status_code} {response.reason_phrase}".strip()
                raise self._failed(
                    f"answers {status}. Correct url, method or request_headers, or see what the "
                    "server wants"
                )
            data = bytearray()
            # As Packer: what somebody asked for packed is left as it is.
            parts = response.aiter_bytes() if unpacks else response.aiter_raw()
            async for part in parts:
                data += part
                if len(data) > LARGEST:
                    raise self._failed(f"answers with more than {LARGEST >> 20} MiB")
        finally:
            await response.aclose()
        self.warnings = tuple(odd_content(response.headers.get("content-type", ""), data))
        return {
            "url": options.url,
            "body": text_of(data),
            "request_headers": headers_of(response.headers.raw, unpacked=unpacks),
        }

    async def _send(self, client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        """The answer behind all redirects; what is secret goes to the host alone that it was written for."""
        for _ in range(REDIRECTS + 1):
            response = await client.send(request, stream=True)
            further = response.next_request
            if further is None:
                return response
            await response.aclose()
            if (further.url.scheme, further.url.netloc) != (request.url.scheme, request.url.netloc):
                for name in [name for name in further.headers if is_secret(name)]:
                    del further.headers[name]
            request = further
        raise self._failed(f"sends us on more than {REDIRECTS} times")

    def _failed(self, what: str) -> DataSourceError:
        return DataSourceError(f"{self._asked} {what}.")


def _client(url: str) -> httpx.AsyncClient:
    import httpx

    from oxtui.service import ServiceError
    from oxtui.service.tls import tls_context

    verify = tls_context(ServiceError, insecure=False) if url.lower().startswith("https:") else True
    # A proxy of the environment counts, but not for this machine itself.
    return httpx.AsyncClient(
        verify=verify, timeout=httpx.Timeout(SILENCE, connect=CONNECT), trust_env=not is_loopback(url),
        headers={"User-Agent": f"oxtui/{__version__}", "Accept-Encoding": "gzip"},
    )  # fmt: skip
