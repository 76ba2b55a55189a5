"""An upload as a session: what its journal tells, and what `sweep` may and may not remove."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from oxtui.build.environment import Environment, open_environment
from oxtui.build.journal import JournalError
from oxtui.build.recorded import recorded_session
from oxtui.build.upload import UploadSession
from oxtui.component.events import Event, Noted, StepFinished, StepProgress
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.errors import OxideError
from oxtui.oxide.image_file import inspect
from oxtui.oxide.models.image import Image
from oxtui.oxide.token import Token
from oxtui.oxide.upload import UploadError, UploadRequest
from oxtui.settings import load
from tests.oxide.disk_files import bootable, write
from tests.rack_process import RackProcess, rack

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROJECT = "lab"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there() -> AsyncIterator[RackProcess]:
    async with rack("--isolation", "none") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def client(there: RackProcess) -> AsyncIterator[OxideClient]:
    async with OxideClient(Connection(there.host, Token(there.token))) as connected:
        yield connected


@pytest_asyncio.fixture(loop_scope="module")
async def environment(client: OxideClient) -> AsyncIterator[Environment]:
    async with open_environment(load(os.environ), {}, connected=client.connection) as opened:
        yield opened


async def request(folder: Path, name: str, **fields: str) -> UploadRequest:
    file = await inspect(write(folder / "disk.raw", bootable()))
    return UploadRequest(file, PROJECT, name, **fields)


async def test_the_journal_tells_the_whole_upload_and_nothing_of_it_is_swept(
    client: OxideClient, environment: Environment, tmp_path: Path
) -> None:
    wanted = await request(tmp_path, "told", description="of a test", os="debian", version="13")
    session = UploadSession(environment, client, wanted, promote=True)
    heard: list[Event] = []
    session.subscribe(heard.append)
    uploaded = await session.run()
    assert uploaded.image.is_silo_image
    assert any(isinstance(event, StepProgress) for event in heard)
    journal = environment.journal
    records = {each.kind: each for each in await journal.resources(session.number)}
    assert {kind: each.state for kind, each in records.items()} == {
        "oxide.disk": "deleted",
        "oxide.snapshot": "deleted",
        "oxide.image": "created",
    }
    assert records["oxide.image"].released, "the result is the operator's"
    place = records["oxide.image"].locator
    assert (place["description"], place["os"], place["version"]) == ("of a test", "debian", "13")
    assert records["oxide.disk"].locator["size"] == str(2**30)
    replayed = await recorded_session(journal, environment.folders, session.number)
    build = replayed.state.builds["told"]
    assert {step: each.phase for step, each in build.steps.items()} == dict.fromkeys(
        ("check", "disk", "write", "finalize", "image", "clean-up", "promote"), "done"
    )
    assert build.artifact is not None
    assert (build.phase, build.artifact.id) == ("succeeded", uploaded.image.id)
    assert replayed.state.finished == session.state.finished


async def test_a_failure_is_that_of_its_step_and_what_was_made_is_gone(tmp_path: Path) -> None:
    async with (
        rack("--isolation", "none", "--fault", "image_create:500") as there,
        OxideClient(Connection(there.host, Token(there.token))) as client,
        open_environment(load(os.environ), {}, connected=client.connection) as environment,
    ):
        session = UploadSession(environment, client, await request(tmp_path, "broken"))
        with pytest.raises(OxideError, match="create image"):
            await session.run()
        steps = session.state.builds["broken"].steps
        assert (steps["image"].phase, steps["clean-up"].phase) == ("failed", "done")
        assert steps["image"].failure is not None
        assert "create image" in steps["image"].failure.summary
        finished = session.state.finished
        assert finished is not None
        assert (finished.status, finished.leftovers, session.leftovers) == ("failed", 0, 0)
        left = await environment.journal.resources(session.number, ("intended", "created", "left"))
        assert left == []


async def test_what_cannot_be_removed_is_left_in_the_journal_with_its_reason(
    tmp_path: Path,
) -> None:
    async with (
        rack("--isolation", "none", "--fault", "snapshot_delete:403") as there,
        OxideClient(Connection(there.host, Token(there.token))) as client,
        open_environment(load(os.environ), {}, connected=client.connection) as environment,
    ):
        session = UploadSession(environment, client, await request(tmp_path, "partly"))
        uploaded = await session.run()
        [left] = uploaded.leftovers
        [record] = await environment.journal.resources(session.number, ["left"])
        assert (record.kind, record.name) == ("oxide.snapshot", left.name)
        assert "Not authorized" in record.reason
        assert session.leftovers == 1
        [told] = [each for each in session.state.builds["partly"].resources.values() if each.reason]
        assert "oxide snapshot delete" in told.command


async def test_a_promotion_that_fails_says_where_the_image_is(
    client: OxideClient, environment: Environment, tmp_path: Path
) -> None:
    silo = [image.name async for image in client.images.list()]
    session = UploadSession(environment, client, await request(tmp_path, silo[0]), promote=True)
    with pytest.raises(UploadError, match='is in the project "lab" but could not be promoted'):
        await session.run()
    image: Image = await client.images.view(silo[0], PROJECT)
    [record] = [
        each
        for each in await environment.journal.resources(session.number)
        if each.kind == "oxide.image"
    ]
    assert (record.id, record.released) == (image.id, True)
    assert session.state.builds[silo[0]].steps["promote"].phase == "failed"


async def test_a_journal_that_breaks_meanwhile_stops_the_upload_before_more_is_made(
    client: OxideClient,
    environment: Environment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = UploadSession(environment, client, await request(tmp_path, "unwritten"))
    journal = environment.journal

    def broken(event: Event) -> None:
        if isinstance(event, StepFinished) and event.step == "write":
            monkeypatch.setattr(journal, "intend", full)

    async def full(*_: object) -> int:
        raise JournalError("the disk is full")

    session.subscribe(broken)
    with pytest.raises(JournalError, match="disk is full"):
        await session.run()
    assert [d.name async for d in client.disks.list(PROJECT) if "unwritten" in d.name] == []
    names = [image.name async for image in client.images.list(PROJECT)]
    assert "unwritten" not in names


async def test_an_end_that_cannot_be_noted_is_told_and_the_rest_is_removed(
    client: OxideClient,
    environment: Environment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = UploadSession(environment, client, await request(tmp_path, "unnoted"))

    async def full(_: int) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(environment.journal, "deleted", full)
    uploaded = await session.run()
    assert uploaded.leftovers == ()
    notes: tuple[Noted, ...] = session.state.builds["unnoted"].notes
    assert [note.text for note in notes] == ["the disk is full", "the disk is full"]
    assert [d.name async for d in client.disks.list(PROJECT) if "unnoted" in d.name] == []
