"""The same steps around a device that comes from elsewhere, as a volume of a cloud does."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from oxtui.builders.chroot.chroot import Chroot
from oxtui.builders.chroot.devices import DeviceWatch
from oxtui.builders.chroot.lock import device_lock
from oxtui.builders.chroot.options import ChrootOptions
from oxtui.builders.chroot.steps import before_mount, from_guest, step, to_guest
from oxtui.component.protocols import BuilderSetting, StepContext
from oxtui.component.resources import ResourceRecord, resource_kind
from oxtui.template.legacy.interpolate import Interpolation
from tests.builders.chroot.builds import inside
from tests.guests import Recorded
from tests.roots import copy_root, needs_mounts

pytestmark = needs_mounts()


class Kept:
    """A recorder that keeps what is made here, and looks for it as the journal's readers do."""

    def __init__(self) -> None:
        self.made: list[ResourceRecord] = []

    @asynccontextmanager
    async def create(
        self, kind: str, name: str, locator: Mapping[str, str]
    ) -> AsyncIterator[SimpleNamespace]:
        record = ResourceRecord(
            number=len(self.made), session=1, build="b", kind=kind, name=name, locator=locator, time=0.0
        )  # fmt: skip
        self.made.append(record)
        yield SimpleNamespace(created=lambda _id: None)

    async def existing(self, kind: str, name: str, service: object) -> ResourceRecord | None:
        for record in self.made:
            if (record.kind, record.name) == (kind, name):
                return record if await resource_kind(kind).find(service, record) else None
        return None


async def test_a_volume_that_is_attached_takes_the_place_of_the_disk_image(tmp_path: Path) -> None:
    copy_root(tmp_path / "userland")
    volume = tmp_path / "volume"
    with volume.open("wb") as file:
        file.truncate(64 << 20)
    making = ["mkfs.ext4", "-q", "-d", str(tmp_path / "userland"), str(volume)]
    subprocess.run(making, check=True)  # noqa: ASYNC221 - nothing else runs yet
    recorder, context = Kept(), Recorded()
    setting: dict[str, Any] = {
        "build": "b", "recorder": recorder, "interpolation": Interpolation(datetime.now(UTC)),
        "environ": {}, "claims": {}, "run_uuid": "u", "emit": context.emit, "now": context.now,
    }  # fmt: skip
    options = ChrootOptions(
        mount_path=f"{tmp_path}/mnt/{{{{.Device}}}}", copy_files=[],
        pre_mount_commands=["echo {{.Device}}"],
    )  # fmt: skip
    chroot = Chroot(options, cast("BuilderSetting", SimpleNamespace(**setting)))
    captured: list[Path] = []

    async def attach(chroot: Chroot, context: StepContext) -> None:
        async with device_lock(context.say):
            with DeviceWatch() as watch:  # entered before the cloud is asked
                asked = await asyncio.create_subprocess_exec("losetup", "--find", str(volume))
                await asked.wait()
                chroot.device = await watch.appeared()
        chroot.path = chroot.render(options.mount_path, Device=Path(chroot.device).name)

    async def snapshot(chroot: Chroot, context: StepContext) -> None:
        captured.append(chroot.root)
        assert not (chroot.root / "proc/self").exists()

    steps = [step(chroot, "volume", "prepare", "volume", attach), *before_mount(chroot)]
    for each in [*steps, *to_guest(chroot)]:
        await each.run(context)
    assert context.streams["stdout"] == f"{chroot.device}\n".encode()
    status = await chroot.guest.reach().run("ls /proc/self >/root/made", context.output)
    assert status.status == 0
    for each in from_guest(chroot, [step(chroot, "x", "capture", "x", snapshot)]):
        await each.run(context)
    assert captured == [chroot.root]
    assert chroot.guest.communicator is None
    await chroot.host.check("losetup", "--detach", chroot.device)
    for record in reversed(recorder.made):
        await resource_kind(record.kind).delete(None, record)
    with inside(volume, tmp_path) as root:
        assert "status" in (root / "root/made").read_text()
    assert {record.kind for record in recorder.made} == {"local.mount", "local.directory"}
