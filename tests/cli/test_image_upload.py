"""`oxtui image upload`: a file becomes an image, or nothing is left behind."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.image_file import CHUNK
from oxtui.oxide.models.disk import DiskStateName
from oxtui.oxide.token import Token
from tests.cli.running import on, on_terminal, oxtui, started
from tests.oxide.disk_files import bootable, write
from tests.rack_process import RackProcess, rack

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROJECT = "sandbox"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there() -> AsyncIterator[RackProcess]:
    async with rack("--isolation", "none") as running:
        yield running


def client_of(there: RackProcess) -> OxideClient:
    return OxideClient(Connection(there.host, Token(there.token)))


def words(file: Path, name: str, *more: str) -> tuple[str, ...]:
    fields = ("--project", PROJECT, "--name", name, "--os", "debian", "--os-version", "13")
    return ("image", "upload", str(file), *fields, *more)


async def things(client: OxideClient) -> set[str]:
    """What an upload makes besides the image."""
    disks = {f"disk {each.name}" async for each in client.disks.list(PROJECT)}
    return disks | {f"snapshot {each.name}" async for each in client.snapshots.list(PROJECT)}


@pytest.mark.parametrize("packed", [False, True], ids=["raw", "gzip"])
async def test_a_file_becomes_an_image(there: RackProcess, tmp_path: Path, packed: bool) -> None:
    content = bootable(8)
    name = "packed" if packed else "plain"
    file = write(tmp_path / "disk.raw", gzip.compress(content) if packed else content)
    code, out, err = await oxtui(*words(file, name, "--promote", "--json"), environ=on(there))
    image = json.loads(out)
    assert (code, image["name"], image["os"], image["version"]) == (0, name, "debian", "13")
    assert (image["project_id"], image["size"]) == (None, 2**30)
    assert image["description"] == "Uploaded by oxtui from disk.raw"
    told, *steps = err.splitlines()
    assert f"{8 * CHUNK:,} bytes in blocks of 512" in told
    assert ("packed with gzip" in told) is packed
    assert [step[0] for step in steps] == ["✓"] * 7
    assert "\r" not in err
    async with client_of(there) as client:
        assert await things(client) == set()
        assert (await client.images.view(name)).id == image["id"]
    _, out, _ = await oxtui("sessions", "--json")
    [session] = json.loads(out)
    assert (session["template"], session["image"]) == ("upload disk.raw", name)
    assert (session["state"], session["leftovers"]) == ("succeeded", 0)


async def test_on_a_terminal_one_line_tells_how_far_it_is(
    there: RackProcess, tmp_path: Path
) -> None:
    file = write(tmp_path / "disk.raw", bootable(8))
    code, screen = await on_terminal(
        *words(file, "shown"), environ=on(there), until=b"", answer=b""
    )
    assert code == 0
    assert "\r\x1b[K… write the blocks" in screen
    left = [line.rpartition("\x1b[K")[2] for line in screen.split("\n")]
    assert "✓ write the blocks" in " ".join(left)
    assert not [line for line in left if line.startswith("…")]


@pytest.mark.parametrize(
    ("content", "flags", "message"),
    [
        (b"QFI\xfb" + bytes(1020), (), "format qcow2; only raw blocks can be uploaded"),
        (bytes(1000), (), "no whole blocks of 512 bytes"),
        (b"", (), "is empty"),
        (bytes(1024), ("--block-size", "4096"), "no whole blocks of 4096 bytes"),
    ],
)
async def test_a_wrong_file_is_refused_before_anything_is_made(
    tmp_path: Path, there: RackProcess, content: bytes, flags: tuple[str, ...], message: str
) -> None:
    file = write(tmp_path / "disk.qcow2", content)
    code, out, err = await oxtui(*words(file, "wrong", *flags), environ=on(there))
    assert (code, out) == (1, "")
    assert message in err
    assert (await oxtui("sessions"))[1].startswith("No session yet")


async def test_what_may_not_boot_is_warned_of(there: RackProcess, tmp_path: Path) -> None:
    file = write(tmp_path / "data.raw", b"no partition table".ljust(4096, b"\0"))
    code, _, err = await oxtui(*words(file, "odd", "--block-size", "4096"), environ=on(there))
    assert code == 0
    assert "warning: It has neither a GPT partition table nor a CD's file system" in err


async def test_a_name_that_is_taken_or_wrong_ends_it_at_once(
    there: RackProcess, tmp_path: Path
) -> None:
    file = write(tmp_path / "disk.raw", bootable())
    code, _, err = await oxtui(*words(file, "Capital"), environ=on(there))
    assert (code, "lower-case letters" in err) == (1, True)
    assert (await oxtui(*words(file, "twice"), environ=on(there)))[0] == 0
    code, _, err = await oxtui(*words(file, "twice"), environ=on(there))
    assert (code, 'already has an image "twice"' in err) == (1, True)
    async with client_of(there) as client:
        assert await things(client) == set()


async def writing(process: asyncio.subprocess.Process, client: OxideClient) -> None:
    """Wait until the upload writes its blocks; nothing but the rack tells of that."""
    assert process.stderr is not None
    while "create a temporary disk" not in (line := (await process.stderr.readline()).decode()):
        assert line, "the upload ended early"
    while True:
        disks = [disk async for disk in client.disks.list(PROJECT)]
        if [d for d in disks if d.state.state == DiskStateName.IMPORTING_FROM_BULK_WRITES]:
            return


async def listed(environ: dict[str, str]) -> list[dict[str, Any]]:
    _, out, _ = await oxtui("sweep", "--json", environ=environ)
    found: list[dict[str, Any]] = json.loads(out)["leftovers"]
    return found


SLOW = ("--isolation", "none", "--fault", "disk_bulk_write_import:slow=600")


@pytest.mark.slow
async def test_ctrl_c_removes_what_was_made(tmp_path: Path) -> None:
    file = write(tmp_path / "disk.raw", bootable())
    async with rack(*SLOW) as there, client_of(there) as client:
        process = await started(*words(file, "never"), environ=on(there))
        await writing(process, client)
        assert len(await listed(on(there))) == 0, "what a live session owns is not listed"
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
        assert process.returncode == 130
        assert "cleaning up; Ctrl-C again leaves at once" in err.decode()
        assert "Cancelled; nothing is left on the rack." in err.decode()
        assert await things(client) == set()
        assert await listed(on(there)) == []


@pytest.mark.slow
async def test_after_sigkill_sweep_finds_the_disk_in_the_middle_of_its_import(
    tmp_path: Path,
) -> None:
    file = write(tmp_path / "disk.raw", bootable())
    async with rack(*SLOW) as there, client_of(there) as client:
        process = await started(*words(file, "killed"), environ=on(there), forked=False)
        await writing(process, client)
        process.kill()
        await process.communicate()
        [left] = await listed(on(there))
        assert (left["kind"], left["exists"]) == ("oxide.disk", True)
        assert left["name"].startswith("killed-upload-")
        code, out, _ = await oxtui("sweep", "--yes", environ=on(there))
        assert (code, f"✓ removed disk {left['name']}" in out) == (0, True)
        assert await things(client) == set()


@pytest.mark.slow
async def test_ctrl_c_twice_leaves_at_once_and_names_the_way_back(tmp_path: Path) -> None:
    file = write(tmp_path / "disk.raw", bootable())
    stuck = (*SLOW, "--fault", "disk_bulk_write_import_stop:slow=600")
    async with rack(*stuck) as there, client_of(there) as client:
        process = await started(*words(file, "stuck"), environ=on(there))
        await writing(process, client)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while b"cleaning up" not in await process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
        assert process.returncode == 130
        assert "`oxtui sweep --session 1` lists and removes" in err.decode()
        [left] = await listed(on(there))
        assert left["kind"] == "oxide.disk"
        for path in Path(os.environ["HOME"]).rglob("*"):
            assert not path.is_file() or there.token.encode() not in path.read_bytes(), path
