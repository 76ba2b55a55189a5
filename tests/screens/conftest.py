"""Pictures of screens: SVG snapshots that come out the same on every machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import textual.app
import textual.constants
import textual.pilot
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from textual.notifications import Notification
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from oxtui.outscale import channel
from oxtui.outscale.limiter import Limiter
from tests.screens.accounts import still_account
from tests.screens.racks import still_rack
from tests.screens.rest import awaited, rest
from tests.screens.stylesheets import share_rules
from tests.screens.trimming import trimmed

SNAPSHOTS = Path(__file__).resolve().parents[2] / "snapshots"

PATIENCE = 30
"""Seconds for the screen to become what the picture shows."""

TakePicture = Callable[[Pilot[Any], str], Awaitable[None]]


class Pictures(SingleFileSnapshotExtension):
    """SVG files in `snapshots/<name of the test file>/`."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """Beside the tests, not among them: README shows these pictures."""
        return str(SNAPSHOTS / Path(test_location.filepath).stem)


@pytest.fixture(scope="session", autouse=True)
def _parsed_once() -> Iterator[None]:
    """Style sheets are, for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        share_rules(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _counted() -> Iterator[None]:
    """What an app waits for is, while a test waits for the app to rest."""
    with pytest.MonkeyPatch.context() as patch:
        awaited(patch)
        yield


@pytest.fixture(scope="session")
def pictured_account() -> Iterator[Mapping[str, str]]:
    """The environment of an Outscale account that is only looked at."""
    with still_account() as environment:
        yield environment


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five requests a second are for real accounts."""
    monkeypatch.setattr(channel, "shared", lambda endpoint, key: Limiter(rate=1000))


@pytest.fixture(autouse=True)
def _stillness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing moves or goes by itself, and nobody waits longer than until all is at rest."""
    monkeypatch.setattr(textual.pilot, "wait_for_idle", rest)
    monkeypatch.setattr(textual.app, "wait_for_idle", rest)
    monkeypatch.setattr(textual.constants, "TEXTUAL_ANIMATIONS", "none")
    # On a busy machine a toast of three seconds would come and go between two looks of a test.
    monkeypatch.setattr(Notification, "time_left", 3600.0)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _self: None)


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> TakePicture:
    """Compares the screen of a running app with the picture of that name.

    `pytest --snapshot-update` takes new ones; look at each before committing it.
    """
    pictures = snapshot.use_extension(Pictures)

    async def take(pilot: Pilot[Any], name: str) -> None:
        place = pictures.extension.get_location(test_location=pictures.test_location, index=name)
        known = Path(place).read_text(encoding="utf-8") if Path(place).is_file() else None
        end = monotonic() + PATIENCE * (known is not None and not pictures.update_snapshots)
        await pilot.pause()
        seen = _seen(pilot)
        # on a busy machine an app can look at rest while one of its threads waits for its turn
        while seen != known and monotonic() < end:
            await pilot.pause()
            seen = _seen(pilot)
        assert seen == pictures(name=name)

    return take


def _seen(pilot: Pilot[Any]) -> str:
    return trimmed(pilot.app.export_screenshot(simplify=True))


@pytest.fixture(scope="session")
def pictured_rack() -> Iterator[tuple[str, str]]:
    """Host and token of a rack that is only looked at."""
    with still_rack() as rack:
        yield rack
