"""Where tests find the reference data that lies beside a checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def shared(relative: str) -> Path:
    """Path of a reference file; skips the calling test where the data is absent, fails on CI.

    The place is the sibling folder `shared` of the checkout, or OXTUI_SHARED where that is set.
    """
    path = Path(os.environ.get("OXTUI_SHARED", SHARED)) / relative
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is missing, and CI must not skip what needs it")
        pytest.skip(f"{path} is not here")
    return path
