"""Builds on a simulated rack whose guest becomes an image of a MAAS."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import Abort, EditAndRetry, Retry
from oxtui.component.events import Noted, Paused, StepProgress
from oxtui.export.exported import ExportOptions
from oxtui.export.session import export_session
from tests.maas.double import Fault, Maas
from tests.maas.server import KEY, maas
from tests.sessions import Bench, bench, shell, template

SECRET = KEY.rpartition(":")[2]
SMALL = (
    "/usr/share/*", "/usr/local/*", "/usr/include/*", "/usr/libexec/*", "/usr/src/*", "/usr/sbin/*",
    "/usr/lib/[!ax]*", "/usr/lib/a[!a]*", "/usr/lib/*-linux-gnu/[!l]*", "/usr/lib/*-linux-gnu/l[!di]*",
    "/usr/lib/*-linux-gnu/lib[!c]*", "/usr/lib/*-linux-gnu/libc[!.]*", "/usr/lib/*-linux-gnu/*.a",
    "/usr/bin/[!ds]*", "/usr/bin/d[!a]*", "/usr/bin/s[!h]*",
)  # fmt: skip
"""What makes a capture of the host's programs small: a shell and its libraries stay."""
READY = shell(
    "sudo mkdir -p /curtin && sudo touch /curtin/curtin-hooks && sudo chmod +x /curtin/curtin-hooks",
    "echo 0123456789abcdef0123456789abcdef | sudo tee /etc/machine-id",
    "sudo mkdir -p /var/lib/cloud/instances/i-1 && sudo touch /var/lib/cloud/instances/i-1/sem",
    "echo provisioned > ~/made",
    "echo 'ssh-ed25519 AAAAother me@home' >> ~/.ssh/authorized_keys",
)


def post_processor(there: Maas, *more: str, small: bool = True) -> str:
    excluded = ", ".join(f'"{path}"' for path in SMALL) if small else ""
    lines = "\n".join((f'maas_url = "{there.url}"', f"exclude = [{excluded}]", *more))
    return f'post-processor "oxtui-maas" {{\n api_key = "{KEY}"\n{lines}\n}}'


@asynccontextmanager
async def isolated(folder: Path) -> AsyncIterator[Bench]:
    """A rack whose instances have a root of their own; elsewhere it would be this machine's that is captured."""
    async with bench(folder) as there:
        if there.rack.isolation == "none":
            pytest.skip("instances have no root of their own here")
        yield there


def notes(there: Bench) -> list[str]:
    return [event.text for event in there.events if isinstance(event, Noted)]


def kept(folder: Path) -> list[str]:
    """What a capture left in the session's folder."""
    return [path.name for path in (folder / "sessions").rglob("maas*")]


