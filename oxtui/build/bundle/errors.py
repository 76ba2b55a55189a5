"""What can go wrong with a bundle, in words an operator can act on."""

from __future__ import annotations

from pathlib import Path


class BundleError(Exception):
    """A bundle cannot be written, or a file is none that can be trusted."""


def unreadable(path: Path, why: str) -> BundleError:
    """A file that is no sound bundle: what is wrong with it, and what to do."""
    return BundleError(
        f"{path} cannot be opened as a bundle: {why}. Ask for a new one (`oxtui bundle`)."
    )
