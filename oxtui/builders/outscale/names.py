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


def omi_taken(name: str, image: str) -> str:
    """What is said of the name of a new image that the account has already; `image` is its id."""
    return (
        f'omi_name: the account has an image "{name}" already ({image}). Choose another name, delete '
        "that image, or build with -force (force_deregister) to replace it."
    )


def keypair_taken(name: str) -> str:
    """What is said of the name of a temporary key pair that there is already."""
    return f'temporary_key_pair_name: there is a key pair "{name}" already. Choose another name.'