async def test_the_guest_becomes_an_image_of_maas_that_boots_into_a_shell(tmp_path: Path) -> None:
    with maas(regions=2, polls=1) as there:
        async with isolated(tmp_path) as on:
            text = template(
                READY, build=post_processor(there, 'title = "Web"', "chunk_size_mb = 1")
            )
            finished = await on.run(text)
            assert (finished.status, on.build.error) == ("succeeded", "")
            image, ours = on.build.artifacts
            assert (image.builder_id, ours.name) == ("oxide.instance", "t")
            assert ours.text == "MAAS image t (amd64/generic), version 20261130"
            phases = list(on.build.steps)
            assert phases.index("post-process-1") < phases.index("sync")
            moved = [
                e for e in on.events if isinstance(e, StepProgress) and e.total and e.total > 1e6
            ]
            assert {e.text for e in moved} >= {
                "send the file",
                "wait for MAAS's controllers",
            }
            assert any("lets others log in" in note for note in notes(on))
            assert kept(tmp_path) == []
            assert await on.left_on_rack() == []
            assert await on.records() == []
            # Nothing was changed in the guest itself.
            [machine] = await on.read_back("made", "/etc/machine-id")
            assert machine == "0123456789abcdef0123456789abcdef"
            for path in tmp_path.rglob("*"):
                assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
        (tmp_path / "root.tgz").write_bytes(there.content("t"))
    root = tmp_path / "root"
    root.mkdir()
    flags = () if os.geteuid() == 0 else ("--no-same-owner",)
    subprocess.run(["tar", "-xzf", tmp_path / "root.tgz", "-C", root, *flags], check=True)  # noqa: ASYNC221
    assert (root / "etc/machine-id").read_bytes() == b""
    assert list((root / "etc/ssh").glob("ssh_host_*")) == []
    assert list((root / "var/lib/cloud/instances").iterdir()) == []
    assert (root / "home/ubuntu/made").read_text() == "provisioned\n"
    keys = (root / "home/ubuntu/.ssh/authorized_keys").read_text()
    assert keys == "ssh-ed25519 AAAAother me@home\n"
    assert list((root / "tmp").iterdir()) == []
    assert not (root / "oxtui-replaced").exists()
    if os.geteuid() == 0:
        told = subprocess.run(  # noqa: ASYNC221
            ["chroot", root, "/bin/sh", "-c", "read id < /home/ubuntu/made; echo $id from a shell"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert told.stdout == "provisioned from a shell\n"


@pytest.mark.slow
async def test_an_unfit_guest_is_told_before_anything_is_captured(tmp_path: Path) -> None:
    output = tmp_path / "kept" / "root.tgz"
    with maas() as there:
        async with isolated(tmp_path) as on:
            text = template(build=post_processor(there, f'output = "{output}"'))
            finished = await on.run(
                text,
                lambda stop: refused(stop),
                lambda stop: EditAndRetry(changes={"skip_checks": True}),
            )
            assert finished.status == "succeeded", on.build.error
            assert any(note.startswith("Netplan is missing") for note in notes(on))
            assert output.read_bytes() == there.content("t")
            assert output.stat().st_mode & 0o777 == 0o600
            assert kept(tmp_path) == []
    assert len(there.images) == 1


def refused(stop: Paused) -> Retry:
    assert stop.failure is not None
    assert "netplan is missing" in stop.failure.summary
    assert "set skip_checks" in stop.failure.summary
    return Retry()


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["403", "full"])
async def test_what_maas_refuses_halts_with_the_machine_kept_and_leaves_nothing(
    tmp_path: Path, fault: str
) -> None:
    with maas(space=1 << 40 if fault == "403" else 1 << 20) as there:
        if fault == "403":
            there.faults = [Fault("POST", "boot-resources/", "403")]

        def retried(stop: Paused) -> Retry:
            assert stop.step == "post-process-1"
            assert there.images == {}
            there.space = 1 << 40
            return Retry()

        async with isolated(tmp_path) as on:
            finished = await on.run(template(READY, build=post_processor(there)), retried)
            assert finished.status == "succeeded", on.build.error
            assert kept(tmp_path) == []


@pytest.mark.slow
async def test_what_could_not_be_removed_is_used_by_the_next_try(tmp_path: Path) -> None:
    disk = tmp_path / "disk.raw"
    disk.write_bytes(bytes(510) + b"\x55\xaa" + bytes(8192))
    with maas() as there:
        there.faults = [Fault("PUT", "upload", "403"), Fault("DELETE", "resources", "503")]
        async with isolated(tmp_path) as on:
            part = post_processor(there, f'source = "{disk}"', small=False)
            finished = await on.run(template(build=part), lambda stop: Retry())
            assert finished.status == "succeeded", on.build.error
            assert any("may be on MAAS, incomplete" in note for note in notes(on))
            assert await on.records() == []
        [image] = there.images.values()
        assert len(image.sets) == 2
        assert there.content("t") == disk.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("was_there", [False, True])
async def test_aborting_while_it_is_sent_leaves_nothing_that_is_not_told(
    tmp_path: Path, was_there: bool
) -> None:
    with maas() as there:
        if was_there:
            there.add("t", b"older")
        there.stall.clear()
        async with isolated(tmp_path) as on:
            session = await on.session(template(READY, build=post_processor(there)), Policy())
            running = asyncio.create_task(session.run())
            await there.until(lambda: there.stalled > 0)
            for control in session._controls.values():
                control.command(Abort())
            assert (await running).status == "cancelled"
            assert kept(tmp_path) == []
            assert await on.left_on_rack() == []
            assert await on.records() == []
            assert any("stays on MAAS, incomplete" in note for note in notes(on)) is was_there
        assert bool(there.images) is was_there


@pytest.mark.slow
async def test_a_file_is_uploaded_in_place_of_the_guest(tmp_path: Path) -> None:
    disk = tmp_path / "disk.raw"
    disk.write_bytes(bytes(510) + b"\x55\xaa" + bytes(8192))
    with maas() as there:
        more = (f'source = "{disk}"', 'image_name = "custom/{{.BuildName}}-disk"')
        part = post_processor(there, *more, small=False)
        async with isolated(tmp_path) as on:
            finished = await on.run(template(build=part))
            assert finished.status == "succeeded", on.build.error
        assert there.content("t-disk") == disk.read_bytes()
        [image] = there.images.values()
        assert next(iter(image.sets.values())).filetype == "root-ddraw"  # type: ignore[union-attr]


@pytest.mark.slow
async def test_the_export_does_the_same_with_the_command_of_maas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = tmp_path / "bin" / "maas"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nfor word; do echo "$word" >> {tmp_path}/words\n'
        f'case $word in content@=*) cp "${{word#content@=}}" {tmp_path}/root.tgz;; esac; done\n'
    )
    command.chmod(0o755)
    with maas() as there:
        async with isolated(tmp_path) as on:
            text = template(
                READY, build=post_processor(there, 'title = "A web"', "keep_old = true")
            )
            assert (await on.run(text)).status == "succeeded", on.build.error
            exported = await export_session(on.sessions[-1], ExportOptions())
            assert exported.problems == ()
            assert KEY not in exported.text
            path = f"{command.parent}:{os.environ['PATH']}"
            environ = {**on.environment.environ, "PATH": path, "MAAS_PROFILE": "cellar"}
            on.environment = replace(on.environment, environ=environ)
            again = exported.text.replace('"made"', '"again"')
            assert (await on.run(again)).status == "succeeded", on.build.error
    assert (tmp_path / "words").read_text().splitlines() == [
        "cellar", "boot-resources", "create", "name=custom/t", "title=A web",
        "architecture=amd64/generic", "filetype=tgz", "keep_old=true", "content@=t-root.tgz",
    ]  # fmt: skip
    with tarfile.open(tmp_path / "root.tgz") as made:
        names = {member.name: member for member in made}
        keys = made.extractfile("./home/ubuntu/.ssh/authorized_keys")
        assert keys is not None
        assert keys.read() == b"ssh-ed25519 AAAAother me@home\n"
    assert names["./etc/machine-id"].size == 0
    assert not [name for name in names if "ssh_host" in name or "oxtui-" in name]
    assert not (tmp_path / "t-root.tgz").exists()
