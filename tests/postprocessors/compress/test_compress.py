"""Archives that the compress post-processor writes, read with the tools that people have."""

from __future__ import annotations

import asyncio
import bz2
import gzip
import lzma
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import lz4.frame
import pytest

from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact, PostProcessorSetting
from oxtui.postprocessors.compress import CompressPostProcessor, writing
from oxtui.postprocessors.compress.options import CompressOptions
from oxtui.template.legacy.interpolate import Interpolation
from tests.guests import Recorded

CONTENT = b"\x00line\n" * 30_000
SINGLE: dict[str, tuple[Callable[[bytes], bytes], tuple[str, ...]]] = {
    "gz": (gzip.decompress, ("gzip", "-dc")),
    "bgzf": (gzip.decompress, ("gzip", "-dc")),
    "xz": (lzma.decompress, ("xz", "-dc")),
    "bzip2": (bz2.decompress, ("bzip2", "-dc")),
    "lz4": (lz4.frame.decompress, ("lz4", "-dc")),
}


async def compressed(
    files: list[str], context: Recorded | None = None, **options: str | int
) -> Artifact:
    """The artifact in the place of one of these files."""
    setting = PostProcessorSetting(
        "web", "file", "run", False, Interpolation(datetime.now(UTC)), lambda: 0.0
    )
    given = Artifact("packer.file", "File", "Stored", tuple(files))
    post_processor = CompressPostProcessor(CompressOptions(**options), setting)
    return await post_processor.process(context or Recorded(), given)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.img").write_bytes(CONTENT)
    (tmp_path / "in" / "a.img").chmod(0o640)
    return tmp_path


def run(*command: str) -> None:
    """Runs a tool."""
    subprocess.run(command, check=True)


def piped(command: tuple[str, ...], data: bytes) -> bytes:
    """What a tool makes of its input."""
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


@pytest.mark.parametrize("extension", SINGLE)
async def test_one_file_is_compressed_alone(work: Path, extension: str) -> None:
    (work / "in" / "empty").touch()
    unpack, tool = SINGLE[extension]
    for name, content in (("a.img", CONTENT), ("empty", b"")):
        for level in (-1, 1, 9):
            made = await compressed(
                [f"in/{name}"], output=f"out/{name}.{extension}", compression_level=level
            )
            assert made.files == (f"out/{name}.{extension}",)
            data = (work / made.files[0]).read_bytes()
            assert unpack(data) == content
            if shutil.which(tool[0]):
                assert piped(tool, data) == content
    assert (work / "in" / "a.img").read_bytes() == CONTENT  # to remove it is up to the engine


@pytest.mark.parametrize("extension", ["", ".gz", ".bgzf", ".xz", ".bzip2", ".lz4"])
async def test_a_tar_has_base_names_modes_and_times(work: Path, extension: str) -> None:
    other = work / "in" / ("ä" * 90 + " '\"\n")
    other.write_bytes(b"other")
    link = work / "link"
    link.symlink_to(other)
    made = await compressed(["in/a.img", str(other), "link"], output=f"o.tar{extension}")
    data = (work / "o.tar").read_bytes() if not extension else b""
    if extension:
        data = SINGLE[extension[1:]][0]((work / made.files[0]).read_bytes())
    (work / "plain.tar").write_bytes(data)
    target = work / "to"
    target.mkdir()
    run("tar", "-xf", "plain.tar", "-C", "to")
    assert {each.name: each.read_bytes() for each in target.iterdir()} == {
        "a.img": CONTENT, other.name: b"other", "link": b"other",
    }  # fmt: skip
    assert not (target / "link").is_symlink()
    before, after = (work / "in" / "a.img").stat(), (target / "a.img").stat()
    assert (after.st_mode, int(after.st_mtime)) == (before.st_mode, int(before.st_mtime))


async def test_the_default_is_a_tar_gz_under_packer_s_name(work: Path) -> None:
    context = Recorded()
    made = await compressed(["in/a.img"], context)
    assert made == Artifact(
        "packer.post-processor.compress", "", "compressed artifacts in: packer_web_file",
        ("packer_web_file",), name="packer_web_file",
        fields=(("bytes", str((work / "packer_web_file").stat().st_size)),),
    )  # fmt: skip
    with tarfile.open("packer_web_file", "r:gz") as archive:
        assert archive.getnames() == ["a.img"]
    assert sorted(os.listdir()) == ["in", "packer_web_file"]
    assert context.said[0] == "Writing packer_web_file as tar and gzip"


