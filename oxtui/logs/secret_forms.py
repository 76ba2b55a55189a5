"""The forms in which one secret turns up in output: as it is, encoded, quoted, line by line."""

from __future__ import annotations

import base64
import json
import shlex
import urllib.parse
from collections.abc import Iterator

SHORTEST = 3
"""Secrets, and lines of secrets, with fewer characters are ignored: they would blot out ordinary text."""

_SHORTEST_INNER_BASE64 = 8
"""Base64 of a secret inside a longer text is only looked for from this length on."""

_BASE64_WIDTHS = (64, 76)
"""Where `openssl base64` and `base64` break their lines."""


def forms(secret: str) -> frozenset[bytes]:
    """Every byte string that gives `secret` away; empty for a secret shorter than `SHORTEST`."""
    if len(secret) < SHORTEST:
        return frozenset()
    return frozenset(
        form.encode("utf-8", "surrogatepass") for form in _texts(secret) if len(form) >= SHORTEST
    )


def _texts(secret: str) -> Iterator[str]:
    unix = secret.replace("\r\n", "\n")
    for text in {secret, unix, unix.replace("\n", "\r\n")}:
        yield text
        yield from _quoted(text)
        yield from _base64(text)
    if "\n" in unix:
        for line in unix.split("\n"):
            stripped = line.strip()
            yield stripped
            if len(stripped) >= SHORTEST:
                yield from _quoted(stripped)


def _quoted(text: str) -> Iterator[str]:
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield _inner(shlex.quote(text))
    yield text.replace("'", "'\\''")
    ansi_c = text.replace("\\", "\\\\").replace("'", "\\'")
    yield ansi_c.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    yield "".join(c if c.isalnum() or c in "_-./:=@%+," else f"\\{c}" for c in text)
    raw = text.encode("utf-8", "surrogatepass")
    yield urllib.parse.quote(raw, safe="")
    yield urllib.parse.quote_plus(raw)


def _inner(quoted: str) -> str:
    return quoted[1:-1] if quoted.startswith("'") and quoted.endswith("'") else quoted


def _base64(text: str) -> Iterator[str]:
    raw = text.encode("utf-8", "surrogatepass")
    whole = base64.b64encode(raw).decode()
    for encoded in (whole, whole.translate(str.maketrans("+/", "-_"))):
        yield encoded
        yield encoded.rstrip("=")
        for width in _BASE64_WIDTHS:
            if len(encoded) > width:
                yield from (encoded[i : i + width] for i in range(0, len(encoded), width))
    for before in range(3):
        inner = _unaligned_base64(raw, before)
        if len(inner) >= _SHORTEST_INNER_BASE64:
            yield inner
            yield inner.translate(str.maketrans("+/", "-_"))


def _unaligned_base64(raw: bytes, before: int) -> str:
    """The characters that depend on `raw` alone where `before` bytes (modulo 3) precede it."""
    encoded = base64.b64encode(bytes(before) + raw).decode().rstrip("=")
    first = (before * 8 + 5) // 6
    last = (before + len(raw)) * 8 // 6
    return encoded[first:last]
