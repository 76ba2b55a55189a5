"""The script that lists a guest reads what distributions really have, and changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from oxtui.build.changes.collector import script
from oxtui.build.changes.inventory import Inventory, read
from tests.guests import live_guest

SHELLS = [
    shell
    for shell in (["sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"])
    if shutil.which(shell[0])
]


def write(root: Path, name: str, text: str = "") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What every distribution has."""
    root = tmp_path / "root"
    write(
        root, "etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\nubuntu:x:1000:1000:Ubuntu,,,:/home/ubuntu:/bin/sh\n",
    )  # fmt: skip
    write(root, "etc/group", "root:x:0:\nsudo:x:27:ubuntu,deploy\n")
    return root


def listed(
    root: Path, *arguments: str, path: str = "", shell: list[str] | None = None
) -> Inventory:
    environ = {**os.environ, "OXTUI_ROOT": str(root), "PATH": f"{path}:{os.environ['PATH']}"}
    done = subprocess.run(
        [*(shell or ["sh"]), "-s", "--", *arguments], input=script(), env=environ,
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stderr == b""
    inventory = read(done.stdout.decode())
    assert inventory is not None
    return inventory


def program(folder: Path, name: str, text: str = "") -> str:
    """A program on the path that prints a text."""
    path = write(folder, f"bin/{name}", f"#!/bin/sh\nprintf '%s' '{text}'\n")
    path.chmod(0o755)
    return str(path.parent)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_distribution_with_dpkg_and_systemd(root: Path, shell: list[str]) -> None:
    if not shutil.which("dpkg-query"):
        pytest.skip("there is no dpkg-query here")
    write(
        root, "var/lib/dpkg/status",
        "Package: hello\nStatus: install ok installed\nMaintainer: m\nArchitecture: all\n"
        "Version: 2.10-3\nDescription: d\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nMaintainer: m\nArchitecture: all\n"
        "Version: 1\nDescription: d\n\n",
    )  # fmt: skip
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "nginx.service").symlink_to("/lib/systemd/system/nginx.service")
    (root / "etc/systemd/system/snapd.service").symlink_to("/dev/null")
    (root / "etc/systemd/system/dbus.service").symlink_to("/lib/systemd/system/other.service")
    found = listed(root, "lists", shell=shell)
    assert found.sections["packages"] == {"hello": "2.10-3"}
    assert found.sections["users"] == {
        "root": "uid 0, gid 0, /root, /bin/bash",
        "ubuntu": "uid 1000, gid 1000, /home/ubuntu, /bin/sh",
    }
    assert found.sections["groups"] == {"root": "gid 0", "sudo": "gid 27, ubuntu,deploy"}
    assert found.sections["units"] == {"nginx.service": "enabled", "snapd.service": "masked"}
    assert (found.kinds["packages"], found.kinds["units"]) == ("dpkg", "links")
    assert found.whole
    assert found.files is None


def test_alpine(root: Path) -> None:
    write(
        root, "lib/apk/db/installed", "C:Q1x=\nP:musl\nV:1.2.5-r0\n\nC:Q1y=\nP:nginx\nV:1.26-r1\n"
    )
    write(root, "etc/runlevels/default/.keep")
    for level, service in (("default", "sshd"), ("boot", "networking"), ("default", "networking")):
        link = root / "etc/runlevels" / level / service
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(f"/etc/init.d/{service}")
    path = program(root.parent, "apk")
    found = listed(root, "lists", path=path) if not shutil.which("rpm") else None
    if found is None:
        pytest.skip("rpm is installed here and comes first")
    assert found.sections["packages"] == {"musl": "1.2.5-r0", "nginx": "1.26-r1"}
    assert found.kinds["units"] == "openrc"
    assert found.sections["units"] == {
        "networking": "runlevel boot, runlevel default", "sshd": "runlevel default"
    }  # fmt: skip


def test_a_distribution_with_rpm(root: Path) -> None:
    printed = "bash.x86_64\t5.2-1.el9\nkernel.x86_64\t5.14-1\nkernel.x86_64\t5.14-2\n"
    path = program(root.parent, "rpm", printed)
    found = listed(root, "lists", path=path)
    assert found.sections["packages"] == {
        "bash.x86_64": "5.2-1.el9", "kernel.x86_64": "5.14-1, 5.14-2"
    }  # fmt: skip
    assert "units" not in found.sections


def test_old_services_of_runlevels(root: Path) -> None:
    write(root, "etc/init.d/ssh")
    for level in "35":
        link = root / f"etc/rc{level}.d/S20ssh"
        link.parent.mkdir()
        link.symlink_to("../init.d/ssh")
    assert listed(root, "lists").sections["units"] == {"ssh": "runlevel 3, runlevel 5"}


