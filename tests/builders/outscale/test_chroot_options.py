"""What a chroot build on Outscale is told before anything is made: its options, devices and VM."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oxtui.builders.outscale.device_names import api_name, pick
from oxtui.component.errors import StepError
from oxtui.outscale.metadata import VARIABLE, NoMetadata, own_vm_id
from tests.builders.outscale.chroots import on_base, scratch
from tests.sessions import rackless

WRONG = [
    (on_base(Path("/m")).replace('"image-name"', '"name"'), 'there is no filter "name" here'),
    (on_base(Path("/m"), more='vm_type = "t"'), 'no option "vm_type" here'),
    (on_base(Path("/m"), more='communicator = "ssh"'), 'no option "communicator" here'),
    (on_base(Path("/m"), more='device_path = "sdf"'), "device_path"),
    (on_base(Path("/m"), more='root_device_name = "/dev/sda1"'), "no effect without from_scratch"),
    (on_base(Path("/m"), more='token = "t"'), '"token" has no effect'),
    (
        scratch(Path("/m")).replace("root_volume_size = 1", ""),
        "Write root_volume_size, which from_scratch",
    ),
    (scratch(Path("/m"), more='root_volume_type = "io1"'), "Write another root_volume_type"),
    (
        scratch(Path("/m"), more='tags = { from = "{{ .SourceOMIName }}" }'),
        "from_scratch has no source image to name",
    ),
    (scratch(Path("/m"), more='source_omi = "ami-1"'), "no effect with from_scratch"),
    (
        scratch(Path("/m")).replace(
            'root_device_name = "/dev/sda1"', 'root_device_name = "/dev/sdb"'
        ),
        "with device_name /dev/sdb, the root",
    ),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
async def test_what_cannot_be_is_told(tmp_path: Path, text: str, told: str) -> None:
    async with rackless(tmp_path) as there:
        problems = [str(each) for each in (await there.plan(text)).diagnostics]
        assert any(told.lower() in each.lower() for each in problems), problems


async def test_what_both_ways_to_begin_need_is_no_problem(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        for text in (on_base(tmp_path), scratch(tmp_path)):
            assert (await there.plan(text)).diagnostics == []


def test_a_device_is_picked_that_neither_the_machine_nor_the_api_has(tmp_path: Path) -> None:
    block, dev = tmp_path / "block", tmp_path / "dev"
    block.mkdir()
    dev.mkdir()
    assert pick("", [], block, dev) == "/dev/xvdf"
    (block / "vda").mkdir()
    assert pick("", [], block, dev) == "/dev/vdf"
    assert pick("", ["/dev/xvdf"], block, dev) == "/dev/vdg"
    (dev / "vdg1").touch()
    assert pick("", ["/dev/xvdf"], block, dev) == "/dev/vdh"
    assert api_name("/dev/vdh") == "/dev/xvdh"
    assert api_name("/dev/sdh") == "/dev/sdh"
    (block / "sda").mkdir()
    assert pick("", [], block, dev) == "/dev/sdf"
    for letter in "fghijklmnop":
        (dev / f"sd{letter}").touch()
    with pytest.raises(StepError, match="no device of /dev/sdf to p is free"):
        pick("", [], block, dev)
    assert pick("/dev/nowhere-xvdq", [], block, dev) == "/dev/nowhere-xvdq"
    for wanted, linked in ((str(dev / "sdf"), []), ("/dev/vdq", ["/dev/xvdq"])):
        with pytest.raises(StepError, match="is there already"):
            pick(wanted, linked, block, dev)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ni-0a1b2c3d", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\ni-0a1b2c3d\n", ""),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status 404"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "is no id of a VM"),
        (b"nonsense\r\n\r\n", "does not tell"),
        (b"", "does not tell"),
    ],
)
async def test_the_metadata_service_tells_which_vm_this_is(answer: bytes, why: str) -> None:
    asked = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        looking = own_vm_id(
            {VARIABLE: f"http://127.0.0.1:{port}/", "http_proxy": "http://127.0.0.1:1"}
        )
        if why:
            with pytest.raises(NoMetadata, match=why):
                await looking
        else:
            assert await looking == "i-0a1b2c3d"
    assert asked == [b"GET /latest/meta-data/instance-id HTTP/1.1"]
