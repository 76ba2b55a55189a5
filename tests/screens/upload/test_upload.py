"""Uploading an image from Browse: a form that looks at the file, progress, cancel, and no leftovers."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from textual.pilot import Pilot
from textual.widgets import Input, Static

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.models.disk import DiskStateName
from oxtui.oxide.token import Token
from screens.upload.form import UploadForm
from screens.upload.progress import UploadDialog
from screens.upload.uploads import Upload
from tests.oxide.disk_files import bootable, write
from tests.rack_process import RackProcess, rack
from tests.screens.driving import (
    app_of,
    browse_of,
    in_front,
    loaded,
    press,
    running,
    services,
    until,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there() -> AsyncIterator[RackProcess]:
    async with rack("--isolation", "none") as process:
        yield process


def client_of(there: RackProcess) -> OxideClient:
    return OxideClient(Connection(there.host, Token(there.token)))


async def leftovers(client: OxideClient, project: str) -> list[str]:
    """What uploads left in a project."""
    disks = [disk.name async for disk in client.disks.list(project)]
    shots = [snapshot.name async for snapshot in client.snapshots.list(project)]
    return [name for name in (*disks, *shots) if "-upload-" in name]


def checks(pilot: Pilot[int]) -> str:
    """What the form says of the file."""
    return str(pilot.app.screen.query_one(".upload--checks", Static).render())


async def form_for(pilot: Pilot[int], file: Path) -> UploadForm:
    """The form, once it has looked at a file."""
    await loaded(pilot)
    await press(pilot, "u")
    form = pilot.app.screen
    assert isinstance(form, UploadForm)
    form.query_one("#file", Input).value = str(file)
    await until(pilot, lambda: form.file is not None or "✗" in checks(pilot))
    return form


async def begun(pilot: Pilot[int], file: Path, name: str) -> Upload:
    """The upload of a file that the form started."""
    form = await form_for(pilot, file)
    form.query_one("#name", Input).value = name
    await press(pilot, "enter")
    await in_front(pilot, UploadDialog)
    return app_of(pilot).uploads.all[-1]


@pytest.mark.parametrize("packed", [False, True], ids=["raw", "gzip"])
async def test_a_file_becomes_an_image_that_the_table_shows(
    there: RackProcess, tmp_path: Path, packed: bool
) -> None:
    content = bootable(4)
    name = "from-gzip" if packed else "from-raw"
    file = write(tmp_path / "disk.raw", gzip.compress(content) if packed else content)
    async with running(services(tmp_path, there.host, there.token)) as pilot:
        upload = await begun(pilot, file, name)
        await until(pilot, lambda: upload.is_over)
        assert upload.error == ""
        await until(pilot, lambda: f"The image {name} is there" in text_of(pilot))
        await press(pilot, "enter")
        assert pilot.app.screen is browse_of(pilot)
        rows = browse_of(pilot).model
        await until(pilot, lambda: name in [row.name for row in rows.rows()])
    async with client_of(there) as client:
        assert await leftovers(client, upload.session.request.project) == []


async def test_enter_while_the_file_is_read_counts_once_that_is_done(
    there: RackProcess, tmp_path: Path
) -> None:
    file = write(tmp_path / "disk.raw", bootable(4))
    async with running(services(tmp_path, there.host, there.token)) as pilot:
        form = await form_for(pilot, file)
        form.query_one("#name", Input).value = "typed-ahead"
        form._look()  # as another path or block size begins it
        form.do_accept()
        await in_front(pilot, UploadDialog)
        upload = app_of(pilot).uploads.all[-1]
        await until(pilot, lambda: upload.is_over)


def text_of(pilot: Pilot[int]) -> str:
    """The text of the dialog in front."""
    return str(pilot.app.screen.query_one(".upload--text", Static).render())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"QFI\xfb" + bytes(1020), "✗"),
        (bytes(1000), "no whole blocks of 512 bytes"),
        (b"x" + bytes(1023), "! It has neither a GPT partition table"),
        (gzip.compress(bootable(1)), "✓ packed with gzip, 512 KiB in blocks of 512 bytes"),
    ],
)
async def test_the_form_says_what_the_file_is_while_it_is_typed(
    there: RackProcess, tmp_path: Path, content: bytes, said: str
) -> None:
    async with running(services(tmp_path, there.host, there.token)) as pilot:
        form = await form_for(pilot, write(tmp_path / "My disk.raw", content))
        await until(pilot, lambda: said in checks(pilot))
        assert form.query_one("#name", Input).value == "my-disk"
        form.query_one("#file", Input).value = str(tmp_path / "none")
        await until(pilot, lambda: "No such file" in checks(pilot))
        await press(pilot, "enter")
        assert pilot.app.screen is form, "a file that cannot be uploaded is not accepted"


SLOW = ("--isolation", "none", "--fault", "disk_bulk_write_import:slow=600")


@pytest.mark.slow
async def test_an_upload_goes_on_behind_and_a_cancel_leaves_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "disk.raw", bootable())
    async with (
        rack(*SLOW) as there,
        client_of(there) as client,
        running(services(tmp_path, there.host, there.token)) as pilot,
    ):
        upload = await begun(pilot, file, "never")
        await until(pilot, lambda: upload.state.steps["write"].phase == "running")
        project = upload.session.request.project
        await press(pilot, "escape", "3")
        await loaded(pilot)
        top = browse_of(pilot).query_one("TopLine")
        await until(pilot, lambda: "never write" in str(top.render()))
        [disk] = [d async for d in client.disks.list(project) if "-upload-" in d.name]
        assert disk.state.state == DiskStateName.IMPORTING_FROM_BULK_WRITES

        await press(pilot, "f6", "x", "enter")
        await until(pilot, lambda: upload.is_over)
        await until(pilot, lambda: "was cancelled. Nothing is left of it." in text_of(pilot))
        assert await leftovers(client, project) == []


@pytest.mark.slow
async def test_leaving_oxtui_asks_and_cleans_up(tmp_path: Path) -> None:
    file = write(tmp_path / "disk.raw", bootable())
    async with rack(*SLOW) as there, client_of(there) as client:
        async with running(services(tmp_path, there.host, there.token)) as pilot:
            upload = await begun(pilot, file, "unfinished")
            await until(pilot, lambda: upload.state.steps["write"].phase == "running")
            await press(pilot, "escape", "ctrl+q")
            body = " ".join(str(each.render()) for each in pilot.app.screen.query(Static))
            assert "1 upload still at work: unfinished." in body
            await press(pilot, "enter")
            await until(pilot, lambda: upload.is_over)
        assert await leftovers(client, upload.session.request.project) == []


async def test_a_name_that_is_taken_is_told_before_anything_is_made(
    there: RackProcess, tmp_path: Path
) -> None:
    async with running(services(tmp_path, there.host, there.token)) as pilot:
        form = await form_for(pilot, write(tmp_path / "disk.raw", bootable()))
        form.query_one("#project").value = app_projects(pilot)["lab"]  # type: ignore[attr-defined]
        form.query_one("#name", Input).value = "try-out"
        await press(pilot, "enter")
        told = str(form.query_one(".form--help", Static).render())
        assert "The project has an image try-out already." in told
        assert app_of(pilot).uploads.all == []


def app_projects(pilot: Pilot[int]) -> dict[str, str]:
    return browse_of(pilot).projects()
