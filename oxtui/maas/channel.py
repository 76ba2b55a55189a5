"""The one place where requests to MAAS are made: the header, timeouts, errors in plain words."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from oxtui import __version__
from oxtui.maas.address import is_loopback
from oxtui.maas.connection import Connection
from oxtui.maas.errors import Refused, SettingError, Unreachable, UnreadableReply
from oxtui.maas.timing import Timing
from oxtui.service.http import Connections, causes, was_sent

_LONGEST = 300
"""Characters of MAAS's own words; a page of HTML is no message."""
_HINTS = {
    401: "Check the API key, and that its MAAS is this one.",
    403: "The user of the key must be an administrator, or be entitled to edit boot resources.",
    404: "Check the MAAS URL: the API is below …/MAAS/api/2.0/.",
    413: "A proxy before MAAS takes no requests of that size; choose smaller chunks.",
}


class Channel(Connections):
    """A connection to a MAAS. Use it as `async with`."""

    def __init__(self, connection: Connection, timing: Timing) -> None:
        self.connection = connection
        self.timing = timing

    async def _open(self) -> httpx.AsyncClient:
        verify = await asyncio.to_thread(_tls, self.connection)
        return httpx.AsyncClient(
            base_url=self.connection.url,
            headers={"User-Agent": f"oxtui/{__version__}", "Accept": "application/json"},
            verify=verify,
            trust_env=not is_loopback(self.connection.url),
        )

    async def send(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """The answer to one attempt.

        Args:
            method: of HTTP.
            path: from the root of the API, with a slash at the end, without which MAAS redirects.
            doing: what it is for, as in "Cannot …".
            params: of the query.
            form: fields, which are sent as a multipart form.
            content: the bytes of a chunk.

        Raises:
            Refused: MAAS refused or failed.
            Unreachable: no answer.
        """
        seconds = self.timing.answer if content is None else self.timing.chunk
        headers = {"Authorization": self.connection.key.authorization()}
        if content is not None:
            headers["Content-Type"] = "application/octet-stream"
        fields = {name: (None, text.encode()) for name, text in (form or {}).items()}
        try:
            response = await self._http.request(
                method,
                path,
                params=params,
                files=fields or None,
                content=content,
                headers=headers,
                timeout=httpx.Timeout(seconds, connect=self.timing.connect),
            )
        except httpx.RequestError as error:
            # Without the chain: frames of the HTTP library hold the Authorization header.
            raise self._unreachable(error, doing, seconds) from None
        if response.status_code >= 300:
            raise self._refusal(response, doing)
        return response

    def json(self, response: httpx.Response, doing: str) -> Any:
        """What an answer says.

        Raises:
            UnreadableReply: it is no JSON.
        """
        try:
            return response.json()
        except ValueError:
            raise self.unreadable(doing) from None

    def unreadable(self, doing: str) -> UnreadableReply:
        """The error of an answer that is not MAAS's."""
        return UnreadableReply(
            f"Cannot {doing}: the answer of {self.connection.url} is not that of MAAS's API 2.0. "
            "Check the MAAS URL."
        )

    def _refusal(self, response: httpx.Response, doing: str) -> Refused:
        status = response.status_code
        if response.is_redirect:
            place = response.headers.get("location", "elsewhere")
            message = f"{self.connection.url} redirects to {place:.{_LONGEST}}"
            return Refused(doing, status, message, {}, "Write the MAAS URL as it really is.")
        message, fields = _words(response)
        return Refused(doing, status, message, fields, "" if fields else _HINTS.get(status, ""))

    def _unreachable(self, error: httpx.RequestError, doing: str, seconds: float) -> Unreachable:
        url = self.connection.url
        errors = list(causes(error))
        untrusted = [each for each in errors if isinstance(each, ssl.SSLCertVerificationError)]
        if untrusted:
            why = (
                f"the certificate of {url} is not trusted ({untrusted[0].verify_message}). Give its "
                "authority, or switch the check off"
            )
        elif isinstance(error, httpx.ConnectTimeout):
            why = f"{url} accepts no connection. Check the address and your network"
        elif isinstance(error, httpx.TimeoutException):
            why = f"no answer from {url} within {seconds:g} s"
        elif isinstance(error, httpx.ConnectError):
            why = f"{url} cannot be reached ({errors[-1]}). Check the address and your network"
        else:
            why = f"the connection to {url} was lost before the answer was complete"
        return Unreachable(f"Cannot {doing}: {why}.", sent=was_sent(error))


def _tls(connection: Connection) -> ssl.SSLContext | bool:
    if connection.url.startswith("http://"):
        return False  # to read the lists of authorities takes a while
    context = httpx.create_ssl_context(verify=not connection.insecure)
    if connection.insecure:
        return context
    context.load_default_certs()
    if connection.cacert is not None:
        try:
            context.load_verify_locations(connection.cacert)
        except (OSError, ssl.SSLError) as error:
            raise SettingError(
                f"The CA file {connection.cacert} cannot be used: {error.strerror or error}."
            ) from None
    return context


def _words(response: httpx.Response) -> tuple[str, Mapping[str, Sequence[str]]]:
    """MAAS's words: a form's errors are an object of lists by field, all others are plain text."""
    if "html" in response.headers.get("content-type", ""):
        return "", {}
    text = response.text.strip()
    try:
        told = json.loads(text)
    except ValueError:
        return f"{text:.{_LONGEST}}", {}
    if not isinstance(told, dict):
        return f"{text:.{_LONGEST}}", {}
    return "", {
        f"{name:.80}": tuple(f"{word!s:.{_LONGEST}}" for word in _listed(words)[:5])
        for name, words in list(told.items())[:10]
    }


def _listed(words: Any) -> list[Any]:
    return words if isinstance(words, list) else [words]
