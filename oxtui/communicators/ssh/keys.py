"""Temporary SSH key pairs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

_BITS = {"rsa": 4096, "ecdsa": 521}


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key in OpenSSH form (never shown) and its public half with a comment."""

    private: str = field(repr=False)
    public: str
    fingerprint: str


async def generate(kind: str, bits: int, comment: str) -> KeyPair:
    """Makes a key pair off the event loop: an RSA key can take seconds.

    Raises:
        ValueError: the kind of key has no such length.
    """
    return await asyncio.to_thread(_generate, kind, bits or _BITS.get(kind, 0), comment)


def private_key_problem(file: str) -> str:
    """Why a private key cannot be used to log in, as a sentence that begins with its option; empty if it can."""
    path = Path(file).expanduser()
    name = f"ssh_private_key_file: {path}"
    try:
        asyncssh.read_private_key(path)
    except asyncssh.KeyImportError as error:
        if "assphrase" in str(error):
            return (
                f"{name} is locked with a passphrase, which oxtui never asks for. Load it into the SSH "
                "agent (ssh-add) and set ssh_agent_auth instead, or name a key without a passphrase."
            )
        return f"{name} is no private key that can be read ({error}). Name another one."
    except (OSError, ValueError) as error:
        return f"{name} cannot be read ({error}). Name another key."
    return ""


def _generate(kind: str, bits: int, comment: str) -> KeyPair:
    try:
        if kind == "rsa":
            key = asyncssh.generate_private_key("ssh-rsa", comment, key_size=bits)
        elif kind == "ecdsa":
            key = asyncssh.generate_private_key(f"ecdsa-sha2-nistp{bits}", comment)
        else:
            key = asyncssh.generate_private_key("ssh-ed25519", comment)
    except (asyncssh.KeyGenerationError, ValueError) as error:
        raise ValueError(
            f"no {kind} key of {bits} bits can be made ({error}); set temporary_key_pair_bits to 0"
        ) from error
    return KeyPair(
        private=key.export_private_key("openssh").decode(),
        public=key.export_public_key("openssh").decode().strip(),
        fingerprint=key.get_fingerprint(),
    )
