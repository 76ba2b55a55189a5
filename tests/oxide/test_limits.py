"""What the rack would refuse is told before it is asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oxtui.oxide import limits
from oxtui.oxide.limits import GIB
from oxtui.oxide.names import is_id
from tests.oxide.openapi import OpenApi

NAMES = st.text(alphabet="abz019-AZ.", max_size=70)


@given(NAMES)
@example("a" * 63)
@example("a" * 64)
@example("web-")
def test_a_name_that_passes_is_one_that_the_api_takes(name: str) -> None:
    if limits.check_name(name) is None:
        assert OpenApi().problems("Name", name) == []
        assert name == name.lower()


@given(st.from_regex(r"[a-z]([a-z0-9-]{0,40}[a-z0-9])?", fullmatch=True))
def test_the_servers_own_rule_is_not_narrowed(name: str) -> None:
    assert limits.check_name(name) is None or is_id(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "A name is needed"),
        ("a" * 64, "64 characters; at most 63"),
        ("Web", "lower-case"),
        ("web-", "does not end with a hyphen"),
        ("1web", "begins with a letter"),
        ("a1b2c3d4-0000-4000-8000-000000000001", "look like an id"),
        ("abcdefabcdefabcdefabcdefabcdefab", "look like an id"),
    ],
)
def test_a_name_is_refused_with_the_reason(name: str, words: str) -> None:
    assert words in str(limits.check_name(name))


@given(st.text(alphabet="aZ9-.", min_size=1, max_size=70))
def test_a_hostname_that_passes_is_one_that_the_api_takes(hostname: str) -> None:
    if limits.check_hostname(hostname) is None:
        assert OpenApi().problems("Hostname", hostname) == []
        assert len(hostname) <= 63


@pytest.mark.parametrize("hostname", ["web-1", "Web", "1.example.com", "a" * 63])
def test_ordinary_hostnames_pass(hostname: str) -> None:
    assert limits.check_hostname(hostname) is None


@pytest.mark.parametrize("hostname", ["", "-a", "a-", "a..b", "a_b", "a" * 64])
def test_other_hostnames_do_not(hostname: str) -> None:
    assert limits.check_hostname(hostname)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (limits.check_cpus, [1, 254], [0, -1, 255]),
        (limits.check_memory, [GIB, 1536 * GIB], [0, GIB + 1, GIB // 2, 1537 * GIB, -GIB]),
        (limits.check_disk_size, [GIB, 1023 * GIB], [0, GIB - 512, 1024 * GIB]),
        (limits.check_block_size, [512, 2048, 4096], [0, 1024, 513]),
        (limits.check_user_data, [b"", b"x" * 32768], [b"x" * 32769]),
        (limits.check_description, ["", "x" * 512], ["x" * 513]),
    ],
)
def test_the_edges_are_where_the_rack_has_them(
    check: object, good: list[object], bad: list[object]
) -> None:
    assert callable(check)
    assert [value for value in good if check(value) is not None] == []
    assert [value for value in bad if not re.search(r"\.$", check(value) or "")] == []


def test_a_disk_is_not_smaller_than_its_source() -> None:
    assert limits.check_disk_size(20 * GIB, source_size=20 * GIB) is None
    said = limits.check_disk_size(4 * GIB, source_size=20 * GIB)
    assert said == "The disk of 4 GiB is smaller than its source of 20 GiB."
    larger = limits.check_disk_size(30 * GIB, source_size=20 * GIB, read_only=True)
    assert larger == "A read-only disk has the size of its source, 20 GiB."


def test_sizes_that_are_no_whole_gib_are_told_in_bytes() -> None:
    assert limits.check_memory(1_000_000_000) == (
        "Memory must be a whole number of GiB; 1000000000 bytes is not."
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("ssh-ed25519 AAAA me", None),
        ("ssh-ed25519 AAAA\n", None),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3\n", "private key"),
        ("ssh-ed25519", "one line"),
        ("ssh-ed25519 AAAA\nssh-rsa BBBB", "one line"),
        ("ssh-rsa " + "A" * 1020, "at most 1023"),
    ],
)
def test_a_public_key_is_one_line(key: str, words: str | None) -> None:
    said = limits.check_public_key(key)
    assert said is None if words is None else words in str(said)


def test_the_texts_of_an_image_and_the_parts_of_an_instance_are_counted() -> None:
    assert limits.check_image_text("os", "") is None
    assert limits.check_image_text("version", "x" * 65) == (
        "The version has 65 characters; at most 64 are allowed."
    )
    assert limits.check_count("disks", 12, limits.DISKS_PER_INSTANCE) is None
    assert limits.check_count("SSH keys", 101, limits.SSH_KEYS_PER_INSTANCE) == (
        "An instance takes at most 100 SSH keys, not 101."
    )
