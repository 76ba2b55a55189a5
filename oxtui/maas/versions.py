"""The versions of a boot resource: a day, and from the second of a day on a number behind a dot."""

from __future__ import annotations


def version_key(version: str) -> tuple[tuple[int, int | str], ...]:
    """What sorts versions as MAAS counts them: `20181203.9` before `20181203.10`.

    Parts that are no numbers, which no upload has, come first.
    """
    return tuple(
        (1, int(part)) if part.isascii() and part.isdigit() else (0, part)
        for part in version.split(".")
    )
