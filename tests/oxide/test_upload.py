"""An upload ends with an image, or with nothing left behind."""

from __future__ import annotations

import asyncio
import gzip
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from oxtui.oxide.abandoned_import import delete_disk
from oxtui.oxide.calls import ApiCall
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.errors import InvalidRequest, OxideError, ServerError
from oxtui.oxide.image_file import CHUNK, ImageFileError, inspect
from oxtui.oxide.models.disk import DiskCreate, DistributedBackend, ImportedBlocks
from oxtui.oxide.models.project import ProjectCreate
from oxtui.oxide.recorder import Handle
from oxtui.oxide.timing import Timing
from oxtui.oxide.token import Token
from oxtui.oxide.upload import Progress, Step, UploadError, UploadRequest, upload
from tests.oxide.disk_files import bootable, write
from tests.oxide.samples import GIB
from tests.rack_process import RackProcess, rack

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Line:
    """A handle that notes what it is told."""

    journal: Journal
    kind: str

    async def created(self, id: str) -> None:  # noqa: A002
        self.journal.lines.append(f"{self.kind} created")

    async def deleted(self) -> None:
        self.journal.lines.append(f"{self.kind} deleted")

    async def released(self) -> None:
        self.journal.lines.append(f"{self.kind} released")

    async def left(self, reason: str) -> None:
        assert reason
        self.journal.lines.append(f"{self.kind} left")


@dataclass
class Journal:
    """A recorder in memory."""

    lines: list[str] = field(default_factory=list)

    async def intend(self, kind: str, name: str, project: str) -> Handle:
        self.lines.append(f"{kind} intended")
        return Line(self, kind)


@dataclass
class Faults(httpx.AsyncBaseTransport):
    """The network between client and rack, where calls meet faults.

    A fault is `METHOD path-ending`, what happens, how often it lets a call go by before, and how
    often it strikes.
    """

    faults: list[Fault]
    wire: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        place = f"{request.method} {request.url.path}"
        effect = next((f.effect for f in self.faults if f.meets(place)), None)
        if effect == "reset":
            raise httpx.ReadError("reset", request=request)
        if isinstance(effect, int):
            body = {"message": "no", "request_id": "r1", "error_code": CODES[effect]}
            return httpx.Response(effect, json=body)
        response = await self.wire.handle_async_request(request)
        if effect == "lost":
            await response.aread()
            raise httpx.ReadError("lost", request=request)
        return response

    async def aclose(self) -> None:
        await self.wire.aclose()


CODES = {400: "InvalidRequest", 500: "Internal", 503: "ServiceNotAvailable"}


@dataclass
class Fault:
    """A fault of the network or of the rack."""

    place: str
    effect: int | str
    skip: int = 0
    left: int = 1_000

    def meets(self, place: str) -> bool:
        if not re.search(f"{self.place}$", place) or self.left == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.left -= 1
        return True


@dataclass
class Bench:
    """A project of a rack and what happens in it."""

    oxide: OxideClient
    project: str
    calls: list[ApiCall]
    told: list[Callable[[ApiCall], None]]

    async def things(self) -> set[str]:
        """All disks, snapshots and images of the project."""
        found = {f"disk {disk.name}" async for disk in self.oxide.disks.list(self.project)}
        found |= {f"snapshot {item.name}" async for item in self.oxide.snapshots.list(self.project)}
        return found | {
            f"image {image.name}" async for image in self.oxide.images.list(self.project)
        }

    def count(self, operation: str) -> int:
        return sum(call.operation == operation for call in self.calls)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there() -> AsyncIterator[RackProcess]:
    """One rack for all tests of this module; each has a project of its own."""
    async with rack("--seed", "empty") as process:
        yield process


@asynccontextmanager
async def bench(there: RackProcess, *faults: Fault) -> AsyncIterator[Bench]:
    calls: list[ApiCall] = []
    told: list[Callable[[ApiCall], None]] = [calls.append]
    connection = Connection(there.host, Token(there.token))

    def tell(call: ApiCall) -> None:
        for listener in told:
            listener(call)

    async with (
        OxideClient(connection) as setup,
        OxideClient(
            connection,
            transport=Faults(list(faults)),
            on_call=tell,
            timing=Timing(pauses=(0.01, 0.02, 0.05)),
        ) as oxide,
    ):
        project = await setup.projects.create(ProjectCreate(name=f"p{secrets.token_hex(6)}"))
        yield Bench(oxide, project.name, calls, told)


