"""Chains of post-processors behind a file builder, in whole sessions."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from tests.builders.test_null import local
from tests.sessions import Sessions, rackless


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory beside what a session needs."""
    made = tmp_path / "work"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


async def built(there: Sessions, *members: str, provisioner: str = "") -> list[str]:
    """The artifacts that one chain leaves behind a file builder."""
    chain = "\n".join(f"post-processor {member}" for member in members)
    finished = await there.run(
        'source "file" "f" {\n  target = "a.txt"\n  content = "text"\n}\n'
        f'build {{\n  sources = ["file.f"]\n  {provisioner}\n'
        f"  post-processors {{\n{chain}\n}}\n}}\n"
    )
    assert finished.status == "succeeded", there.build.error
    return [made.text for made in there.build.artifacts]


async def test_an_archive_takes_the_place_of_the_file(work: Path, tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        told = await built(there, '"compress" {\n output = "{{.BuildName}}.tar.gz"\n}')
        assert told == ["compressed artifacts in: f.tar.gz"]
        assert os.listdir() == ["f.tar.gz"]
        kept = '"compress" {\n output = "b.zip"\n keep_input_artifact = true\n}'
        assert await built(there, kept) == ["Stored file: a.txt", "compressed artifacts in: b.zip"]
        assert sorted(os.listdir()) == ["a.txt", "b.zip", "f.tar.gz"]


async def test_files_that_provisioners_made_are_packed_and_removed(
    work: Path, tmp_path: Path
) -> None:
    async with rackless(tmp_path) as there:
        told = await built(
            there,
            '"artifice" {\n files = ["out/*", "none"]\n}',
            '"compress" {\n output = "all.tar"\n}',
            provisioner=local(
                f"mkdir {work}/out", f"echo 1 > {work}/out/.b", f"echo 2 > {work}/out/c"
            ),
        )
        assert told == ["Stored file: a.txt", "compressed artifacts in: all.tar"]
        assert sorted(str(each.relative_to(work)) for each in work.rglob("*")) == [
            "a.txt", "all.tar", "out",
        ]  # fmt: skip
    with tarfile.open("all.tar") as archive:
        assert archive.getnames() == [".b", "c"]
