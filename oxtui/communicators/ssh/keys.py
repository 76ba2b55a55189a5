"""Private keys and certificates: temporary ones that are made, and those that a template names."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

_BITS = {"rsa": 4096, "ecdsa": 521, "dsa": 1024}


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


class WrongPassphrase(Exception):
    """The passphrase does not open the key."""


class NoPassphrase(Exception):
    """The key is locked, and no passphrase was given."""


def read_private_key(file: str, passphrase: str | None = None) -> asyncssh.SSHKey:
    """A private key in any form that OpenSSH has written: its own, PEM, PKCS #8, locked or not.

    Raises:
        NoPassphrase: it is locked and there is no passphrase.
        WrongPassphrase: it is locked with another one.
        ValueError: it cannot be used; a sentence that names the file and says what to do.
    """
    path = Path(file).expanduser()
    try:
        return asyncssh.read_private_key(path, passphrase)
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}). Name another key.") from None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError) as error:
        text = str(error)
    if "Passphrase must be specified" in text:
        raise NoPassphrase
    if passphrase and ("Incorrect passphrase" in text or "Unable to decrypt" in text):
        raise WrongPassphrase
    raise ValueError(
        f"{path} is no private key that can be read ({text}). Name another one."
    ) from None


def private_key_problem(file: str) -> str:
    """Why a private key cannot be used to log in, as a sentence; empty if it can, also with a passphrase."""
    try:
        read_private_key(file)
    except NoPassphrase:
        return ""
    except ValueError as error:
        return str(error)
    return ""


def read_certificate(file: str) -> asyncssh.SSHCertificate:
    """A certificate of OpenSSH.

    Raises:
        ValueError: it cannot be used; a sentence that names the file and says what to do.
    """
    path = Path(file).expanduser()
    try:
        return asyncssh.read_certificate(path)
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}). Name another one.") from None
    except (asyncssh.KeyImportError, ValueError) as error:
        raise ValueError(
            f"{path} is no certificate that can be read ({error}). Name one that ssh-keygen -s made."
        ) from None


def certificate_problem(file: str) -> str:
    """Why a certificate cannot be used, as a sentence; empty if it can."""
    try:
        read_certificate(file)
    except ValueError as error:
        return str(error)
    return ""


def mismatch_problem(key_file: str, certificate_file: str) -> str:
    """Whether a certificate is for another key, as a sentence without a full stop; a locked key is believed."""
    try:
        key = read_private_key(key_file)
        certificate = read_certificate(certificate_file)
    except (NoPassphrase, ValueError):
        return ""  # what else is wrong with them is told beside their own names
    if key.public_data == certificate.key.public_data:
        return ""
    return f"{certificate_file} is for another key than {key_file}; name the one that belongs to it"


def key_words(algorithm: str, fingerprint: str, name: str) -> str:
    """A public key as an operator tells it from others: `ed25519 SHA256:… (name)`."""
    kind = algorithm.removeprefix("ssh-").removeprefix("ecdsa-sha2-")
    return f"{kind} {fingerprint} ({name})"


def _generate(kind: str, bits: int, comment: str) -> KeyPair:
    try:
        if kind == "rsa":
            key = asyncssh.generate_private_key("ssh-rsa", comment, key_size=bits)
        elif kind == "ecdsa":
            key = asyncssh.generate_private_key(f"ecdsa-sha2-nistp{bits}", comment)
        elif kind == "dsa":
            if bits != _BITS["dsa"]:
                raise ValueError("SSH knows dsa keys of 1024 bits alone")
            key = asyncssh.generate_private_key("ssh-dss", comment)
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
