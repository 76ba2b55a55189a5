"""The file builder in sessions: a file of a content or a copy, whole or not at all."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from oxtui.builders.file.builder import FileBuilder
from oxtui.builders.file.options import FileOptions
from oxtui.builders.file.storing import copy, store
from oxtui.component.protocols import BuilderSetting
from oxtui.component.threads import Meter
from oxtui.template.legacy.interpolate import Interpolation
from tests.builders.test_null import local
from tests.guests import Recorded
from tests.sessions import Sessions, rackless, shell


def template(source: str, *provisioners: str) -> str:
    """A template with one file source."""
    inner = "\n".join(provisioners)
    return (
        f'source "file" "f" {{\n  {source}\n}}\n'
        f'build {{\n  sources = ["source.file.f"]\n  {inner}\n}}\n'
    )


async def built(there: Sessions, source: str, *provisioners: str) -> str:
    """How a build ended."""
    return (await there.run(template(source, *provisioners))).status


@pytest.fixture
def umask() -> Iterator[None]:
    """That of most systems."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("umask")
async def test_a_content_becomes_a_file_that_provisioners_and_the_artifact_know(
    tmp_path: Path,
) -> None:
    target = tmp_path / "new" / "folder" / "of f.txt"
    async with rackless(tmp_path) as there:
        source = (
            f'target = "{tmp_path}/new/folder/of {{{{ build_name }}}}.txt"\n'
            ' content = "a {{ build_name }}\\n"'
        )
        assert await built(there, source, local(f"cat '{target}'; echo '${{build.ID}}'")) == (
            "succeeded"
        ), there.build.error
        assert target.read_bytes() == b"a f\n"
        assert mode(target) == 0o600  # as Packer's, since a content may be secret
        assert there.log("provision-1").splitlines()[-2:] == ["a f", "<unknown>"]
        made = there.build.artifact
        assert made is not None
        assert (made.builder_id, made.id, made.name) == ("packer.file", "File", str(target))
        assert await there.records() == []
        assert [each.name for each in target.parent.iterdir()] == [target.name]


@pytest.mark.usefixtures("umask")
async def test_a_copy_has_the_mode_of_any_new_file_and_an_old_file_keeps_its_own(
    tmp_path: Path,
) -> None:
    origin, fresh, old = tmp_path / "o", tmp_path / "fresh", tmp_path / "old"
    origin.write_bytes(b"\x00\xff" * 700_000)
    origin.chmod(0o755)
    old.write_text("longer than nothing")
    old.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(old)
    async with rackless(tmp_path) as there:
        for target in (fresh, link):
            source = f'target = "{target}"\n source = "{origin}"'
            assert await built(there, source) == "succeeded"
            assert target.read_bytes() == origin.read_bytes()
        assert "Copied 1400000 bytes" in there.log("file")
    assert (mode(fresh), mode(old), link.is_symlink()) == (0o644, 0o640, True)


async def test_what_it_makes_is_told_as_packer_tells_it(tmp_path: Path) -> None:
    setting = SimpleNamespace(interpolation=Interpolation(datetime.now(UTC)))
    options = FileOptions(target=f"{tmp_path}/x", content="x")
    builder = FileBuilder(options, cast("BuilderSetting", setting))
    assert builder.result() is None
    (step,) = builder.before()
    await step.run(Recorded())
    made = builder.result()
    assert made is not None
    assert (made.text, made.files) == (f"Stored file: {tmp_path}/x", (f"{tmp_path}/x",))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('target = "{}/here/"\n content = "x"', "here/ cannot be written: is a directory."),
        ('target = "{}"\n content = "x"', "cannot be written: is a directory."),
        ('target = "{}/file/x"\n content = "x"', "file/x cannot be written: file exists."),
        ('target = "{}/x"\n source = "{}/none"', "none cannot be read: no such file"),
        ('target = "{}/x"\n source = "{}"', "cannot be read: is a directory."),
    ],
)
async def test_what_cannot_be_stored_says_why(tmp_path: Path, source: str, told: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "file").touch()
    async with rackless(tmp_path) as there:
        assert await built(there, source.format(work, work)) == "failed"
        assert told in there.build.error
        assert there.build.artifact is None
    assert [each.name for each in work.iterdir()] == ["file"]


async def test_the_template_is_checked_before_anything_is_made(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        empty = await there.plan(template(f'target = "{tmp_path}/x"', local("true")))
        assert empty.plan is not None
        (warning,) = empty.diagnostics
        assert "the file will be empty" in str(warning)
        assert not warning.is_error
        wrong = {
            'content = "x"': 'The option "target" is needed',
            'target = ""': '"target": It is empty',
            'target = "x"\n content = "a"\n source = "b"': "content or source, not both",
            'target = "{{ nope }}"\n content = "a"': "there is no function nope",
            'target = "x"\n communicator = "ssh"': 'There is no option "communicator" here',
        }
        for source, told in wrong.items():
            assert told in "\n".join(map(str, (await there.plan(template(source))).diagnostics))
        guest = await there.plan(template('target = "x"\n content = "a"', shell("true")))
        (problem,) = guest.diagnostics
        assert "file.f has none: this builder makes a file." in str(problem)
        assert problem.is_error


def test_a_copy_of_itself_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("text")
    assert copy(str(path), str(path), Meter(lambda done: None)) == 4
    assert path.read_text() == "text"


def test_a_device_is_written_to_and_stays_one() -> None:
    assert store(b"gone", "/dev/null") == 4
    assert Path("/dev/null").is_char_device()


def test_a_name_as_long_as_can_be_is_taken(tmp_path: Path) -> None:
    target = tmp_path / ("ä" * 127)
    store(b"x", str(target))
    assert [each.name for each in tmp_path.iterdir()] == [target.name]


def test_a_disk_that_is_full_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """The limit is that of a process, so that it is one of its own."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    for target in (old, new):
        code = f"store(b'x' * 5000, {str(target)!r})"
        done = subprocess.run(
            [sys.executable, "-c", f"from oxtui.builders.file.storing import store; {code}"],
            preexec_fn=limited, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "cannot be written: file too large" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["old"]
    assert old.read_text() == "old"