async def test_a_zip_has_the_paths_as_they_are_given(work: Path) -> None:
    absolute = str(work / "in" / "a.img")
    await compressed(
        ["in/a.img", absolute, "../" + work.name + "/in/a.img"], output="{{.BuildName}}.zip"
    )
    with zipfile.ZipFile("web.zip") as archive:
        assert archive.testzip() is None
        first, *_ = entries = archive.infolist()
        assert [each.filename for each in entries] == [
            *("in/a.img", absolute, f"../{work.name}/in/a.img"),
        ]
        assert archive.read(first) == CONTENT
        assert first.external_attr >> 16 & 0o777 == 0o640
        assert first.compress_type == zipfile.ZIP_DEFLATED
    if shutil.which("unzip"):
        run("unzip", "-q", "web.zip", "in/a.img", "-d", "to")
        assert (work / "to" / "in" / "a.img").read_bytes() == CONTENT


async def test_what_a_tar_cannot_tell_apart_and_what_holds_nothing_is_warned_of(work: Path) -> None:
    (work / "a.img").write_bytes(b"another")
    context = Recorded()
    await compressed(["in/a.img", "a.img"], context, output="two.tar")
    assert context.said[0].startswith("warning: The archive holds a.img more than once")
    context = Recorded()
    await compressed([], context, output="none.tar.gz")
    assert "the archive is empty" in context.said[0]
    with tarfile.open("none.tar.gz") as archive:
        assert archive.getnames() == []


@pytest.mark.parametrize(
    ("files", "output", "told"),
    [
        (["in/a.img", "in/b"], "o.gz", "which holds one file, and there are 2"),
        ([], "o.xz", "which holds one file, and there are 0"),
        (["in/a.img", "in/b"], "o.tar", "in/b cannot be read: no such file or directory"),
        (["in"], "o.tar", "in is a folder"),
        (["pipe"], "o.tar", "pipe is no regular file"),
        (["in/a.img"], "link.gz", "link.gz is one of the files that go into it"),
        (["in/a.img"], "in", "in is a folder"),
        (["in/a.img"], "in/a.img/o.zip", "cannot be written: file exists"),
        (["in/\udcff"], "o.zip", "its name is no UTF-8"),
    ],
)
async def test_what_cannot_be_is_told_and_leaves_nothing(
    work: Path, files: list[str], output: str, told: str
) -> None:
    (work / "in" / "\udcff").touch()
    os.mkfifo("pipe")
    (work / "link.gz").symlink_to("in/a.img")
    before = sorted(work.rglob("*"))
    with pytest.raises(StepError) as problem:
        await compressed(files, output=output)
    assert told in str(problem.value)
    assert sorted(work.rglob("*")) == before
    assert (work / "in" / "a.img").read_bytes() == CONTENT


async def test_a_name_that_is_no_utf_8_goes_into_a_tar(work: Path) -> None:
    (work / "in" / "\udcff").write_bytes(b"x")
    await compressed(["in/\udcff"], output="o.tar")
    with tarfile.open("o.tar") as archive:
        assert archive.getnames() == ["\udcff"]


async def test_cancelling_stops_it_and_leaves_nothing(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK", 100)
    begun = asyncio.Event()

    class Told(Recorded):
        def progress(self, *_: object) -> None:  # type: ignore[override]
            begun.set()

    task = asyncio.create_task(compressed(["in/a.img"], Told(), output="o.tar.xz"))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert os.listdir() == ["in"]


@pytest.mark.parametrize(
    "output",
    [
        "o.gz",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("o.tar", "o.zip", "o.bgzf", "o.xz", "o.bzip2", "o.lz4")
        ),
    ],
)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(work: Path, output: str) -> None:
    """The limit is that of a process, so that it is one of its own."""
    (work / "in" / "a.img").write_bytes(os.urandom(300_000))
    (work / output).write_text("old")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    code = (
        "import sys\n"
        "from oxtui.component.threads import Meter\n"
        "from oxtui.postprocessors.compress.formats import format_of\n"
        "from oxtui.postprocessors.compress.writing import write_archive\n"
        "output = sys.argv[1]\n"
        "kind = format_of(output, '')\n"
        "write_archive(['in/a.img'], output, kind, None, Meter(lambda done: None))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, output],
        preexec_fn=limited, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"StepError: output: {output} cannot be written: file too large" in done.stderr
    assert sorted(os.listdir()) == sorted(["in", output])
    assert (work / output).read_text() == "old"
