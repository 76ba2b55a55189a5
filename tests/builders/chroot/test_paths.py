"""Paths of a root, tables of mounts, names of partitions, options."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from oxtui.builders.chroot.devices import partition
from oxtui.builders.chroot.in_root import in_root
from oxtui.builders.chroot.local_options import LocalChrootOptions
from oxtui.builders.chroot.mount_table import parsed

PARTS = st.sampled_from(["a", "b", "up", "out", "round", "..", ".", "", "new"])


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with links in all directions."""
    root = tmp_path_factory.mktemp("linked") / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "b").mkdir()
    (root / "a/up").symlink_to("../../../../..")
    (root / "out").symlink_to("/etc")
    (root / "a/out").symlink_to("/b/../a/b")
    (root / "b/out").symlink_to("../../b")
    return root


@given(st.lists(PARTS, max_size=8).map("/".join))
def test_no_path_leads_out_of_the_root(linked: Path, path: str) -> None:
    found = in_root(linked, path)
    assert found == linked or linked in found.parents
    assert ".." not in found.relative_to(linked).parts
    assert Path(os.path.realpath(found)) == found  # nothing on the way is a link any more


def test_links_are_followed_as_in_the_root(linked: Path) -> None:
    assert in_root(linked, "/out/passwd") == linked / "etc/passwd"
    assert in_root(linked, "/a/out") == linked / "a/b"
    assert in_root(linked, "/a/up/x") == linked / "x"
    assert in_root(linked, "/out", last=False) == linked / "out"


def test_links_that_lead_round_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(OSError, match="symbolic links"):
        in_root(tmp_path, "/one")


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\n\0/"), min_size=1, max_size=9)


@given(NAMES, NAMES)
def test_the_kernel_s_escapes_are_undone(target: str, source: str) -> None:
    def escaped(text: str) -> str:
        return "".join(f"\\{ord(each):03o}" if each in " \t\\#" else each for each in text)

    line = f"36 35 98:0 / /mnt/{escaped(target)} rw - ext4 {escaped(source)} rw\n"
    (found,) = parsed(line + "nonsense\n")
    assert (found.target, found.type, found.source) == (f"/mnt/{target}", "ext4", source)


@pytest.mark.parametrize(
    ("device", "number", "path"),
    [
        ("/dev/xvdf", "1", "/dev/xvdf1"),
        ("/dev/nvme1n1", "2", "/dev/nvme1n1p2"),
        ("/dev/loop0", "1", "/dev/loop0p1"),
        ("/dev/vdb", "0", "/dev/vdb"),
    ],
)
def test_partitions_have_the_kernel_s_names(device: str, number: str, path: str) -> None:
    assert partition(device, number) == path


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "nothing makes a base system"),
        ({"source": "a", "debootstrap_suite": "b"}, "not both"),
        ({"source": "a", "format": "raw"}, "needs disk_size"),
        ({"source": "a", "mount_partition": "1"}, "no partitions"),
        ({"source": "a", "mount_partition": "p1"}, "number of a partition"),
        ({"source": "a", "disk_size": 5_000_000}, "multiple of 512, such as 4999680"),
        ({"source": "a", "chroot_mounts": [["proc", "/proc"]]}, "write three texts"),
        ({"source": "a", "chroot_mounts": [["bind", "/a", "/../a"]]}, "no path in the root"),
        ({"source": "a", "chroot_mounts": [["bind", "/a", "/"]]}, "no path in the root"),
        ({"source": "a", "copy_files": ["etc/hosts"]}, "write it from /"),
        ({"source": "a", "mount_path": "/"}, "not / itself"),
        ({"source": "a", "command_wrapper": "sudo"}, "no {{.Command}}"),
        ({"source": "a", "post_mount_commands": ["echo {{"]}, "post_mount_commands"),
        ({"debootstrap_mirror": "a", "source": "b"}, "without debootstrap_suite"),
        ({"source": "a", "output": "out/"}, "path of the file"),
    ],
)
def test_what_cannot_be_is_told(given: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError) as told:
        LocalChrootOptions.model_validate({"output": "o", **given})
    assert problem in str(told.value)
