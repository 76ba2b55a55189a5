"""The layers of a disk as the bytes of a file system."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from oxtui.rack.guest import file_system
from oxtui.rack.guest.request import MakeImage, Mode, Place

SIZE = 32 << 20
_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"

pytestmark = pytest.mark.skipif(
    not all(shutil.which(name, path=_PATH) for name in ("mke2fs", "debugfs")),
    reason="e2fsprogs is not installed",
)


def debugfs(image: Path, request: str) -> str:
    program = shutil.which("debugfs", path=_PATH)
    assert program is not None
    words = [program, "-R", request, str(image)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def written(place: Place, layer: str, files: dict[str, str]) -> Path:
    folder = Path(place.layer(layer))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_it_holds_what_the_layers_hold_together(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    base = written(place, "base", {"root/etc/a": "1", "root/etc/b": "1", "root/gone": "1"})
    (base / "root/usr").mkdir()
    top = written(place, "top", {"root/etc/b": "22", "usr/local/bin/c": "333"})
    if os.geteuid() == 0:
        os.mknod(top / "root/gone", stat.S_IFCHR, 0)  # as overlay hides a name
    file = tmp_path / "layers/top/raw/disk.img"
    # "new" is a disk's own layer, to which nothing was written.
    layers = ("base", "top", "new")
    file_system.make(MakeImage(Mode("overlay"), place, layers, SIZE, str(file)))
    assert file.stat().st_size == SIZE
    told = [debugfs(file, f"cat {name}") for name in ("/etc/a", "/etc/b", "/usr/local/bin/c")]
    assert told == ["1", "22", "333"]
    assert ("/gone/" in debugfs(file, "ls -p /")) is (os.geteuid() != 0)
    assert [each.name for each in file.parent.iterdir()] == ["disk.img"]


def test_a_whole_tree_is_taken_as_it_is(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    written(place, "one", {"root/etc/a": "1"})
    file = tmp_path / "disk.img"
    file_system.make(MakeImage(Mode("chroot"), place, ("one",), SIZE, str(file)))
    assert debugfs(file, "cat /etc/a") == "1"


def test_what_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    written(place, "one", {"root/large": "x" * 2_000_000})
    file = tmp_path / "disk.img"
    with pytest.raises(subprocess.CalledProcessError):
        file_system.make(MakeImage(Mode("chroot"), place, ("one",), 1 << 20, str(file)))
    assert [each.name for each in tmp_path.iterdir()] == ["layers"]
