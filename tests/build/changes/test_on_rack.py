"""What builds change in guests of the rack."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from oxtui.build.changes import collector
from oxtui.build.changes.collector import SHARED_NETWORK
from oxtui.build.changes.records import changes_file, read_changes
from oxtui.build.control import Policy
from oxtui.build.session import SessionFolders
from oxtui.cli import main
from tests.sessions import Bench, bench, shell, template

STATUS = (
    "Package: hello\\\\nStatus: install ok installed\\\\nVersion: 1.0\\\\nArchitecture: all\\\\n"
)
PROVISIONERS = (
    shell(
        "sudo mkdir -p /usr/share/app", "echo old | sudo tee /usr/share/app/page >/dev/null",
        "sudo useradd -m deploy", "sudo mkdir -p /opt/app",
        "head -c 3000000 /dev/zero | sudo tee /opt/app/blob >/dev/null",
        f"printf '{STATUS}Maintainer: m\\\\nDescription: d\\\\n\\\\n' | "
        "sudo tee -a /var/lib/dpkg/status >/dev/null",
        "sudo mkdir -p /etc/systemd/system/multi-user.target.wants",
        "sudo ln -s /lib/systemd/system/hello.service "
        "/etc/systemd/system/multi-user.target.wants/",
    ),
)  # fmt: skip


async def built(there: Bench, text: str) -> None:
    session = await there.session(text, Policy())
    session.changes = True
    assert (await session.run()).status == "succeeded", there.build.error


@pytest.mark.slow
async def test_what_a_build_changes_is_in_its_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A busy machine may take long for a walk that has to be whole here.
    monkeypatch.setattr(collector, "WALK_MOST", 15)
    monkeypatch.setattr(collector, "WALK_LIMIT", 15)
    folders = SessionFolders(tmp_path / "sessions")
    async with bench(tmp_path) as there:
        for _ in range(2):
            await built(there, template(*PROVISIONERS).replace('"made"', f'"made-{_}"'))
            before, after = there.build.looks
            assert (before.moment, before.reason) == ("before", "")
            assert (after.moment, after.reason) == ("after", "")
            assert after.counts["packages"] == after.counts["units"] == after.counts["users"] == 1
            assert after.size >= 3_000_000
            number = there.sessions[-1].number
            changes = read_changes(changes_file(folders.folder(number), there.build.name))
            assert changes is not None
            assert [change.name for change in changes.sections["users"]] == ["deploy"]
            assert [tuple(change) for change in changes.sections["packages"]] == [
                ("hello", None, "1.0")
            ]
            assert SHARED_NETWORK["ports"] in changes.reasons
            assert changes.files is not None
            assert changes.files.largest[0] == (3_000_000, "/opt/app/blob")
        assert len(list((tmp_path / "sessions" / "sources").iterdir())) == 1
        # A build of the new image finds what the first made in its source.
        overwrite = shell("echo newer | sudo tee /usr/share/app/page >/dev/null")
        await built(there, template(overwrite).replace("ubuntu-24-04", "made-0").replace(
            '"made"', '"next"'))  # fmt: skip
        assert set(there.build.looks[-1].counts) == {"files"}
        number = there.sessions[-1].number
        changes = read_changes(changes_file(folders.folder(number), there.build.name))
        assert changes is not None
        assert changes.files is not None
        found = {path: size for size, path in changes.files.largest}
        assert found["/usr/share/app/page"] == 6
        assert "/opt/app/blob" not in found
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(tmp_path / "sessions"))
    assert await asyncio.to_thread(main, ["sessions", "changes", "1"]) == 0
    out = capsys.readouterr().out
    assert "oxide-instance.t: 1 package, 1 user" in out
    assert "  + deploy  uid 1001" in out
    assert "/opt/app/blob" in out
    assert await asyncio.to_thread(main, ["sessions", "changes", "1", "--json"]) == 0
    (build,) = json.loads(capsys.readouterr().out)["builds"]
    assert build["changes"]["sections"]["packages"] == [
        {"name": "hello", "before": None, "after": "1.0"}
    ]