async def request(on: Bench, tmp_path: Path, content: bytes | None = None) -> UploadRequest:
    path = write(tmp_path / "disk.img", bootable(9) if content is None else content)
    return UploadRequest(
        await inspect(path), on.project, "uploaded", "from a file", os="debian", version="12"
    )


async def test_a_file_becomes_an_image_and_nothing_else_stays(
    there: RackProcess, tmp_path: Path
) -> None:
    journal, seen = Journal(), list[Progress]()
    async with bench(there) as on:
        asked = await request(on, tmp_path)
        done = await upload(on.oxide, asked, recorder=journal, progress=seen.append, parallelism=3)
        assert done.leftovers == ()
        image = await on.oxide.images.view("uploaded", on.project)
        assert await on.things() == {"image uploaded"}
    assert image == done.image
    assert (image.os, image.version, image.description) == ("debian", "12", "from a file")
    assert (image.size, image.block_size) == (GIB, 512)
    assert on.count("disk_bulk_write_import") == 5  # of nine chunks four are zeros
    assert journal.lines == [
        "oxide.disk intended",
        "oxide.disk created",
        "oxide.snapshot intended",
        "oxide.snapshot created",
        "oxide.image intended",
        "oxide.image created",
        "oxide.image released",
        "oxide.disk deleted",
        "oxide.snapshot deleted",
    ]
    assert list(dict.fromkeys(progress.step for progress in seen)) == list(Step)
    written = [progress.done for progress in seen if progress.step is Step.WRITE]
    assert written == sorted(written)
    assert (written[0], written[-1]) == (0, 9 * CHUNK)


async def test_a_packed_file_is_unpacked_on_the_way(there: RackProcess, tmp_path: Path) -> None:
    async with bench(there) as on:
        asked = await request(on, tmp_path, gzip.compress(bootable(3)))
        assert asked.file.compression == "gzip"
        assert (await upload(on.oxide, asked)).image.name == "uploaded"
        assert on.count("disk_bulk_write_import") == 2


async def test_a_taken_name_is_told_before_anything_is_made(
    there: RackProcess, tmp_path: Path
) -> None:
    async with bench(there) as on:
        asked = await request(on, tmp_path)
        await upload(on.oxide, asked)
        calls = len(on.calls)
        with pytest.raises(UploadError, match='already has an image "uploaded"'):
            await upload(on.oxide, asked)
        assert [call.operation for call in on.calls[calls:]] == ["image_view"]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"name": "Uploaded"}, "lower-case"), ({"os": "x" * 65}, "os has 65 characters")],
)
async def test_a_wrong_field_is_told_before_anything_is_made(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    file = await inspect(write(tmp_path / "disk.img", bootable(2)))
    wrong = replace(UploadRequest(file, "web", "uploaded"), **change)
    calls: list[ApiCall] = []
    connection = Connection("http://rack.invalid", Token("oxide-token-x"))
    async with OxideClient(connection, on_call=calls.append) as oxide:
        with pytest.raises(UploadError, match=words):
            await upload(oxide, wrong)
    assert calls == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST .*/bulk-write-start", 500),
        Fault("POST .*/bulk-write", 500, skip=2),
        Fault("POST .*/bulk-write-stop", 500, left=1),
        Fault("POST .*/finalize", 500, left=1),
        Fault("POST /v1/images", 500),
    ],
)
async def test_a_failure_at_any_step_leaves_nothing(
    there: RackProcess, tmp_path: Path, fault: Fault
) -> None:
    journal = Journal()
    async with bench(there, fault) as on:
        with pytest.raises(ServerError, match="request id"):
            await upload(on.oxide, await request(on, tmp_path), recorder=journal)
        assert await on.things() == set()
    intended = sum(line.endswith("intended") for line in journal.lines)
    assert sum(line.endswith("deleted") for line in journal.lines) == intended
    assert journal.lines[-1].endswith("deleted")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST /v1/disks", "lost", left=1),
        Fault("POST .*/bulk-write", "reset", left=3),
        Fault("POST .*/bulk-write-stop", "lost", left=1),
        Fault("POST .*/finalize", "lost", left=1),
        Fault("POST /v1/images", "lost", left=1),
        Fault(".*", 503, left=3),
    ],
)
async def test_lost_answers_do_not_end_it(there: RackProcess, tmp_path: Path, fault: Fault) -> None:
    async with bench(there, fault) as on:
        done = await upload(on.oxide, await request(on, tmp_path))
        assert (done.image.name, done.leftovers) == ("uploaded", ())
        assert await on.things() == {"image uploaded"}


