"""`oxtui maas`: files become images of MAAS, and what is there is listed."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import tarfile
from pathlib import Path

import pytest

from tests.cli.running import oxtui, started
from tests.maas.double import Fault, Maas
from tests.maas.server import KEY, maas

SECRET = KEY.rpartition(":")[2]
DISK = bytes(510) + b"\x55\xaa" + os.urandom(9 << 20)


def root() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        folder = tarfile.TarInfo("./etc")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
    return made.getvalue()


def on(there: Maas) -> dict[str, str]:
    return {"MAAS_URL": there.url, "OXTUI_MAAS_API_KEY": KEY}


@pytest.mark.parametrize("kind", ["tgz", "ddraw"])
async def test_a_file_becomes_an_image(tmp_path: Path, kind: str) -> None:
    content = root() if kind == "tgz" else DISK
    path = tmp_path / "file"
    path.write_bytes(content)
    words = ("maas", "upload", str(path), "--name", "custom/web", "--title", "The web")
    with maas(regions=2, polls=1) as there:
        there.faults = [Fault("PUT", "upload", "lost")]
        code, out, err = await oxtui(*words, environ=on(there))
        assert (code, out) == (
            0, f"web (amd64/generic), version 20261130: {there.host}/MAAS/r/images\n",
        )  # fmt: skip
        assert there.content("web") == content
        assert f"which is {kind} for MAAS" in err
        assert ("warning: It holds no cloud-init" in err) is (kind == "tgz")
        assert {line[0] for line in err.splitlines()} <= {"✓", "w"}
        code, out, err = await oxtui(*words, "--json", environ=on(there))
        assert (code, json.loads(out)["version"]) == (0, "20261130")
        assert "MAAS has this file already" in err
        code, out, _ = await oxtui("maas", "images", environ=on(there))
        assert "web   amd64/generic  20261130" in out
        assert "complete  ubuntu/noble  The web" in out


@pytest.mark.parametrize(
    ("content", "words", "code", "told"),
    [
        (b"QFI\xfb" + bytes(1020), (), 1, "qemu-img convert -f qcow2"),
        (b"what is it", (), 1, "Say what it is with the file type: ddraw or ddtar"),
        (DISK, ("--filetype", "tgz"), 1, "cannot be tgz: it is not packed"),
        (DISK, ("--name", "ubuntu"), 2, "keeps the name"),
        (DISK, ("--base-image", "debian/12"), 2, "a base of Ubuntu"),
        (DISK, ("--architecture", "amd64"), 2, "write it as amd64/generic"),
        (DISK, ("--chunk-size", "0"), 2, "no whole number"),
    ],
    ids=["qcow2", "unsure", "type", "name", "base", "architecture", "chunk"],
)
async def test_what_maas_would_refuse_is_told_before_anything_is_sent(
    tmp_path: Path, content: bytes, words: tuple[str, ...], code: int, told: str
) -> None:
    path = tmp_path / "disk.img"
    path.write_bytes(content)
    with maas() as there:
        given = ("maas", "upload", str(path), "--name", "custom/x", *words)
        ended, out, err = await oxtui(*given, environ=on(there))
        assert (ended, out, told in err) == (code, "", True), err
        assert there.calls == []


async def test_a_wrong_key_is_told_and_shown_nowhere(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(f"{KEY}x\n")
    with maas() as there:
        words = ("maas", "images", "--maas-url", there.url, "--api-key-file", str(key))
        code, out, err = await oxtui(*words)
        assert (code, out, "Check the API key" in err) == (1, "", True)
        assert SECRET not in err
        key.write_text(f"{KEY}\n")
        code, out, err = await oxtui(*words)
        assert (code, out, "Nothing was uploaded" in err) == (0, "", True)
        code, _, err = await oxtui("maas", "images")
        assert (code, "No MAAS is named" in err) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize("was_there", [False, True])
async def test_ctrl_c_removes_what_was_made_or_tells_what_stays(
    tmp_path: Path, was_there: bool
) -> None:
    path = tmp_path / "disk.gz"
    path.write_bytes(gzip.compress(DISK))
    with maas() as there:
        if was_there:
            there.add("web", b"older")
        there.stall.clear()
        words = ("maas", "upload", str(path), "--name", "web")
        process = await started(*words, environ=on(there))
        await there.until(lambda: there.stalled > 0)
        process.send_signal(signal.SIGINT)
        _, told = await process.communicate()
        err = told.decode()
        assert process.returncode == 130
        assert ("nothing of it is left on MAAS" in err) is not was_there
        assert ("Version 20261130.1 of web (amd64/generic) stays on MAAS" in err) is was_there
        assert bool(there.images) is was_there
