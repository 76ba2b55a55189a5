"""The artifice post-processor: its patterns are those of Go, and what it finds is the artifact."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact, PostProcessorSetting
from oxtui.postprocessors import go_glob
from oxtui.postprocessors.artifice import ArtificeOptions, ArtificePostProcessor
from oxtui.template.legacy.interpolate import Interpolation
from tests.guests import Recorded

NAMES = ["a.img", "b.img", "b2", ".c.img", "d[1]", "in/x.img", "in/y", "in/deep/z.img", "-", "é"]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with files."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.touch()
    return tmp_path


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a.img", ["a.img"]),
        ("./a.img", ["./a.img"]),
        ("none", []),
        ("*.img", [".c.img", "a.img", "b.img"]),
        ("./*.img", [".c.img", "a.img", "b.img"]),
        ("?.img", ["a.img", "b.img"]),
        ("[b-d].img", ["b.img"]),
        ("[^a].img", ["b.img"]),
        ("[!a].img", ["a.img"]),  # a shell takes it for a negation
        (r"d\[1]", ["d[1]"]),
        (r"d[\[]1]", ["d[1]"]),
        ("d[[]*", ["d[1]"]),
        ("*/*.img", ["in/x.img"]),
        ("**/z.img", []),
        ("*/*/z.img", ["in/deep/z.img"]),
        ("./in/./x*", ["in/x.img"]),
        ("in/../a*", ["a.img"]),
        ("a.img/*", []),
        ("in/*/", []),
        ("*{a,b}*", []),
        ("?", ["-", "é"]),
        (r"\-", ["-"]),
        ("*b*2*", ["b2"]),
        ("", []),
    ],
)
def test_a_pattern_finds_what_go_finds(pattern: str, found: list[str]) -> None:
    assert go_glob.glob(pattern) == found


@pytest.mark.parametrize(
    "pattern", ["[", "a/[]", "[a", "[^]", "[-a]", "[a-", "[a--]", "[a\\", "a\\", "x/[a-]/y", "[]a]"]
)
def test_a_pattern_that_cannot_be_read_is_told(pattern: str) -> None:
    with pytest.raises(go_glob.BadPattern):
        go_glob.glob(pattern)
    with pytest.raises(ValidationError, match="is no pattern of file names"):
        ArtificeOptions(files=[pattern])


@pytest.mark.usefixtures("work")
def test_many_stars_take_no_time() -> None:
    Path("a" * 250).touch()
    assert go_glob.glob("*a" * 40 + "*b") == []


async def processed(*files: str) -> tuple[Artifact, list[str]]:
    """The artifact of these files, and what was said."""
    setting = PostProcessorSetting(
        "web", "file", "run", False, Interpolation(datetime.now(UTC)), lambda: 0.0
    )
    context = Recorded()
    given = Artifact("packer.file", "File", "Stored", ("old", "older"))
    post_processor = ArtificePostProcessor(ArtificeOptions(files=list(files)), setting)
    return await post_processor.process(context, given), context.said


@pytest.mark.usefixtures("work")
async def test_what_fits_is_the_artifact_each_once_and_in_order() -> None:
    made, said = await processed("b.img", "none*", "{{ lower `IN` }}", "[a-b].img")
    assert made == Artifact(
        "packer.post-processor.artifice", "", "Created artifact from files: b.img, in, a.img",
        ("b.img", "in", "a.img"),
    )  # fmt: skip
    assert said == [
        "Discarding files from artifact: old, older",
        "Using these artifact files: b.img, in, a.img",
    ]
    none, said = await processed("none")
    assert none.files == ()
    assert "warning: Nothing fits none: the artifact has no files." in said


@pytest.mark.usefixtures("work")
async def test_a_link_that_leads_nowhere_is_told() -> None:
    os.symlink("gone", "a.lnk")
    with pytest.raises(StepError, match=r"a\.lnk is a link that leads nowhere"):
        await processed("*.lnk")


def test_some_file_has_to_be_named() -> None:
    with pytest.raises(ValidationError, match="it is empty"):
        ArtificeOptions(files=[])
    with pytest.raises(ValidationError, match="there is no function nope"):
        ArtificeOptions(files=["{{nope}}"])
