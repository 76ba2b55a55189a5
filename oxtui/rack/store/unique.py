"""Turning a taken name into the API's error."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from oxtui.rack.web import errors

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def unique_name(kind: str, name: str) -> Iterator[None]:
    """Raise ApiError 400 where the block's insert or update finds the name taken."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if not str(error).startswith("UNIQUE") or not str(error).endswith(".name"):
            raise
        raise errors.already_exists(kind, name) from None
