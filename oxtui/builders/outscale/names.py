"""Names of images, and of what is temporary."""

from __future__ import annotations

import re

_ALLOWED = r"A-Za-z0-9()\[\] ./'@_-"
SHORTEST, LONGEST = 3, 128
"""Characters of an image's name."""
BUILD_TAG = "oxtui:build"
"""Tag of everything that a build makes, with the session's id and the run's."""


def clean_omi_name(text: str) -> str:
    """The text with `-` for every character that no name of an image has."""
    return re.sub(f"[^{_ALLOWED}]", "-", text)


def name_problem(name: str) -> str:
    """Why an image cannot be called so, as a sentence without a full stop; empty if it can."""
    if not SHORTEST <= len(name) <= LONGEST:
        return f"a name has {SHORTEST} to {LONGEST} characters, and this one has {len(name)}"
    if other := re.search(f"[^{_ALLOWED}]", name):
        return (
            f"a name has letters, digits, blanks and ( ) [ ] . / - ' @ _, and not {other[0]!r}; "
            "clean_omi_name in a template puts - for it"
        )
    return ""


def temporary_name(source_name: str, run_id: str) -> str:
    """Name of a temporary thing of a run, by which it is found again."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "-", source_name)[:100]
    return f"oxtui-{plain}-{run_id}"
