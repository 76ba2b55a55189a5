"""Temporary SSH key pairs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

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
