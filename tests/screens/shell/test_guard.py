"""What does not reach the real terminal, however it is written and cut."""

from __future__ import annotations

import pytest

from screens.shell.guard import LONGEST, PLAIN, Guard


@pytest.mark.parametrize(
    ("data", "passed"),
    [
        (b"plain \x1b[31mred\x1b[0m\r\n", b"plain \x1b[31mred\x1b[0m\r\n"),
        (
            b"a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c",
            b"a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c",
        ),
        (b"a\x1b]52;c;aGk=\x07b", b"ab"),
        (b"a\x1b]52;c;?\x1b\\b", b"ab"),
        (b"a\x1b]0052;c;aGk=\x07b", b"ab"),
        (b"a\x1b\x00]\x015\x002;c;aGk=\x07b", b"ab"),
        ("a\x9d52;c;aGk=\x9cb".encode(), b"ab"),
        (b"a\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\b", b"a\x1b\\b"),
        (b"a\x1bP$qm\x1b\\b", b"a\x1bP$qm\x1b\\b"),
        (b"\x1b[?1049h\x1b[?25;1049;2004h\x1b[?47l", b"\x1b[?25;2004h"),
        (b"\x1b[?01049h\x1b[?3;5l\x1b[?10\x0049h\xc2\x9b?1049h", b"\x1b[?5l"),
        (b"a\x1b[3J\x1b[2J\x1b[J\x1b[?3J\x1b\x00[3J\x1b[33Jb", b"a\x1b[2J\x1b[J\x1b[33Jb"),
        # ctrl+] stays the byte that we look for.
        (
            b"\x1b[>1u\x1b[=5;1u\x1b[<u\x1b[?u\x1b[>4;2m\x1b[?4m\x1b[>4n\x1b[?6n\x1b[u\x1b[4m\x1b[4:3m\x1b[6n",
            b"\x1b[?6n\x1b[u\x1b[4m\x1b[4:3m\x1b[6n",
        ),
        (
            b"\x1b[8;50;200t\x1b[2t\x1b[14t\x1b[14;2t\x1b[18t\x1b[22;2t\x1b[21t\x1b[140t",
            b"\x1b[14t\x1b[14;2t\x1b[18t",
        ),
        (b"a\x1bcb\x1b(c", b"a" + PLAIN + b"\x1b[H\x1b[2Jb\x1b(c"),
        ("漢字\u00a0\u00c2".encode(), "漢字\u00a0\u00c2".encode()),
    ],
)
def test_only_what_is_refused_is_missing(data: bytes, passed: bytes) -> None:
    assert Guard().feed(data) == passed
    for size in (1, 2, 3, 5):
        guard = Guard()
        pieces = [guard.feed(data[at : at + size]) for at in range(0, len(data), size)]
        assert b"".join(pieces) == passed


def test_what_never_ends_is_not_kept() -> None:
    guard = Guard()
    guard.feed(b"\x1b]2;")
    for _ in range(100):
        guard.feed(b"x" * 5000)
        assert len(guard._held) <= LONGEST
