"""The version of the API that we speak, and the rack release that it needs."""

from __future__ import annotations

API_VERSION = "2026060800.0.0"
"""Sent as `API-Version`; the shapes of our models are this version's. Served by v20 and later."""

_NEWEST_OF_RELEASE = (
    (2026032500, "v19"),
    (2026060800, "v20"),
    (2026061000, "v21"),
    (2026073100, "v22"),
)


def release_needed(api_version: str) -> str:
    """The oldest rack release that serves a version, as words: `release v20 or later`."""
    major = api_version.partition(".")[0]
    if major.isdecimal():
        for newest, release in _NEWEST_OF_RELEASE:
            if int(major) <= newest:
                return f"release {release} or later"
    return f"a release later than {_NEWEST_OF_RELEASE[-1][1]}"
