"""What a template gets of an answer: text, and headers by the names that Go writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from typing import Final

_TEXT: Final = re.compile(r"text/.+|application/json|application/samlmetadata\+xml.*")
_CHARSETS: Final = ("", "utf-8", "us-ascii")


def odd_content(content_type: str, data: bytes | bytearray) -> Iterator[str]:
    """Why an answer may not be a text; nothing for one that says it is and is."""
    message = Message()
    message["Content-Type"] = content_type
    kind = message.get_content_type() if content_type else ""
    charset = str(message.get_param("charset", ""))
    if not _TEXT.fullmatch(kind) or charset.lower() not in _CHARSETS:
        what = f'is of the type "{content_type}"' if content_type else "does not say its type"
        yield f"the answer {what}; if it is no text in UTF-8, its body here is not what was sent"
    if not _is_utf8(data):
        yield "the answer is no text in UTF-8: bytes that are none became the character U+FFFD"


def text_of(data: bytes | bytearray) -> str:
    """The bytes as UTF-8, which Packer takes them for whatever the answer says."""
    return data.decode(errors="replace")


def headers_of(raw: Iterable[tuple[bytes, bytes]], *, unpacked: bool) -> dict[str, str]:
    """Headers by name; several of one name are joined with a comma, as RFC 9110 has it (5.3).

    unpacked: the body was compressed for the way alone; what spoke of that is left out, as in Go.
    """
    found: dict[str, list[str]] = {}
    for name, value in raw:
        found.setdefault(_spelled(name), []).append(value.decode(errors="replace"))
    if unpacked and "gzip" in [value.lower() for value in found.get("Content-Encoding", ())]:
        for packed in ("Content-Encoding", "Content-Length"):
            found.pop(packed, None)
    return {name: ", ".join(values) for name, values in found.items()}


def _spelled(name: bytes) -> str:
    """`content-type` as `Content-Type`: the first letter of each part is large, and no other."""
    return "-".join(part.capitalize() for part in name.decode("latin-1").split("-"))


def _is_utf8(data: bytes | bytearray) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
