"""Digests of values: plain ones for what anybody may know, keyed ones for secrets."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oxtui.settings.paths import private_folder

KEY_NAME = "checkpoint.key"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Digests:
    """Makes digests; `key` is this operator's own, so that nobody else can try out what a secret was."""

    key: bytes = field(repr=False)

    def of(self, value: Any, *, secret: bool = False) -> str:
        """Of any value of JSON; the same value has the same one in every process and on every machine.

        That of a secret is the same only where the key is.
        """
        text = canonical(value).encode("utf-8", "surrogatepass")
        if secret:
            return "keyed:" + hmac.new(self.key, text, hashlib.sha256).hexdigest()
        return hashlib.sha256(text).hexdigest()


def canonical(value: Any) -> str:
    """A value as JSON, in the one form that it has here."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def operator_key(folder: Path) -> bytes:
    """The key for secrets, of 32 bytes, made when it is first wanted; for its owner alone (0600).

    Raises:
        OSError: it can be neither read nor written.
    """
    path = private_folder(folder) / KEY_NAME
    with suppress(FileNotFoundError):
        return path.read_bytes()
    new = folder / f"{KEY_NAME}.{os.getpid()}.{secrets.token_hex(4)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        with open(os.open(new, flags, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        with suppress(FileExistsError):  # another process was first: its key is the key
            os.link(new, path)
    finally:
        new.unlink(missing_ok=True)
    return path.read_bytes()