@pytest.mark.parametrize(
    "operation",
    [
        "disk_create",
        "disk_bulk_write_import_start",
        "disk_bulk_write_import",
        "disk_bulk_write_import_stop",
        "disk_finalize_import",
        "snapshot_view",
        "image_create",
    ],
)
async def test_a_cancellation_at_any_step_leaves_nothing(
    there: RackProcess, tmp_path: Path, operation: str
) -> None:
    journal = Journal()
    async with bench(there) as on:
        asked = await request(on, tmp_path)
        running = asyncio.create_task(upload(on.oxide, asked, recorder=journal))

        def cancel(call: ApiCall) -> None:
            if call.operation == operation:
                running.cancel()

        on.told.append(cancel)
        with pytest.raises(asyncio.CancelledError):
            await running
        assert on.count(operation)
        assert await on.things() == set()
    assert sum(line.endswith("deleted") for line in journal.lines) == sum(
        line.endswith("intended") for line in journal.lines
    )


async def test_what_cannot_be_removed_is_a_warning_when_the_image_is_there(
    there: RackProcess,
    tmp_path: Path,
) -> None:
    async with bench(there, Fault("DELETE /v1/snapshots/.*", 500)) as on:
        done = await upload(on.oxide, await request(on, tmp_path))
        [left] = done.leftovers
        assert await on.things() == {"image uploaded", f"snapshot {left.name}"}
    assert left.command == f"oxide snapshot delete --snapshot {left.id}"
    assert "request id" in left.reason


async def test_what_cannot_be_removed_is_told_with_the_failure(
    there: RackProcess, tmp_path: Path
) -> None:
    async with bench(there, Fault("POST /v1/images", 500), Fault("DELETE /v1/disks/.*", 500)) as on:
        with pytest.raises(UploadError, match="This stays on the rack: disk") as failure:
            await upload(on.oxide, await request(on, tmp_path))
        assert len(await on.things()) == 1
    assert re.search(r"remove it with `oxide disk delete --disk [0-9a-f-]{36}`", str(failure.value))
    assert isinstance(failure.value.__cause__, ServerError)


async def test_a_file_that_changed_meanwhile_leaves_nothing(
    there: RackProcess, tmp_path: Path
) -> None:
    async with bench(there) as on:
        asked = await request(on, tmp_path)
        asked.file.path.write_bytes(bootable(2))
        with pytest.raises(ImageFileError, match="changed while it was uploaded"):
            await upload(on.oxide, asked)
        assert await on.things() == set()


@pytest.mark.parametrize("started", [True, False])
async def test_a_disk_stuck_in_an_import_is_deleted(there: RackProcess, started: bool) -> None:
    async with bench(there) as on:
        body = DiskCreate(
            name="stuck",
            size=GIB,
            disk_backend=DistributedBackend(disk_source=ImportedBlocks()),
        )
        disk = await on.oxide.disks.create(body, on.project)
        if started:
            await on.oxide.disks.bulk_write_start(disk.id)
        with pytest.raises(InvalidRequest, match="disk cannot be deleted in state"):
            await on.oxide.disks.delete(disk.id)
        await delete_disk(on.oxide, disk.id)
        await delete_disk(on.oxide, disk.id)
        assert await on.things() == set()


async def test_a_disk_that_stays_stuck_is_told(there: RackProcess) -> None:
    async with bench(there, Fault("POST .*/finalize", 400)) as on:
        body = DiskCreate(
            name="stuck",
            size=GIB,
            disk_backend=DistributedBackend(disk_source=ImportedBlocks()),
        )
        disk = await on.oxide.disks.create(body, on.project)
        with pytest.raises(OxideError, match=f"Cannot finalize disk {disk.id}"):
            await delete_disk(on.oxide, disk.id)
