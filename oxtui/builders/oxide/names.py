"""Names that the API accepts and that builds side by side do not share."""

from __future__ import annotations

import re

from oxtui.oxide.limits import NAME_LENGTH


def unique_name(text: str, run_id: str) -> str:
    """`text` as a resource name with the run's suffix: lower case, at most 63 characters (API rule)."""
    suffix = f"-{run_id}"
    return plain_name(text, NAME_LENGTH - len(suffix)) + suffix


def plain_name(text: str, length: int = NAME_LENGTH) -> str:
    """`text` in the characters that the API allows, beginning with a letter, cut to `length`."""
    name = re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
    if not name[:1].isalpha():
        name = f"i-{name}".rstrip("-")
    return name[:length].rstrip("-")
