"""Options of the http data source, by Packer's names, and what of them must appear nowhere."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import field_validator

from oxtui.component.options import Options, option

Method = Literal["HEAD", "GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]
_SECRET: Final = re.compile(
    r"authoriz|authent|(?<![a-z])auth(?![a-z])|cookie|token|secret|passw|api.?key|access.?key|"
    "credential|signature",
    re.IGNORECASE,
)
"""In names of headers and of query parameters."""
_PASSWORD: Final = re.compile(r"//[^/?#@:]*:([^/?#]*)@")
"""In an address, which may be none."""
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2


class HttpOptions(Options):
    """What is asked for."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/datasources/http"

    url: str = option(help="Address of what is read; its answer must be a success (2xx).")
    method: Method = option("GET", help="HTTP method.")
    request_headers: Mapping[str, str] = option(dict, help="Headers that are sent along.")
    request_body: str = option("", help="Text that is sent along.")

    @field_validator("method", mode="before")
    @classmethod
    def _default(cls, method: object) -> object:
        return method or "GET"

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
            usable = usable and parts.port != 0 and url.isprintable() and " " not in url
        except ValueError:
            usable = False
        if not usable:
            # It is not quoted, as it may hold a password.
            raise ValueError(
                "it is no address; write one that begins with http:// or https:// and a host"
            )
        return url

    @field_validator("request_headers")
    @classmethod
    def _sendable(cls, headers: Mapping[str, str]) -> Mapping[str, str]:
        for name, value in headers.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f'"{name}" is no name of a header')
            if re.search(r"[\0\r\n]", value):
                raise ValueError(f'the value of "{name}" has a line end, which cannot be sent')
        return headers

    @classmethod
    def hidden(cls, given: Mapping[str, Any]) -> Sequence[str]:
        """Passwords and tokens in headers and in the address."""
        found: list[str] = []
        headers, url = given.get("request_headers"), given.get("url")
        for name, value in headers.items() if isinstance(headers, Mapping) else ():
            if is_secret(name) and isinstance(value, str):
                found += _credentials(value)
        if isinstance(url, str):
            found += _in_address(url)
        return list(dict.fromkeys(text for text in found if text))


def is_secret(name: str) -> bool:
    """Whether what a header or a parameter of this name holds is nobody else's business."""
    return _SECRET.search(name) is not None


def shown(url: str) -> str:
    """An address for messages: without a user, a password, and what is behind `?` or `#`."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return SplitResult(parts.scheme, host, parts.path, "", "").geturl()


def _in_address(url: str) -> Iterator[str]:
    """The password of an address, as it is written and as it is meant, and secret parameters."""
    password = _PASSWORD.search(url)
    if password is not None:
        yield password[1]
        yield unquote(password[1])
    query = url.partition("#")[0].partition("?")[2]
    for name, value in parse_qsl(query):
        if is_secret(name):
            yield value


def _credentials(value: str) -> list[str]:
    """A header's value, and what of it is a secret by itself: `Bearer X` is as good as known by X."""
    scheme, _, rest = value.partition(" ")
    found = [value, rest.strip()]
    if scheme.lower() == "basic":
        with suppress(binascii.Error, UnicodeDecodeError):
            found.append(base64.b64decode(rest).decode().partition(":")[2])
    return found
