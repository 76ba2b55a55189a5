"""Chroot builds whose process is interrupted or killed, by the commands that an operator types."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from oxtui.builders.chroot.unmounting import end_processes, unmount
from oxtui.communicators.chroot.host import Host
from tests.builders.chroot.builds import inside, template
from tests.cli import running
from tests.roots import attached_in, mounted_in, needs_mounts, rooted_in
from tests.sessions import shell

pytestmark = needs_mounts()

SLOW = shell("echo second >>/root/log", "test -e /root/go || sleep 300")


class Operator:
    """Somebody with a folder of their own and no rack."""

    def __init__(self, folder: Path, text: str) -> None:
        self.template = folder / "t.pkr.hcl"
        self.template.write_text(text)
        self.environ = {"OXTUI_SESSIONS_DIR": str(folder / "sessions"), "HOME": str(folder)}

    @asynccontextmanager
    async def building(self, until: bytes) -> AsyncIterator[asyncio.subprocess.Process]:
        """A build that has come as far as that line."""
        process = await running.started(
            "build", str(self.template), environ=self.environ, forked=False
        )
        assert process.stdout is not None
        while until not in (line := await process.stdout.readline()):
            assert line, (await process.communicate())[1]
        yield process
        await process.communicate()

    async def says(self, *words: str) -> tuple[int, str]:
        code, out, err = await running.oxtui(*words, environ=self.environ)
        return code, out + err


async def test_an_interrupt_leaves_nothing(base: Path, tmp_path: Path) -> None:
    lines = ("setsid sleep 300 >/dev/null 2>&1 </dev/null &", "echo be''gun", "sleep 300")
    operator = Operator(tmp_path, template(base, tmp_path, shell(*lines)))
    async with operator.building(b"begun") as process:
        assert mounted_in(tmp_path)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 1
    assert (mounted_in(tmp_path), attached_in(tmp_path), rooted_in(tmp_path)) == ([], [], [])
    assert not (tmp_path / "out").exists()


async def test_what_a_killed_process_leaves_is_swept(base: Path, tmp_path: Path) -> None:
    operator = Operator(tmp_path, template(base, tmp_path, shell("echo be''gun", "sleep 300")))
    async with operator.building(b"begun") as process:
        process.kill()
    assert attached_in(tmp_path)
    assert rooted_in(tmp_path)
    code, told = await operator.says("sweep", "--yes")
    assert code == 0, told
    assert f"umount --recursive {tmp_path}/mnt" in told
    assert f"removed loop device {tmp_path}/out/.made.oxtui-" in told
    assert (mounted_in(tmp_path), attached_in(tmp_path), rooted_in(tmp_path)) == ([], [], [])
    assert not (tmp_path / "out").exists()
    assert (await operator.says("sweep"))[0] == 0


async def test_another_process_goes_on_in_the_root_that_is_still_mounted(
    base: Path, tmp_path: Path
) -> None:
    text = template(base, tmp_path, shell("echo first >>/root/log"), SLOW)
    operator = Operator(tmp_path, text)
    async with operator.building(b"2 shell") as process:
        process.kill()
    (root,) = (tmp_path / "mnt").iterdir()
    (root / "root/go").touch()
    code, told = await operator.says("resume", "1")
    assert code == 0, told
    assert f"Going on with {root}" in told
    with inside(tmp_path / "out/made", tmp_path) as made:
        assert (made / "root/log").read_text().splitlines()[0] == "first"
        assert (made / "root/log").read_text().splitlines()[-1] == "second"


async def test_a_root_that_is_gone_with_its_provisioning_is_told(
    base: Path, tmp_path: Path
) -> None:
    operator = Operator(tmp_path, template(base, tmp_path, shell("true"), SLOW))
    async with operator.building(b"2 shell") as process:
        process.kill()
    (root,) = (tmp_path / "mnt").iterdir()
    await end_processes(Host(), root, lambda text: None)
    await unmount(Host(), str(root), lambda text: None)  # as a boot does
    code, told = await operator.says("resume", "1")
    assert code == 1
    assert f"{root} is not mounted any more" in told
    assert (await operator.says("sweep", "--yes"))[0] == 0


async def test_validation_and_export_tell_that_packer_has_no_such_builder(
    base: Path, tmp_path: Path
) -> None:
    text = template(base, tmp_path, shell("true"))
    operator = Operator(tmp_path, text)
    code, told = await operator.says("validate", str(operator.template))
    assert code == 0
    assert told.count('Packer has no builder "chroot"') == 1
    code, told = await operator.says("build", str(operator.template))
    assert code == 0
    assert "Packer has no" not in told
    _, told = await operator.says("export", "1")
    assert 'Packer has no builder "chroot"' in told
