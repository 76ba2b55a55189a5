"""Every isolation carries a build from an instance to an image that holds what was provisioned."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # the other tests run in the best isolation that works here

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that other users reach; pytest closes its own to them whenever it starts."""
    with tempfile.TemporaryDirectory(prefix="oxtui-rack-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


KINDS = {
    "root": ("overlay", "own root, users and processes (overlay);", 1000),
    "subids": ("overlay", "own root, users and processes (overlay in a user namespace);", 1000),
    "user": ("overlay", "inside, every user is root, nothing checks permissions.", 0),
    "masked": ("overlay", "inside, every user is root, nothing checks permissions.", 0),
    "container": ("chroot", "own root but not their own processes (chroot);", 1000),
    "nobody": ("none", "plain folders, not isolated: their commands run as you;", 65534),
}


async def run(kind: str, isolation: str, folder: Path) -> dict[str, Any]:
    """What the scenario saw, run with the rights of `kind`."""
    if os.geteuid() != 0:
        pytest.skip("only root can take each of these rights away")
    secret = folder / "secret"
    secret.write_text("host only\n")
    state = folder / "state"
    state.mkdir(mode=0o777)
    state.chmod(0o777)
    scenario = ["-m", "tests.rack.machines.scenario", isolation, str(state / "s"), str(secret)]
    if kind != "root":
        scenario = ["-m", "tests.rack.machines.confine", kind, *scenario]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *scenario,
        cwd=ROOT,
        env={**os.environ, "HOME": str(folder)},  # the tests' own home is closed to other users
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    assert secret.read_text() == "host only\n"
    seen: dict[str, Any] = json.loads(output)
    if kind == "root" and "unshare" in seen.get("error", ""):
        pytest.skip(f"no right to mount here: {seen['error']}")
    return seen


@pytest.mark.parametrize("kind", KINDS)
async def test_auto_takes_the_best_isolation_and_it_builds_an_image(
    kind: str, public_folder: Path
) -> None:
    isolation, banner, uid = KINDS[kind]
    seen = await run(kind, "auto", public_folder)
    assert "error" not in seen
    assert seen["isolation"] == isolation
    assert banner in seen["banner"]
    assert seen["config"] == "written\nran\n"
    root = uid if isolation == "none" else 0
    assert seen["script"] == [0, f"as {uid}, sudo {root}\n", ""]
    assert seen["terminal"] == [4, True]
    assert seen["null"] == [0, "0\n"]
    assert seen["zero"] == [0, "100000\n"]
    assert seen["random"] == [0, "16\n"]
    assert seen["reboot"] == "reboot"
    assert seen["after reboot"] == "provisioned\n"
    assert seen["daemon after stop"] == 0
    assert seen["image"] == "provisioned\n0\ntool\n"
    assert seen["live snapshot"] == "provisioned\n"
    assert seen["layers"] == ["ubuntu-24.04.1"]
    if isolation != "none":
        assert seen["home"] == [0, "ubuntu\n"]
        assert seen["shadow"][1].startswith("root:!*:")
        assert "host only" not in seen["secret"][1]
    if isolation == "overlay":
        assert int(seen["processes"][1]) < 10


@pytest.mark.parametrize(
    ("kind", "isolation", "cause"),
    [
        ("container", "overlay", "overlay (as root): [Errno 1] unshare: Operation not permitted"),
        ("nobody", "overlay", "overlay (user namespace with one id): [Errno 28] unshare"),
        ("nobody", "chroot", "isolation chroot needs Linux and root; --isolation auto takes what"),
        ("root", "everything", "unknown isolation 'everything'; use auto, overlay, chroot or none"),
    ],
)
async def test_an_isolation_that_does_not_work_names_why(
    kind: str, isolation: str, cause: str, public_folder: Path
) -> None:
    assert cause in (await run(kind, isolation, public_folder))["error"]


async def test_none_is_confined_by_landlock_or_says_that_it_is_not(public_folder: Path) -> None:
    seen = await run("nobody", "none", public_folder)
    if seen["confined"]:
        assert "Landlock lets them write in their own folder only" in seen["banner"]
        assert seen["secret"] == [1, ""]
        assert seen["write outside"][0] != 0
    else:
        assert "nothing keeps them from your files" in seen["banner"]


async def test_disks_keep_the_isolation_that_they_were_made_with(public_folder: Path) -> None:
    assert (await run("root", "none", public_folder))["isolation"] == "none"
    (public_folder / "state").rename(public_folder / "used")
    os.symlink(public_folder / "used", public_folder / "state")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(
            "-m",
            "tests.rack.machines.scenario",
            "overlay",
            str(public_folder / "state/s"),
            "/secret",
        ),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert (
        "were made with isolation none, not overlay; use --isolation none"
        in (json.loads(output)["error"])
    )
