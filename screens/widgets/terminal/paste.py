"""Pasted text as it is sent to a guest."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def paste_bytes(text: str, *, bracketed: bool) -> bytes:
    """Text without control characters, so that a paste can neither end its own marks nor press keys.

    Lines end as the enter key ends them. Where the program asked for marks it gets them, and decides itself
    what it does with several lines.
    """
    text = _CONTROLS.sub("", text.replace("\r\n", "\r").replace("\n", "\r"))
    return (f"\x1b[200~{text}\x1b[201~" if bracketed else text).encode()
