"""Public SSH keys as operators give them: the line itself, or the file that has it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

from oxtui.oxide.errors import OxideError
from oxtui.oxide.limits import check_public_key

_PREFIXES = ("ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-")


class PublicKeyError(OxideError):
    """It is no public key; the text says why."""


def read_public_key(text: str) -> str:
    """The key in OpenSSH's one-line form; reads the file where `text` is no key itself.

    Raises:
        PublicKeyError: There is none.
    """
    if not text:
        raise PublicKeyError("A public key is needed, or the path of a .pub file.")
    key = text
    if not text.startswith(_PREFIXES):
        try:
            key = Path(text).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError, RuntimeError):
            raise PublicKeyError(
                f"{text} is neither a public key nor a file that can be read."
            ) from None
    problem = check_public_key(key)
    if problem is None and not key.startswith(_PREFIXES):
        problem = "A public key is one line such as `ssh-ed25519 AAAA… comment`."
    if problem is None and not _is_whole(key):
        problem = f"The {key.split()[0]} key is cut off or mistyped; copy the whole line of the .pub file."
    if problem is not None:
        raise PublicKeyError(problem)
    return key


def _is_whole(key: str) -> bool:
    """Whether the key's blob is a list of strings that begins with its type (RFC 4253, 6.6).

    The API takes any text, and whoever relies on half a key cannot log in.
    """
    kind, _, rest = key.partition(" ")
    try:
        blob = base64.b64decode(rest.split()[0], validate=True)
    except (binascii.Error, ValueError, IndexError):
        return False
    fields = []
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length:
            return False
        fields.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return len(fields) > 1 and fields[0] == kind.encode()


def fingerprint(public_key: str) -> str:
    """As `ssh-keygen -l` prints it; empty if the text is no key, which the API does not check."""
    parts = public_key.split()
    if len(parts) < 2:
        return ""
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        return ""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"
