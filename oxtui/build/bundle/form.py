"""The form of a bundle: its files, its manifest, and the bounds within which one is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

FORMAT: Final = "oxtui-session"
VERSION: Final = 1
"""Of the form; a newer one is refused, while unknown kinds of events are passed over."""

MANIFEST: Final = "manifest.json"
EVENTS: Final = "events.jsonl"
TEMPLATE: Final = "template.pkr.hcl"
OUTPUT: Final = re.compile(
    r"builds/(?P<build>[^/\\\0]{1,200})/(?P<step>[^/\\\0]{1,200})\.(?P<kind>log|lines)"
)
"""Names of the files of an output."""

LARGEST_FILE: Final = 1 << 30
"""Bytes of a bundle."""
LARGEST_CONTENT: Final = 2 << 30
"""Bytes of all that is in one, unpacked."""
LARGEST_MANIFEST: Final = 8 << 20
LARGEST_TEMPLATE: Final = 16 << 20
LARGEST_EVENT: Final = 4 << 20
"""Bytes of one event's line."""
MOST_FILES: Final = 20_000
MOST_EVENTS: Final = 1_000_000
MOST_GATHERED: Final = 5_000
"""Events of a kind of which a session's state keeps each one, such as resources and commands."""
MOST_STEPS: Final = 2_000
"""Of a build."""
MOST_BUILDS: Final = 500


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle."""

    name: str
    size: int
    """Bytes, unpacked."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: what is in it, what was hidden, and how large it became."""

    members: tuple[Member, ...]
    size: int
    """Bytes of the bundle."""
    events: int
    secrets: int
    """Stretches that looked like secrets, and were masked."""
    names: int
    """Hosts, addresses and users that were replaced by others."""
