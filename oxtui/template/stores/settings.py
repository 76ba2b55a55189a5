"""Environment variables as the clients of HashiCorp read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.durations import parse_duration
from oxtui.template.stores.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUE: Final = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE: Final = frozenset(("0", "f", "F", "FALSE", "false", "False"))


def flag(environ: Mapping[str, str], name: str, unset: bool) -> bool:
    """True or false as Go spells them; `unset` where the variable is empty. Raises StoreError."""
    text = environ.get(name, "")
    if not text:
        return unset
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise StoreError(f'{name} is neither true nor false; write "true" or "false"')


def count(environ: Mapping[str, str], name: str, unset: int) -> int:
    """A whole number that is not negative. Raises StoreError."""
    text = environ.get(name, "")
    if not text:
        return unset
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise StoreError(f"{name} is not a whole number from 0 on")


def seconds(environ: Mapping[str, str], name: str, unset: float) -> float:
    """A time such as `30` (seconds) or `1m30s`; nought means `unset`, as in Vault. Raises StoreError."""
    text = environ.get(name, "")
    try:
        found = parse_duration(f"{text}s" if text.isdecimal() else text) / 1e9 if text else 0.0
    except ValueError:
        raise StoreError(f'{name} is not a time; write it like "30", "90s" or "1m30s"') from None
    if found < 0:
        raise StoreError(f"{name} is less than no time")
    return found or unset