def test_only_files_that_were_written_since_count_the_largest_first(root: Path) -> None:
    written = [write(root, "opt/new ü", "x" * 700), write(root, "etc/b", "x" * 3000)]
    now = listed(root, "clock")
    assert not now.sections
    # What a package unpacks keeps the times of its making; when it was written is in ctime alone.
    for path in written:
        os.utime(path, (0, 0))
    found = listed(root, "files", str(now.time - 60)).files
    assert found is not None
    assert found.whole
    assert [Path(path).name for _, path in found.largest[:2]] == ["b", "new ü"]
    assert [size for size, _ in found.largest[:2]] == [3000, 700]
    assert found.count == 4
    assert found.size == sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    later = listed(root, "files", str(now.time + 3600)).files
    assert later is not None
    assert (later.count, later.size, later.largest) == (0, 0, ())
    few = listed(root, "files", "1", "2").files
    assert few is not None
    assert (few.count, few.size, few.largest) == (4, found.size, found.largest[:2])


def userlands(tmp_path: Path) -> Iterator[str]:
    """Search paths: what is here, and busybox alone, where there is one."""
    yield os.environ["PATH"]
    applets = tmp_path / "applets"
    applets.mkdir()
    if shutil.which("busybox"):
        subprocess.run(["busybox", "--install", "-s", str(applets)], check=True)
    if (applets / "sh").exists():
        yield str(applets)


def test_a_file_that_was_overwritten_in_place_counts_wherever_it_is(root: Path) -> None:
    places = [
        "usr/bin/tool", "usr/lib/a", "usr/share/doc/deep/er/page", "usr/lib/modules/6.1/m.ko", "usr/src/x/y",
        "opt/app/v1/data", "var/www", ".hidden/a/b/c", "top", "srv/two\nlines/f", "home/ü u/it's/$x/`a`",
    ]  # fmt: skip
    files = [write(root, place, "old") for place in places]
    write(root, "usr/lib/other")
    since = settled(root)
    for place in ("proc/1/environ", "sys/x", "dev/a/b/c", "run/x"):
        write(root, place)
    inodes = [file.stat().st_ino for file in files]
    for size, file in enumerate(files, 10):
        file.write_text("x" * size)
        os.utime(file, (0, 0))
    assert [file.stat().st_ino for file in files] == inodes
    # A line end ends a name in the list; what comes behind it is of no file.
    shown = {f"{root}/{place}".partition("\n")[0]: 10 + at for at, place in enumerate(places)}
    for path in userlands(root.parent):
        found = with_path(root, path, "files", str(since)).files
        assert found is not None
        assert {path: size for size, path in found.largest} == shown
        assert (found.count, found.size, found.whole) == (len(places), sum(shown.values()), True)


@pytest.mark.parametrize(("code", "whole"), [(0, True), (124, False), (143, False)])
def test_a_walk_that_was_cut_off_says_so(root: Path, code: int, whole: bool) -> None:
    """By GNU's timeout, and by that of busybox."""
    path = write(root.parent, "bin/timeout", f'#!/bin/sh\nshift\n"$@"\nexit {code}\n')
    path.chmod(0o755)
    found = listed(root, "files", "1", path=str(path.parent)).files
    assert found is not None
    assert (found.count, found.whole) == (2, whole)


def with_path(root: Path, path: str, *arguments: str) -> Inventory:
    """What is listed with these programs alone."""
    environ = {**os.environ, "OXTUI_ROOT": str(root), "PATH": path}
    shell = shutil.which("sh", path=path) or "sh"
    done = subprocess.run(
        [shell, "-s", "--", *arguments],
        input=script(),
        env=environ,
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    inventory = read(done.stdout.decode())
    assert inventory is not None
    return inventory


def settled(root: Path) -> int:
    """A Unix second in which no file of the root was written, and that has begun."""
    newest = max(path.stat().st_ctime_ns for path in root.rglob("*"))
    since = newest // 1_000_000_000 + 1
    probe = root.parent / "probe"
    while True:
        probe.touch()
        if probe.stat().st_ctime_ns // 1_000_000_000 >= since:
            return since


async def test_a_real_server_tells_itself(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as there:
        taken: list[bytes] = []
        status = await there.communicator.run(
            "sh -s -- lists", lambda stream, data: taken.append(data) if stream == "stdout" else None,
            stdin=script(), by_sh=True,
        )  # fmt: skip
        assert status.status == 0
        found = read(b"".join(taken).decode())
        assert found is not None
        assert found.whole
        assert found.sections["users"]["root"].startswith("uid 0, gid 0, /root")
        if "ports" in found.sections:
            assert f"tcp 127.0.0.1:{there.server.port}" in found.sections["ports"]
