"""Which files a crash empties."""

from __future__ import annotations

import os
from pathlib import Path

from oxtui.rack.guest import unsynced


def _changed(path: Path) -> float:
    return path.lstat().st_ctime


def test_only_files_changed_after_the_sync_and_not_long_ago_are_unsynced(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "deep/new"
    new.parent.mkdir()
    old.write_text("x")
    marker = tmp_path / "marker"
    marker.touch()
    new.write_text("x")
    while _changed(new) <= _changed(old):  # until the clock of the disk has ticked
        new.write_text("x")
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to("old")
    synced, now = _changed(old), _changed(new)
    assert list(unsynced.unsynced(str(tmp_path), synced, now)) == ["deep/new"]
    assert sorted(unsynced.unsynced(str(tmp_path), 0.0, now)) == ["deep/new", "old"]
    late = now + unsynced.WRITE_BACK_AGE
    assert list(unsynced.unsynced(str(tmp_path), 0.0, late)) == []


def test_the_latest_of_start_and_sync_counts(tmp_path: Path) -> None:
    started, synced = tmp_path / "started", tmp_path / "synced"
    assert unsynced.last_sync(str(started), str(synced)) == 0.0
    started.touch()
    os.utime(started, (5.0, 7.0))
    assert unsynced.last_sync(str(started), str(synced)) == 7.0
    synced.touch()
    os.utime(synced, (5.0, 6.0))
    assert unsynced.last_sync(str(started), str(synced)) == 7.0


def test_losing_empties_files_and_follows_no_link(tmp_path: Path) -> None:
    disk, host = tmp_path / "disk", tmp_path / "host"
    disk.mkdir()
    host.mkdir()
    (host / "file").write_text("of the host")
    (disk / "file").write_text("of the disk")
    (disk / "link").symlink_to(host / "file")
    (disk / "folder").symlink_to(host)
    names = ["file", "link", "folder/file", "gone", "gone/too"]
    assert unsynced.lose(str(disk), iter(names)) == 1
    assert (disk / "file").read_text() == ""
    assert (host / "file").read_text() == "of the host"
    assert os.path.islink(disk / "link")
