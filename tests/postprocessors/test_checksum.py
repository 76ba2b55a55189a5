"""The checksum post-processor: types, names, lines, and what it hands on."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact, PostProcessorSetting
from oxtui.postprocessors import checksum
from oxtui.postprocessors.checksum import TYPES, ChecksumOptions, ChecksumPostProcessor
from oxtui.template.legacy.interpolate import Interpolation
from tests.postprocessors.contexts import Context

SETTING = PostProcessorSetting(
    "f", "file", "run", False, Interpolation(started=datetime.fromtimestamp(0, UTC)), lambda: 0.0
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/art.txt").write_text("Lorem ipsum\n")
    return tmp_path


def artifact(*files: str) -> Artifact:
    return Artifact("packer.file", "File", "Stored", files)


async def summed(*files: str, context: Context | None = None, **options: object) -> Artifact:
    made = ChecksumPostProcessor(ChecksumOptions.model_validate(options), SETTING)
    return await made.process(context or Context(), artifact(*files))


async def test_it_is_md5_by_default_and_lines_are_added_run_after_run() -> None:
    name = "packer_f_file_md5.checksum"
    made = await summed("out/art.txt")
    assert made.files == ("out/art.txt", name)
    assert made.text == f"Created artifact from files: out/art.txt, {name}"
    line = "6babcbe8eeb9b7e1a9cb0861b24ab0e6\tart.txt\n"
    assert Path(name).read_text() == line
    # One that was there is no part of the artifact, as in Packer.
    assert (await summed("out/art.txt", checksum_types=[])).files == ("out/art.txt",)
    assert Path(name).read_text() == line * 2


async def test_all_types_in_files_of_their_own_whose_folder_is_made() -> None:
    Path("b").write_bytes(bytes(range(256)))
    output = "sums/{{.BuildName}}_{{.BuilderType}}.{{.ChecksumType}}"
    made = await summed("out/art.txt", "b", checksum_types=list(TYPES), output=output)
    assert made.files == ("out/art.txt", "b", *(f"sums/f_file.{kind}" for kind in TYPES))
    for kind in TYPES:
        assert Path(f"sums/f_file.{kind}").read_text() == "".join(
            f"{hashlib.new(kind, Path(path).read_bytes()).hexdigest()}\t{Path(path).name}\n"
            for path in ("out/art.txt", "b")
        )


async def test_several_types_can_share_a_file() -> None:
    made = await summed("out/art.txt", checksum_types=["md5", "sha1"], output="all.txt")
    assert made.files == ("out/art.txt", "all.txt")
    lengths = [len(line.split("\t")[0]) for line in Path("all.txt").read_text().splitlines()]
    assert lengths == [32, 40]


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValidationError, match="unrecognized checksum type: crc32; use md5, sha1"):
        ChecksumOptions(checksum_types=["crc32"])


async def test_an_image_has_no_files_and_is_handed_on() -> None:
    context = Context()
    image = Artifact("oxide.instance", "id-1", "web", stays=True)
    made = await ChecksumPostProcessor(ChecksumOptions(), SETTING).process(context, image)
    assert made is image
    assert context.notes == ["There are no files on this machine to take a checksum of."]
    assert [path.name for path in Path().iterdir()] == ["out"]


async def test_a_file_that_is_gone_fails_before_anything_is_written() -> None:
    with pytest.raises(StepError, match=r"^gone cannot be read: No such file"):
        await summed("out/art.txt", "gone")
    assert [path.name for path in Path().iterdir()] == ["out"]


async def test_progress_is_told_and_a_cancellation_heeded_between_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checksum, "PIECE", 5)
    context = Context()
    await summed("out/art.txt", context=context)
    assert context.done == [(5, 12.0), (10, 12.0), (12, 12.0)]

    class Stopping(Context):
        def progress(
            self, text: str, done: float | None = None, total: float | None = None
        ) -> None:
            super().progress(text, done, total)
            task.cancel()

    stopping = Stopping()
    task = asyncio.ensure_future(summed("out/art.txt", context=stopping, output="new"))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stopping.done == [(5, 12.0)]
    assert not Path("new").exists()
