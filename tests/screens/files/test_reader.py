"""What is said of a file, and what is shown of one that is no text."""

from __future__ import annotations

import pytest

from oxtui.build.files.content import Content
from oxtui.build.files.listing import Entry
from screens.files.reader import about, language_of, readable
from screens.files.rows import entry_rows, parent


def content(data: bytes, size: int | None = None, *, as_root: bool = False) -> Content:
    return Content("/a", data, len(data) if size is None else size, "640", "u:g", "1", as_root)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (content(b"text"), "4 B · 640 · u:g"),
        (content(b"text", as_root=True), "4 B · 640 · u:g · read as root"),
        (content(b"a\0b"), "3 B · 640 · u:g · binary: its first bytes"),
        (content("aü".encode()[:2], 900), "900 B · 640 · u:g · only the first 2 B are shown"),
        (content(b"\xff\xfe"), "2 B · 640 · u:g · binary: its first bytes"),
    ],
)
def test_what_is_not_shown_is_said(found: Content, told: str) -> None:
    assert about(found) == told


def test_a_binary_file_is_dumped() -> None:
    lines = readable(content(bytes(range(40)))).split("\n")
    assert lines[0] == "00000000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  ................"
    assert lines[2] == "00000020  20 21 22 23 24 25 26 27" + " " * 26 + " !\"#$%&'"
    assert readable(content("aü".encode()[:2], 900)) == "a"


def test_directories_come_first_and_the_way_up_before_them() -> None:
    entries = [
        Entry("b", "file", 0o644, "u", "g", 1, 0.0),
        Entry("a", "link", 0o777, "u", "g", 1, 0.0, "b"),
        Entry("z", "directory", 0o755, "u", "g", 1, 0.0),
    ]
    rows = entry_rows("/srv", entries)
    assert [(row.name, row.path) for row in rows] == [
        ("../", "/"), ("z/", "/srv/z"), ("a → b", "/srv/a"), ("b", "/srv/b"),
    ]  # fmt: skip
    assert rows[-1].mode == "-rw-r--r--"
    assert next(row.name for row in entry_rows("/", entries)) == "z/"
    assert (parent("/a/b/"), parent("/a"), parent("/")) == ("/a", "/", "/")


def test_the_language_goes_by_the_name() -> None:
    assert [language_of(name) for name in ("/a.sh", "/b.json", "/c.conf")] == ["shell", "json", ""]
