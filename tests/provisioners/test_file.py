"""The file provisioner on a real guest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oxtui.component.errors import StepError
from oxtui.provisioners.file import FileOptions, FileProvisioner
from tests.guests import LiveGuest, Recorded, live_guest, setting


async def provision(live: LiveGuest, **options: Any) -> None:
    await FileProvisioner(FileOptions(**options), setting()).provision(Recorded(), live.guest)


async def test_a_file_goes_to_a_path_or_into_a_folder_and_keeps_its_mode(tmp_path: Path) -> None:
    source = tmp_path / "app.conf"
    source.write_text("x")
    source.chmod(0o600)
    (tmp_path / "into").mkdir()
    async with live_guest(tmp_path) as live:
        await provision(live, source=str(source), destination=f"{tmp_path}/to")
        await provision(live, source=str(source), destination=f"{tmp_path}/into/")
    assert (tmp_path / "to").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "into" / "app.conf").read_text() == "x"


async def test_a_directory_is_copied_itself_or_its_content_by_the_slash(tmp_path: Path) -> None:
    source = tmp_path / "conf"
    source.mkdir()
    (source / "a").write_text("a")
    async with live_guest(tmp_path) as live:
        await provision(live, source=str(source), destination=f"{tmp_path}/one")
        await provision(live, source=f"{source}/", destination=f"{tmp_path}/two")
    assert (tmp_path / "one" / "conf" / "a").read_text() == "a"
    assert (tmp_path / "two" / "a").read_text() == "a"


async def test_content_is_written(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        await provision(live, content="text\n", destination=f"{tmp_path}/motd")
    assert (tmp_path / "motd").read_text() == "text\n"


async def test_paths_may_name_values_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "i-1.conf").write_text("x")
    async with live_guest(tmp_path) as live:
        live.guest.values["ID"] = "i-1"
        source, destination = "{{ .ID }}.conf", "{{ build `ID` | upper }}"
        await provision(
            live, source=f"{tmp_path}/{source}", destination=f"{tmp_path}/{destination}"
        )
    assert (tmp_path / "I-1").read_text() == "x"


async def test_a_download_comes_here(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("l")
    async with live_guest(tmp_path) as live:
        await provision(
            live, direction="download", source=f"{tmp_path}/log", destination=f"{tmp_path}/new/"
        )
    assert (tmp_path / "new" / "log").read_text() == "l"


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
