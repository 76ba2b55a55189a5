"""Limits of the API that can be checked without it; each check returns a sentence or None.

The numbers are omicron's: some are refused by the API with a clear message, others only by its
database, which would come back as a bare 500.
"""

from __future__ import annotations

import re

from oxtui.oxide.names import is_id

GIB = 1024**3
NAME_LENGTH = 63
DESCRIPTION_LENGTH = 512
HOSTNAME_LENGTH = 63
IMAGE_TEXT_LENGTH = 64
PUBLIC_KEY_LENGTH = 1023
CPUS = 254
MEMORY = 1536 * GIB
DISK_SIZE = 1023 * GIB
BLOCK_SIZES = (512, 2048, 4096)
USER_DATA_BYTES = 32 * 1024
DISKS_PER_INSTANCE = 12
INTERFACES_PER_INSTANCE = 8
EXTERNAL_IPS_PER_INSTANCE = 32
SSH_KEYS_PER_INSTANCE = 100
BULK_WRITE_BYTES = 512 * 1024

_NAME = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")


def check_name(name: str) -> str | None:
    """The server's own rule; the OpenAPI pattern also allows capitals, but the server does not."""
    if not name:
        return "A name is needed."
    if len(name) > NAME_LENGTH:
        return f"The name has {len(name)} characters; at most {NAME_LENGTH} are allowed."
    if is_id(name):
        return "A name must not look like an id (UUID)."
    if not _NAME.fullmatch(name):
        return (
            "A name has lower-case letters, digits and hyphens, begins with a letter and does"
            " not end with a hyphen."
        )
    return None


def check_description(description: str) -> str | None:
    """At most 512 characters."""
    return _check_length("description", description, DESCRIPTION_LENGTH)


def check_hostname(hostname: str) -> str | None:
    """Labels of RFC 1035 separated by dots, 63 characters in all."""
    if not hostname:
        return "A hostname is needed."
    if not all(_LABEL.fullmatch(label) for label in hostname.split(".")):
        return (
            "A hostname has letters, digits and hyphens in parts separated by dots; no part"
            " begins or ends with a hyphen."
        )
    return _check_length("hostname", hostname, HOSTNAME_LENGTH)


def check_cpus(cpus: int) -> str | None:
    """1 to 254."""
    if 1 <= cpus <= CPUS:
        return None
    return f"An instance has 1 to {CPUS} virtual CPUs, not {cpus}."


def check_memory(memory: int) -> str | None:
    """Bytes: 1 GiB to 1536 GiB in whole GiB."""
    if memory % GIB or not GIB <= memory <= MEMORY:
        return _sizes("Memory", MEMORY, memory)
    return None


def check_disk_size(
    size: int, *, source_size: int | None = None, read_only: bool = False
) -> str | None:
    """Bytes: 1 GiB to 1023 GiB in whole GiB, and not smaller than the source's.

    Args:
        size: Bytes of the disk.
        source_size: Bytes of the image or snapshot that it is made from, if any.
        read_only: A read-only disk has exactly the size of its source.
    """
    if size % GIB or not GIB <= size <= DISK_SIZE:
        return _sizes("A disk", DISK_SIZE, size)
    if source_size is not None and size < source_size:
        return (
            f"The disk of {gibibytes(size)} is smaller than its source of {gibibytes(source_size)}."
        )
    if source_size is not None and read_only and size != source_size:
        return f"A read-only disk has the size of its source, {gibibytes(source_size)}."
    return None


def check_block_size(block_size: int) -> str | None:
    """512, 2048 or 4096 bytes."""
    if block_size in BLOCK_SIZES:
        return None
    return f"A block size is 512, 2048 or 4096 bytes, not {block_size}."


def check_user_data(user_data: bytes) -> str | None:
    """At most 32 KiB, counted before they are encoded in base64."""
    if len(user_data) <= USER_DATA_BYTES:
        return None
    return f"User data has {len(user_data)} bytes; at most {USER_DATA_BYTES} (32 KiB) are allowed."


def check_image_text(field: str, text: str) -> str | None:
    """The os or the version of an image: at most 64 characters; empty is allowed."""
    return _check_length(field, text, IMAGE_TEXT_LENGTH)


def check_public_key(public_key: str) -> str | None:
    """One line of at most 1023 characters in OpenSSH's form; the rack stores any text."""
    text = public_key.strip()
    if "PRIVATE KEY" in text:
        return "This is a private key; give the public one (the file that ends in .pub)."
    if "\n" in text or len(text.split()) < 2:
        return "A public key is one line such as `ssh-ed25519 AAAA… comment`."
    return _check_length("public key", text, PUBLIC_KEY_LENGTH)


def check_count(what: str, count: int, most: int) -> str | None:
    """How many things an instance may be given, such as disks or SSH keys."""
    if count <= most:
        return None
    return f"An instance takes at most {most} {what}, not {count}."


def gibibytes(size: int) -> str:
    """A size in bytes as people read it: `20 GiB`, or the bytes when it is not a whole number."""
    return f"{size // GIB} GiB" if size % GIB == 0 else f"{size} bytes"


def _check_length(field: str, text: str, most: int) -> str | None:
    if len(text) <= most:
        return None
    return f"The {field} has {len(text)} characters; at most {most} are allowed."


def _sizes(what: str, most: int, size: int) -> str:
    return (
        f"{what} is 1 GiB to {most // GIB} GiB in whole GiB, not {gibibytes(size)}."
        if size % GIB == 0
        else f"{what} must be a whole number of GiB; {size} bytes is not."
    )
