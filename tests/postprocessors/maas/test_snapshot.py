"""The disk of a build's snapshot becomes an image of MAAS: read on a helper instance, of which nothing stays.

Guests of the simulated rack see a disk only where that has loop devices, which take root.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import Abort, Retry
from oxtui.component.events import Paused, StepProgress
from tests.cli.running import oxtui, started
from tests.maas.double import Fault, Maas
from tests.maas.server import KEY, maas
from tests.rack_process import rack
from tests.roots import needs_mounts
from tests.sessions import Bench, bench, shell, template

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), needs_mounts()]

SIZE = 1 << 30
MADE = shell("echo from a provisioner | sudo tee /opt/made", "sudo rm -r /media", "sync")
SMALL = f"boot_disk_size = {SIZE}"


def reading(there: Maas, *more: str, image: str = "debian-12", user: str = "debian") -> str:
    lines = "\n".join((f'maas_url = "{there.url}"', *more))
    helper = f'helper_image = "{image}"\n helper_username = "{user}"'
    return f'post-processor "oxtui-maas" {{\n api_key = "{KEY}"\n capture = "disk"\n {helper}\n{lines}\n}}'


@asynccontextmanager
async def rack_with_devices(folder: Path, *flags: str) -> AsyncIterator[Bench]:
    """A rack whose guests see disks beside their boot disk, and whose image is small: a disk is read whole."""
    state = folder / "rack"
    async with rack("--state", str(state)):
        pass
    with sqlite3.connect(state / "rack.db") as store:
        store.execute("UPDATE image SET size = ? WHERE name = 'ubuntu-24-04'", (SIZE,))
    store.close()
    async with bench(folder, "--loop-devices", "--state", str(state), *flags) as there:
        yield there


async def left(there: Bench) -> list[str]:
    """All that is on the rack beyond its seed, but for the image."""
    temporary = [f"key {each.name}" async for each in there.client.ssh_keys.list()]
    for noun in ("instances", "disks", "snapshots"):
        listed = getattr(there.client, noun).list(project="web")
        temporary += [f"{noun} {each.name}" async for each in listed]
    return [each for each in temporary if "packer-" in each]


async def nothing_stays(there: Bench, folder: Path) -> None:
    assert await left(there) == []
    assert await there.records() == []
    assert [path.name for path in (folder / "sessions").rglob("maas*")] == []
    backing = Path("/sys/block").glob("loop*/loop/backing_file")
    assert [text for path in backing if str(folder) in (text := path.read_text())] == []


def unpack(content: bytes, path: Path) -> None:
    """Writes a packed disk as a sparse file."""
    nothing = bytes(1 << 20)
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed, path.open("wb") as file:
        while data := packed.read(len(nothing)):
            if data == nothing[: len(data)]:
                file.seek(len(data), os.SEEK_CUR)
            else:
                file.write(data)
        file.truncate()


def debugfs(image: Path, request: str) -> str:
    program = shutil.which("debugfs", path="/usr/sbin:/sbin:/usr/bin")
    assert program is not None
    words = [program, "-R", request, str(image)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


async def test_the_disk_of_the_snapshot_becomes_an_image_of_maas(tmp_path: Path) -> None:
    with maas() as there:
        # What MAAS refuses is told when all is captured; by then the helper is gone, and retrying makes another.
        there.faults = [Fault("POST", "boot-resources/", "403")]
        async with rack_with_devices(tmp_path) as on:

            def refused(stop: Paused) -> Retry:
                assert stop.step == "post-process-1"
                assert there.images == {}
                assert on.build.instance_state == "stopped"  # of the build's own, not of the helper
                kinds = [r.kind for r in on.build.resources.values() if r.phase == "created"]
                assert sorted(kinds) == [
                    "oxide.disk", "oxide.image", "oxide.instance", "oxide.snapshot", "oxide.ssh_key",
                ]  # fmt: skip
                return Retry()

            finished = await on.run(
                template(MADE, source=SMALL, build=reading(there, "chunk_size_mb = 1")), refused
            )
            assert (finished.status, on.build.error) == ("succeeded", "")
            assert [artifact.name for artifact in on.build.artifacts] == ["made", "t"]
            steps = list(on.build.steps)
            assert steps.index("snapshot") < steps.index("post-process-1") < steps.index("cleanup")
            await nothing_stays(on, tmp_path)
            told = [e for e in on.events if isinstance(e, StepProgress) and e.total == SIZE]
            assert {e.text for e in told} >= {
                "reading the disk of the snapshot", "checking what was captured",
            }  # fmt: skip
            assert on.build.address is not None
            assert on.build.address.user == "ubuntu"
        [image] = there.images.values()
        assert next(iter(image.sets.values())).filetype == "root-ddgz"  # type: ignore[union-attr]
        disk = tmp_path / "disk"
        unpack(there.content("t"), disk)
    assert disk.stat().st_size == SIZE
    assert debugfs(disk, "cat /opt/made") == "from a provisioner\n"
    names = debugfs(disk, "ls -p /")
    assert ("/opt/" in names, "/media/" in names) == (True, False)


@pytest.mark.parametrize(
    ("flags", "image", "words"),
    [
        ((), "none-such", 'there is no image "none-such" for the helper instance'),
        (
            ("--fault", "instance:failed:after=1"),
            "debian-12",
            "is failed and will not become running",
        ),
        (("--fault", "instance_create:507:after=1"), "debian-12", "Insufficient Storage"),
        (("--fault", "disk_create:500"), "debian-12", "the rack failed inside (500)"),
    ],
)
async def test_a_helper_that_does_not_come_up_is_told_and_goes(
    tmp_path: Path, flags: tuple[str, ...], image: str, words: str
) -> None:
    with maas() as there:
        async with rack_with_devices(tmp_path, *flags) as on:
            finished = await on.run(template(source=SMALL, build=reading(there, image=image)))
            assert (finished.status, words in on.build.error) == ("failed", True), on.build.error
            assert [artifact.name for artifact in on.build.artifacts] == ["made"]
            await nothing_stays(on, tmp_path)
        assert there.images == {}


async def test_a_helper_without_the_disk_tells_what_it_looked_for(tmp_path: Path) -> None:
    with maas() as there:
        async with bench(tmp_path) as on:
            finished = await on.run(template(source="", build=reading(there)))
            assert finished.status == "failed"
            assert "no disk has the serial number read-" in on.build.error
            assert "That takes --loop-devices of the rack" in on.log("post-process-1")
            await nothing_stays(on, tmp_path)
        assert there.images == {}


async def test_a_disk_that_cannot_be_read_to_its_end_is_no_image(tmp_path: Path) -> None:
    stub = (
        "#!/bin/sh",
        "case $* in *bs=4M*) head -c 1000000 /dev/zero; echo dd: Input/output error >&2; exit 1;; esac",
        'exec /usr/bin/dd "$@"',
    )
    lines = " ".join(f"'{line}'" for line in stub)
    broken = shell(
        f"printf '%s\\\\n' {lines} | sudo tee /usr/local/bin/dd",
        "sudo chmod 755 /usr/local/bin/dd; sync",
    )
    with maas() as there:
        async with rack_with_devices(tmp_path) as on:
            made = template(broken, source=SMALL).replace('"made"', '"broken"')
            assert (await on.run(made)).status == "succeeded", on.build.error
            text = template(source=SMALL, build=reading(there, image="broken", user="ubuntu"))
            assert (await on.run(text)).status == "failed"
            assert (
                "cannot be captured: it ended with exit status 1, and said: dd: Input/output error"
                in on.build.error
            )
            await nothing_stays(on, tmp_path)
        assert there.images == {}


async def test_aborting_while_the_disk_is_read_leaves_nothing(tmp_path: Path) -> None:
    with maas() as there:
        async with rack_with_devices(tmp_path) as on:
            text = template(source=SMALL, build=reading(there))
            session = await on.session(text, Policy())

            def heard(event: object) -> None:
                if isinstance(event, StepProgress) and event.text.startswith("reading"):
                    for control in session._controls.values():
                        control.command(Abort())

            session.subscribe(heard)
            assert (await session.run()).status == "cancelled"
            assert any(isinstance(e, StepProgress) and "reading" in e.text for e in on.events)
            await nothing_stays(on, tmp_path)
        assert there.images == {}


@pytest.mark.parametrize("command", [("sweep", "--yes"), ("resume", "1")], ids=["sweep", "resume"])
async def test_a_helper_whose_build_was_killed_is_found(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with maas() as there:
        async with rack_with_devices(tmp_path) as on:
            path = tmp_path / "t.pkr.hcl"
            port = f"{SMALL}\n ssh_port = {on.rack.ssh_port}"
            path.write_text(template(source=port, build=reading(there)))
            environ = {
                "OXIDE_HOST": on.rack.host, "OXIDE_TOKEN": on.rack.token, "HOME": str(tmp_path),
            }  # fmt: skip
            process = await started("build", str(path), environ=environ, forked=False)
            assert process.stdout is not None
            for text in (b"Capturing the disk", b"Connected"):
                while text not in (line := await process.stdout.readline()):
                    assert line
            process.kill()
            await process.communicate()
            names = [each.split()[0] for each in await left(on)]
            assert names == ["key"] * 2 + ["instances"] * 2 + ["disks"] * 3 + ["snapshots"]
            code, out, err = await oxtui(*command, environ=environ)
            assert code == 0, out + err
            assert await left(on) == []
        assert len(there.images) == (command[0] == "resume")
