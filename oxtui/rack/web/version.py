"""The `API-Version` header (Dropshot's `ClientSpecifiesVersionInHeader`)."""

from __future__ import annotations

import re

from oxtui.rack.web import errors

SERVER_VERSION = "2026072800.0.0"
# Bodies had other shapes before this version; the simulated rack has only the present ones.
OLDEST_VERSION = "2026020900.0.0"
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def parse(text: str) -> tuple[int, int, int]:
    """Return the parts of a semantic version; ValueError if it is none."""
    match = _SEMVER.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a version such as {SERVER_VERSION}")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def check(header: str | None, newest: str) -> None:
    """Refuse a version that this rack does not speak; a missing header means the newest."""
    if header is None:
        return
    try:
        version = parse(header)
    except ValueError:
        raise errors.bad_request(
            f'bad value for header "api-version": unexpected character in version: {header}'
        ) from None
    if not parse(OLDEST_VERSION) <= version <= parse(newest):
        raise errors.bad_request(f"server does not support this API version: {header}")
