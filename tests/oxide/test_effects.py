"""What an operator is told before something goes, and what a key or a test instance is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.oxide.addressing import Addressing
from oxtui.oxide.effects import deleting_images, deleting_instances
from oxtui.oxide.limits import GIB, check_disk_size, check_name
from oxtui.oxide.models.image import Image
from oxtui.oxide.models.instance_create import ExplicitPool
from oxtui.oxide.models.network import IpPool
from oxtui.oxide.public_key import PublicKeyError, fingerprint, read_public_key
from oxtui.oxide.trial import Trial, free_name, smallest_disk

NOW = datetime(2026, 11, 20, tzinfo=UTC)
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKZ5v5JcvSEmoiLJtCpVTxxAgoWwCbYwDxrI/9DPcRV4 me@here"


def image(project: str | None = "p", size: int = GIB) -> Image:
    return Image(
        id="i", name="web", description="", time_created=NOW, time_modified=NOW,
        os="", version="", size=size, block_size=512, project_id=project,
    )  # fmt: skip


def addressing(version: str, *, named: str = "", ipv4_way_out: bool = True) -> Addressing:
    pool = IpPool(
        id="p", name="pool", description="", time_created=NOW, time_modified=NOW,
        ip_version=version, pool_type="unicast", is_default=True,
    )  # fmt: skip
    return Addressing(pool, named, ipv4_way_out)


def test_a_silo_image_is_missed_by_every_project() -> None:
    assert len(deleting_images([image()])) == 1
    assert "every project of the silo loses it" in deleting_images([image(), image(None)])[1]
    assert deleting_images([image()], 1)[-1].endswith("goes on working (1 disk).")


def test_disks_of_an_instance_stay_unless_they_are_named() -> None:
    assert "not deleted: data." in deleting_instances(["data"])[1]
    told = deleting_instances([], ["boot (4 GiB)"])
    assert told[1:] == ["All data on boot (4 GiB) is lost."]


def test_a_key_is_the_line_itself_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "id.pub").write_text(f"{KEY}\n")
    assert read_public_key(str(tmp_path / "id.pub")) == read_public_key(KEY) == KEY


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is needed"),
        ("nowhere.pub", "neither a public key nor a file"),
        ("ssh-ed25519", "one line such as"),
        (f"{KEY} {'x' * 1023}", "at most 1023"),
    ],
)
def test_what_is_no_key_is_told(text: str, problem: str) -> None:
    with pytest.raises(PublicKeyError, match=problem):
        read_public_key(text)


@pytest.mark.parametrize("content", [b"-----BEGIN OPENSSH PRIVATE KEY-----\nx", b"hello", b"\xff"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(PublicKeyError):
        read_public_key(str(tmp_path / "file"))


def test_the_fingerprint_is_that_of_ssh_keygen() -> None:
    assert fingerprint(KEY) == "SHA256:lLrI4QcDCe6bEaGsEcgauCXlnGsA1+eI9cDwmawM5nA"
    assert fingerprint("ssh-ed25519 not-base64!") == fingerprint("x") == ""


@given(st.from_regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True), st.integers(0, 3))
def test_a_free_name_is_allowed_and_free(name: str, others: int) -> None:
    taken: set[str] = set()
    for _ in range(others):
        taken.add(free_name(name, taken))
    assert len(taken) == others
    assert check_name(free_name(name, taken)) is None


@given(st.integers(1, 1023 * GIB))
def test_the_smallest_disk_holds_the_image(size: int) -> None:
    small = smallest_disk(image(size=size))
    assert check_disk_size(small, source_size=size) is None
    assert small - size < GIB


def test_a_test_instance_can_be_reached() -> None:
    body = Trial(image(), "t", disk=GIB, addressing=addressing("v4")).body.wire()
    assert body["external_ips"] == [
        {"type": "ephemeral", "pool_selector": {"type": "auto", "ip_version": "v4"}}
    ]
    assert body["network_interfaces"] == {"type": "default_ipv4"}
    assert "ssh_public_keys" not in body, "left out, so that all keys of the user are given"
    assert body["boot_disk"]["disk_backend"]["disk_source"]["image_id"] == "i"


@pytest.mark.parametrize(
    ("ipv4_way_out", "interface", "stack"),
    [(True, "default_dual_stack", "dual_stack"), (False, "default_ipv6", "v6")],
)
def test_with_ipv6_an_interface_has_ipv4_too_where_the_rack_would_make_it(
    ipv4_way_out: bool, interface: str, stack: str
) -> None:
    found = addressing("v6", ipv4_way_out=ipv4_way_out)
    body = Trial(image(), "t", disk=GIB, addressing=found).body.wire()
    assert body["external_ips"] == [
        {"type": "ephemeral", "pool_selector": {"type": "auto", "ip_version": "v6"}}
    ]
    assert body["network_interfaces"] == {"type": interface}
    assert found.stack.type == stack
    named = addressing("v6", named="six").selector
    assert isinstance(named, ExplicitPool)
    assert named.wire() == {"type": "explicit", "pool": "six"}
