"""An account that all pictures are of, and clients that nobody makes wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from oxtui.outscale import channel
from oxtui.outscale.limiter import Limiter
from tests.screens.accounts import still_account


@pytest.fixture(scope="session")
def pictured_account() -> Iterator[Mapping[str, str]]:
    """The environment of an account that is only looked at."""
    with still_account() as environment:
        yield environment


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five requests a second are for real accounts."""
    monkeypatch.setattr(channel, "shared", lambda endpoint, key: Limiter(rate=1000))
