"""From keys to the bytes that a guest is sent."""

from __future__ import annotations

import pytest

from screens.widgets.terminal.keys import key_bytes


@pytest.mark.parametrize(
    ("key", "character", "data"),
    [
        ("a", "a", b"a"),
        ("ä", "ä", "ä".encode()),
        ("enter", "\r", b"\r"),
        ("ctrl+c", None, b"\x03"),
        ("ctrl+]", None, b"\x1d"),
        ("up", None, b"\x1b[A"),
        ("ctrl+left", None, b"\x1b[1;5D"),
        ("shift+f3", None, b"\x1b[1;2R"),
        ("f5", None, b"\x1b[15~"),
        ("delete", None, b"\x1b[3~"),
        ("alt+b", "b", b"\x1bb"),
        ("space", " ", b" "),
        ("full_stop", ".", b"."),
        ("ctrl+shift+f13", None, None),
    ],
)
def test_keys_are_sent_as_xterm_does(key: str, character: str | None, data: bytes | None) -> None:
    assert key_bytes(key, character, application_cursor=False) == data


def test_cursor_keys_follow_the_guests_wish() -> None:
    assert key_bytes("up", None, application_cursor=True) == b"\x1bOA"
