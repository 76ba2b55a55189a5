"""The manifest post-processor: its file byte for byte, and what happens to one that is there."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact, PostProcessorSetting
from oxtui.postprocessors.manifest import ManifestOptions, ManifestPostProcessor
from oxtui.postprocessors.manifest_file import read_manifest
from oxtui.template.legacy.interpolate import Interpolation
from tests.builders.test_null import template
from tests.packer import needs_packer, packer
from tests.postprocessors.contexts import Context
from tests.sessions import rackless

IMAGE = Artifact("oxide.instance", "id-1", "web-1", name="web-1", stays=True)
STARTED = datetime.fromtimestamp(1_700_000_000, UTC)


def setting(run: str = "run-1", *, force: bool = False, name: str = "web") -> PostProcessorSetting:
    return PostProcessorSetting(
        name, "oxide-instance", run, force,
        Interpolation(started=STARTED, build_name=name, builder_type="oxide-instance"),
        lambda: 1_700_000_000.7, values={"ID": "i-1"},
    )  # fmt: skip


async def add(
    artifact: Artifact = IMAGE,
    run: str = "run-1",
    *,
    force: bool = False,
    name: str = "web",
    **options: object,
) -> Artifact:
    made = ManifestPostProcessor(
        ManifestOptions.model_validate(options), setting(run, force=force, name=name)
    )
    return await made.process(Context(), artifact)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def builds(path: str = "packer-manifest.json") -> list[dict[str, object]]:
    return list(json.loads(Path(path).read_text())["builds"])


async def test_the_file_is_packers_byte_for_byte(here: Path) -> None:
    (here / "out").mkdir()
    (here / "out/a.raw").write_bytes(b"x" * 12)
    files = Artifact("packer.file", "File", "Stored file: out/a.raw", ("out/a.raw", "gone"))
    assert await add(files, custom_data={"z": "<{{build `ID`}}>", "a": "{{build_name}} é"}) is files
    assert (here / "packer-manifest.json").read_bytes() == (
        b'{\n  "builds": [\n    {\n      "name": "web",\n      "builder_type": "oxide-instance",\n'
        b'      "build_time": 1700000000,\n      "files": [\n        {\n'
        b'          "name": "out/a.raw",\n          "size": 12\n        },\n        {\n'
        b'          "name": "gone",\n          "size": 0\n        }\n      ],\n'
        b'      "artifact_id": "File",\n      "packer_run_uuid": "run-1",\n'
        b'      "custom_data": {\n        "a": "web \xc3\xa9",\n        "z": "\\u003ci-1\\u003e"\n'
        b'      }\n    }\n  ],\n  "last_run_uuid": "run-1"\n}'
    )


@needs_packer
async def test_packer_adds_to_ours_and_the_whole_is_as_ours_would_be(here: Path) -> None:
    text = template('post-processor "manifest" {\n custom_data = { b = "<&>", a = "x" }\n}')
    (here / "t.pkr.hcl").write_text(text)
    texts = []
    for second in ("packer", "oxtui"):
        async with rackless(here) as there:
            assert (await there.run(text)).status == "succeeded"
            if second == "oxtui":
                assert (await there.run(text)).status == "succeeded"
        if second == "packer":
            ran = packer("build", "t.pkr.hcl", cwd=here)
            assert ran.returncode == 0, ran.stdout
        texts.append((here / "packer-manifest.json").read_text())
        (here / "packer-manifest.json").unlink()
    assert len(set(map(_plain, texts))) == 1


def _plain(text: str) -> str:
    text = re.sub(r'"build_time": \d{10}', '"build_time": 1', text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", text)


async def test_it_grows_run_after_run_until_forced() -> None:
    await add()
    await add(run="run-2", name="db")
    assert [(b["name"], b["packer_run_uuid"]) for b in builds()] == [
        ("web", "run-1"), ("db", "run-2"),
    ]  # fmt: skip
    await add(run="run-3", force=True)
    await add(run="run-3", name="db", force=True)  # of the same run
    assert [(b["name"], b["packer_run_uuid"]) for b in builds()] == [
        ("web", "run-3"), ("db", "run-3"),
    ]  # fmt: skip
    assert json.loads(Path("packer-manifest.json").read_text())["last_run_uuid"] == "run-3"


async def test_options(here: Path) -> None:
    (here / "a").write_text("x")
    artifact = Artifact("packer.file", "File", "", (str(here / "a"),))
    await add(artifact, output="m-{{timestamp}}.json", strip_path=True, strip_time=True)
    (build,) = builds("m-1700000000.json")
    assert build["files"] == [{"name": "a", "size": 1}]
    assert "build_time" not in build
    assert build["custom_data"] is None


@pytest.mark.parametrize(
    "text",
    ["notjson", "[1]", '{"builds": 1}', '{"builds": [{"name": 1}]}', '{"builds": [3]}',
     '{"builds": [{"files": [{"size": "1"}]}]}', "[" * 100_000],
)  # fmt: skip
async def test_what_is_no_manifest_stays_as_it_is(here: Path, text: str) -> None:
    (here / "packer-manifest.json").write_text(text)
    with pytest.raises(StepError, match=r"Unable to parse content from packer-manifest\.json: "):
        await add()
    assert (here / "packer-manifest.json").read_text() == text
    assert [path.name for path in here.iterdir()] == ["packer-manifest.json"]


async def test_a_known_manifest_keeps_its_mode_its_link_and_what_packer_knows(here: Path) -> None:
    (here / "real.json").write_text('{"builds":[{"name":"old","more":1,"files":[]}],"other":2}')
    (here / "real.json").chmod(0o600)
    (here / "m.json").symlink_to("real.json")
    await add(output="m.json", strip_time=True)
    assert (here / "m.json").is_symlink()
    assert (here / "real.json").stat().st_mode & 0o777 == 0o600
    old, new = builds("real.json")
    assert old == {
        "name": "old", "builder_type": "", "files": [], "artifact_id": "", "packer_run_uuid": "",
        "custom_data": None,
    }  # fmt: skip
    assert (new["name"], new["files"]) == ("web", None)


async def test_an_empty_file_is_none_yet(here: Path) -> None:
    (here / "packer-manifest.json").touch()
    await add()
    assert len(builds()) == 1
    assert read_manifest("").builds == ()


async def test_builds_side_by_side_are_all_listed(here: Path) -> None:
    await asyncio.gather(*(add(name=f"b{number}", strip_time=True) for number in range(20)))
    assert sorted(str(b["name"]) for b in builds()) == sorted(f"b{n}" for n in range(20))
    assert [path.name for path in here.iterdir()] == ["packer-manifest.json"]


async def test_a_lock_of_packer_that_stays_is_passed_over_in_the_end(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oxtui.postprocessors.manifest_file.TRIES", (0.0, 0.0))
    (here / "packer-manifest.json.lock").touch()
    await add()
    assert len(builds()) == 1
    assert (here / "packer-manifest.json.lock").exists()


async def test_one_who_never_lets_go_is_told_of(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oxtui.postprocessors.manifest_file.LOOKS", 2)
    folder = os.open(here, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        with pytest.raises(StepError, match=r"^packer-manifest\.json is held by another process"):
            await add()
    finally:
        os.close(folder)
    await add()


async def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(StepError, match=r"^no/m\.json cannot be written: No such file"):
        await add(output="no/m.json")
