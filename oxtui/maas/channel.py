"""The one place where requests to MAAS are made: the header, timeouts, errors in plain words."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from oxtui import __version__
from oxtui.maas.connection import Connection
from oxtui.maas.errors import Refused, SettingError, UnreadableReply
from oxtui.maas.failures import unreachable
from oxtui.maas.timing import Timing
from oxtui.service.address import is_loopback
from oxtui.service.http import Connections
from oxtui.service.tls import tls_context

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
            raise unreachable(error, doing, self.connection, self.timing, seconds) from None
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


def _tls(connection: Connection) -> ssl.SSLContext | bool:
    if connection.url.startswith("http://"):
        return False  # to read the lists of authorities takes a while
    return tls_context(SettingError, insecure=connection.insecure, cacert=connection.cacert)


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
