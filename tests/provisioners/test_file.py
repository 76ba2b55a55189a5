"""The file provisioner on a real guest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oxtui.component.errors import StepError
from oxtui.component.protocols import Moved
from oxtui.provisioners.file import FileOptions, FileProvisioner
from oxtui.provisioners.file.progress import TransferProgress
from tests.guests import LiveGuest, Recorded, live_guest, setting


async def provision(live: LiveGuest, **options: Any) -> list[str]:
    context = Recorded()
    await FileProvisioner(FileOptions(**options), setting()).provision(context, live.guest)
    return context.said


async def test_a_file_goes_to_a_path_or_into_a_folder_and_keeps_its_mode(tmp_path: Path) -> None:
    source = tmp_path / "app.conf"
    source.write_text("x")
    source.chmod(0o600)
    (tmp_path / "into").mkdir()
    async with live_guest(tmp_path) as live:
        said = await provision(live, source=str(source), destination=f"{tmp_path}/to")
        await provision(live, source=str(source), destination=f"{tmp_path}/into/")
    assert (tmp_path / "to").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "into" / "app.conf").read_text() == "x"
    assert said[0] == f"Uploading {source} => {tmp_path}/to"
    assert said[-1].startswith("Uploaded 1 B in ")


async def test_a_directory_is_copied_itself_or_its_content_by_the_slash(tmp_path: Path) -> None:
    source = tmp_path / "conf"
    source.mkdir()
    (source / "a").write_text("a")
    (tmp_path / "there").mkdir()
    async with live_guest(tmp_path) as live:
        await provision(live, source=str(source), destination=f"{tmp_path}/there")
        await provision(live, source=f"{source}/", destination=f"{tmp_path}/there")
        # What is not there yet is the copy itself: Packer's users rely on it.
        await provision(live, source=str(source), destination=f"{tmp_path}/new/")
    for path in ("there/conf/a", "there/a", "new/a"):
        assert (tmp_path / path).read_text() == "a"


async def test_several_sources_go_in_order_with_source_last(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "same").write_text(name)
    (tmp_path / "there").mkdir()
    sources = [f"{tmp_path}/{name}/same" for name in "bc"]
    async with live_guest(tmp_path) as live:
        await provision(
            live, sources=sources, source=f"{tmp_path}/a/same", destination=f"{tmp_path}/there/"
        )
    assert (tmp_path / "there" / "same").read_text() == "a"


@pytest.mark.parametrize("content", ["text\n", ""])
async def test_content_is_written_even_where_it_is_empty(tmp_path: Path, content: str) -> None:
    async with live_guest(tmp_path) as live:
        await provision(live, content=content, destination=f"{tmp_path}/motd")
        await provision(live, content=content, destination=f"{tmp_path}/")
    assert (tmp_path / "motd").read_text() == content
    assert (tmp_path / "pkr-file-content").read_text() == content


async def test_paths_and_content_may_name_values_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "i-1.conf").write_text("x")
    async with live_guest(tmp_path) as live:
        live.guest.values["ID"] = "i-1"
        source, destination = "{{ .ID }}.conf", "{{ build `ID` | upper }}"
        await provision(
            live, source=f"{tmp_path}/{source}", destination=f"{tmp_path}/{destination}"
        )
        await provision(live, content="{{ build `ID` }}", destination=f"{tmp_path}/content")
    assert (tmp_path / "I-1").read_text() == "x"
    assert (tmp_path / "content").read_text() == "i-1"


async def test_downloads_come_here_each_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    for name in ("one", "two"):
        (tmp_path / "logs" / name).write_text(name)
    download = {"direction": "download"}
    async with live_guest(tmp_path) as live:
        sources = [f"{tmp_path}/logs/{name}" for name in ("one", "two")]
        await provision(live, **download, sources=sources, destination=f"{tmp_path}/new/")
        await provision(
            live, **download, source=f"{tmp_path}/logs/", destination=f"{tmp_path}/tree"
        )
        with pytest.raises(StepError, match="is a directory"):
            await provision(live, **download, source="/tmp/..", destination=f"{tmp_path}/new/")
    for path in ("new/one", "new/two", "tree/logs/one", "tree/logs/two"):
        assert (tmp_path / path).read_text() == path[-3:]


async def test_a_source_that_vanished_says_so(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError, match="cannot be read: No such file"):
            await provision(live, source=f"{tmp_path}/gone", destination="/tmp/x")


def test_missing_sources_are_told_before_anything_is_spent(tmp_path: Path) -> None:
    missing = FileOptions(source="gone", destination="/x")
    generated = FileOptions(source="gone", destination="/x", generated=True)
    ((option, text),) = FileProvisioner.problems(missing, tmp_path)
    assert option == "source"
    assert "source gone is not there" in text
    assert not FileProvisioner.problems(generated, tmp_path)


def test_content_beside_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="content or source, not both"):
        FileOptions(content="x", source="y", destination="/z")
    assert FileOptions(content="", source="y", destination="/z").text is None


def test_a_destination_is_needed() -> None:
    with pytest.raises(ValueError, match="the destination is empty"):
        FileOptions(source="y", destination="")


def test_progress_is_told_five_times_a_second_and_once_at_the_end() -> None:
    context = Recorded()
    now = 0.0
    progress = TransferProgress(context, "a → b", clock=lambda: now)
    moved = Moved(0, 4_000_000, 0, 20)
    for done in range(1, 5):
        now += 0.1
        progress.moved(replace(moved, size=done * 1_000_000, files=done * 5))
    progress.end("Uploaded", Moved(4_000_000, 4_000_000, 20, 20, ("x, which is a pipe",) * 7))
    assert context.said == [
        "a → b",
        "a → b: 2.0 MB of 4.0 MB, 10 of 20 files, 10.0 MB/s",
        "a → b: 4.0 MB of 4.0 MB, 20 of 20 files, 10.0 MB/s",
        *["warning: Left out x, which is a pipe"] * 5,
        "warning: Left out 2 more that are no files",
        "Uploaded 20 files, 4.0 MB in 0.4 s (10.0 MB/s)",
    ]
