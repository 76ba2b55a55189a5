"""Host keys: what a console prints of them, and which key a server may show."""

from __future__ import annotations

from itertools import pairwise

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.communicators.ssh.host_keys import HostKeyPin, PrintedHostKeys

KEYS = [asyncssh.generate_private_key("ssh-ed25519", "root@web") for _ in range(3)]
PRINTS = [key.get_fingerprint() for key in KEYS]
PLAIN = (
    "-----BEGIN SSH HOST KEY FINGERPRINTS-----\r\n"
    f"256 {PRINTS[0]} root@web (ED25519)\r\n"
    f"256 {PRINTS[1]} root@web (ECDSA)\r\n"
    "-----END SSH HOST KEY FINGERPRINTS-----\r\n"
)
# as `logger -s` puts it on a console (cloud-init's write-ssh-key-fingerprints)
LOGGED = "".join(f"<14>Nov 30 07:30:12 ec2: {line}\r\n" for line in PLAIN.splitlines())
PUBLIC = (
    "-----BEGIN SSH HOST KEY KEYS-----\r\n"
    f"{KEYS[2].export_public_key().decode().strip()}\r\n"
    "-----END SSH HOST KEY KEYS-----\r\n"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PLAIN, {*PRINTS[:2]}),
        (LOGGED, {*PRINTS[:2]}),
        (PUBLIC, {PRINTS[2]}),
        (LOGGED + PUBLIC, {*PRINTS}),
        (f"256 {PRINTS[0]} root@web (ED25519)\r\n", set()),
        (PLAIN[:-50], set()),
        ("-----BEGIN SSH HOST KEY KEYS-----\nssh-ed25519 AAAA!\n-----END SSH HOST KEY KEYS-----\n", set()),
    ],
    ids=["plain", "logged", "public", "both", "unmarked", "unended", "no-base64"],
)  # fmt: skip
def test_printed_keys_are_found_between_their_marks(text: str, found: set[str]) -> None:
    printed = PrintedHostKeys()
    printed.feed(text.encode())
    assert printed.fingerprints == found


@given(st.lists(st.integers(0, len(LOGGED + PUBLIC)), max_size=8), st.binary(max_size=60))
def test_they_are_found_however_the_console_is_cut(cuts: list[int], noise: bytes) -> None:
    printed, told = PrintedHostKeys(), []
    printed.on_printed = lambda: told.append(set(printed.fingerprints))
    data = noise + b"\n" + (LOGGED + PUBLIC).encode()
    places = [0, *sorted(cuts), len(data)]
    for start, end in pairwise(places):
        printed.feed(data[start:end])
    assert printed.fingerprints == {*PRINTS}
    assert told == [{*PRINTS[:2]}, {*PRINTS}]


def test_the_first_key_is_pinned_and_another_one_refused() -> None:
    pin = HostKeyPin()
    assert pin.accepts("SHA256:a")
    assert pin.accepts("SHA256:a")
    assert pin.problem("u@h") == ""
    assert not pin.accepts("SHA256:b")
    assert "u@h shows another host key than before (SHA256:b, not SHA256:a)" in pin.problem("u@h")


def test_a_key_that_the_console_did_not_print_is_refused_with_both_named() -> None:
    pin = HostKeyPin()
    pin.printed.feed(PLAIN.encode())
    assert not pin.accepts(PRINTS[2])
    assert pin.problem("u@h").startswith(
        f"u@h shows the host key {PRINTS[2]}, and the machine printed {', '.join(sorted(PRINTS[:2]))} "
        "on its serial console; something else answers"
    )
    assert HostKeyPin(printed=pin.printed).accepts(PRINTS[1])


def test_keys_that_are_printed_later_are_held_against_the_pinned_one() -> None:
    pin = HostKeyPin()
    assert pin.accepts(PRINTS[2])
    assert not pin.contradicted
    pin.printed.feed(PLAIN.encode())
    assert pin.contradicted
    assert PRINTS[2] in pin.problem("u@h")
    pin.printed.feed(PUBLIC.encode())
    assert not pin.contradicted
    assert pin.problem("u@h") == ""
