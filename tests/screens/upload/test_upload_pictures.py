"""How an upload looks: the form with its checks, and the progress."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from textual.widgets import Input

from oxtui.build.folding import fold
from oxtui.build.upload import UploadSession
from oxtui.build.upload.steps import plan
from oxtui.component import events as e
from oxtui.oxide.image_file import ImageFile
from oxtui.oxide.upload import UploadError, UploadRequest
from screens.upload.form import UploadForm
from screens.upload.progress import UploadDialog
from screens.upload.uploads import Upload
from screens.widgets.top_line import TopLine
from tests.oxide.disk_files import bootable, write
from tests.screens.conftest import TakePicture
from tests.screens.driving import app_of, browse_of, loaded, press, running, services, until
from tests.screens.racks import NOW

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
NAME = "debian-13"


@SIZES
async def test_form(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # so that the path has the same length everywhere
    write(tmp_path / "debian-13.raw", bootable(8))
    write(tmp_path / "debian-13.qcow2", b"QFI\xfb" + bytes(1020))
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        await press(pilot, "u")
        await picture(pilot, "empty")
        form = pilot.app.screen
        assert isinstance(form, UploadForm)
        path = form.query_one("#file", Input)
        path.value = "debian-13.qcow2"
        await until(pilot, lambda: "qcow2" in "".join(c.text for c in form.check.lines()))
        await picture(pilot, "refused")
        path.value = "debian-13.raw"
        await until(pilot, lambda: form.file is not None)
        form.query_one("#os", Input).value = "debian"
        form.query_one("#version", Input).value = "13"
        await press(pilot, "tab", "tab", "tab")
        await picture(pilot, "checked")


def steps(*done: str) -> Iterator[e.Event]:
    """The events of an upload whose first steps are done, each a second and a half after the other."""
    begun = NOW.timestamp() - 60
    yield e.BuildPlanned(time=begun, build=NAME, steps=plan(promote=True))
    for number, step in enumerate(done):
        at = begun + number * 1.5
        yield e.StepStarted(time=at, build=NAME, step=step)
        yield e.StepFinished(time=at + 1.5, build=NAME, step=step, status="done", seconds=1.5)


def writing(part: float) -> Iterator[e.Event]:
    """In the middle of the blocks."""
    yield from steps("check", "disk")
    begun = NOW.timestamp() - 57
    yield e.StepStarted(time=begun, build=NAME, step="write")
    total = 4 * 2**30
    yield e.StepProgress(
        time=NOW.timestamp(), build=NAME, step="write", text="", done=part * total, total=total
    )


def failed() -> Iterator[e.Event]:
    """The snapshot did not come about."""
    yield from steps("check", "disk", "write")
    at = NOW.timestamp() - 20
    why = e.Failure(summary="the rack made none")
    yield e.StepStarted(time=at, build=NAME, step="finalize")
    yield e.StepFinished(
        time=at, build=NAME, step="finalize", status="failed", seconds=12.0, failure=why
    )
    yield e.StepStarted(time=at, build=NAME, step="clean-up")
    yield e.StepFinished(time=at, build=NAME, step="clean-up", status="done", seconds=2.0)


def session(told: Iterator[e.Event]) -> UploadSession:
    """A session that stands as these events say."""
    file = ImageFile(Path("debian-13.raw.xz"), "xz", 4 * 2**30, 512)
    request = UploadRequest(file, "web", NAME, os="debian", version="13")
    made = UploadSession(cast("Any", None), cast("Any", None), request, promote=True)
    for event in told:
        made.state = fold(made.state, event)
    return replace(made, number=7)


@SIZES
async def test_progress(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        app = app_of(pilot)
        running_: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        upload = Upload(session(writing(0.45)), cast("asyncio.Task[Any]", running_))
        app.uploads.all.append(upload)
        app.uploads_changed()
        # The top line follows what runs at a pace of its own; behind the dialog it is seen too.
        await until(pilot, lambda: browse_of(pilot).query_one(TopLine).running)
        app.show_upload(upload)
        await pilot.pause()
        await picture(pilot, "writing")
        await press(pilot, "x")
        await picture(pilot, "cancel")
        await press(pilot, "escape")
        upload.session = session(failed())
        running_.set_exception(UploadError("The rack finalized the disk but made no snapshot."))
        dialog = app.screen
        assert isinstance(dialog, UploadDialog)
        dialog.draw()
        await pilot.pause()
        await picture(pilot, "failed")
