"""What tells two lists of a guest apart, how it is kept, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oxtui.build.changes.compare import Change, Changes, compare
from oxtui.build.changes.inventory import Files, Inventory, read
from oxtui.build.changes.records import KEPT_SOURCES, Sources, read_changes, read_inventory, write
from oxtui.build.changes.told import lines, summary
from oxtui.component.events import ChangesCollected

BEFORE = Inventory(
    100, True,
    {
        "packages": {"a": "1", "b": "1"}, "users": {"root": "uid 0"}, "groups": {},
        "units": {"x": "enabled"}, "ports": {"tcp 0.0.0.0:22": ""},
    },
    {"packages": "dpkg"},
)  # fmt: skip
AFTER = replace(
    BEFORE,
    sections={
        "packages": {"b": "2", "c": "1"}, "users": {"root": "uid 0", "d": "uid 1"}, "groups": {},
        "units": {}, "ports": {"tcp 0.0.0.0:22": "sshd", "tcp [::]:80": "nginx"},
    },
    files=Files(2, 3_000_000, ((2_999_000, "/a b"), (1000, "/c"))),
)  # fmt: skip
CHANGES = compare(BEFORE, AFTER)


def test_what_is_new_gone_and_other() -> None:
    assert CHANGES.sections["packages"] == (
        Change("a", "1", None), Change("b", "1", "2"), Change("c", None, "1")
    )  # fmt: skip
    assert CHANGES.sections["ports"] == (Change("tcp [::]:80", None, "nginx"),)
    assert CHANGES.counts == {"packages": 3, "users": 1, "units": 1, "ports": 1, "files": 2}
    assert CHANGES.reasons == ()


def test_what_is_not_known_is_said() -> None:
    bare = replace(AFTER, root=False, whole=False, files=None, sections={"users": {}})
    changes = compare(BEFORE, bare, no_files="Not from here.")
    assert list(changes.sections) == ["users"]
    assert "The guest has nothing that tells its packages." in changes.reasons
    assert "Not from here." in changes.reasons
    assert any("Without sudo" in reason for reason in changes.reasons)
    assert any("broke off" in reason for reason in changes.reasons)
    unknown = compare(None, replace(AFTER, files=Files(2, 9, (), whole=False)))
    assert unknown.sections == {}
    assert unknown.counts == {"files": 2}
    assert any("more files than these" in reason for reason in unknown.reasons)


def test_a_section_that_would_tell_nothing_is_left_out_with_the_reason() -> None:
    changes = compare(BEFORE, AFTER, without={"ports": "They are shared."})
    assert "ports" not in changes.sections
    assert changes.reasons == ("They are shared.",)


def test_it_is_told_section_by_section() -> None:
    assert [tuple(line) for line in lines(CHANGES)] == [
        ("#", "Packages", "1 added, 1 removed, 1 changed"), ("-", "a", "1"), ("~", "b", "1 → 2"),
        ("+", "c", "1"), ("#", "Users", "1 added"), ("+", "d", "uid 1"),
        ("#", "Groups", "as before"), ("#", "Services", "1 removed"), ("-", "x", "enabled"),
        ("#", "Listening ports", "1 opened"), ("+", "tcp [::]:80", "nginx"),
        ("#", "Files", "2 added or changed, 2.9 MiB; the 2 largest"), (" ", "   2.9 MiB", "/a b"),
        (" ", "    1000 B", "/c"),
    ]  # fmt: skip
    look = ChangesCollected(
        time=1, moment="after", seconds=1, counts=CHANGES.counts, size=3_000_000
    )
    assert summary(look) == "3 packages, 1 user, 1 service, 1 port, 2 files (2.9 MiB)"
    assert summary(replace(look, counts={})) == "nothing"
    assert summary(replace(look, reason="gone.")) == "not known: gone."


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    write(tmp_path / "a" / "before.json", AFTER)
    write(tmp_path / "a" / "changes.json", CHANGES)
    assert read_inventory(tmp_path / "a" / "before.json") == AFTER
    assert read_changes(tmp_path / "a" / "changes.json") == CHANGES
    assert (tmp_path / "a" / "changes.json").stat().st_mode & 0o777 == 0o600
    assert read_changes(tmp_path / "none.json") is None
    for text in ("", "[]", "{}", '{"sections": 1}', "{"):
        (tmp_path / "bad.json").write_text(text)
        assert read_changes(tmp_path / "bad.json") is None
        assert read_inventory(tmp_path / "bad.json") is None


def test_a_bounded_number_of_sources_is_remembered(tmp_path: Path) -> None:
    sources = Sources(tmp_path / "sources")
    assert sources.known("image") is None
    for number in range(KEPT_SOURCES + 5):
        sources.remember(f"image/{number}", replace(BEFORE, time=number))
    assert len(list((tmp_path / "sources").iterdir())) == KEPT_SOURCES
    known = sources.known(f"image/{KEPT_SOURCES + 4}")
    assert known is not None
    assert known.time == KEPT_SOURCES + 4


def test_sockets_of_ss_and_of_the_kernel() -> None:
    told = "@clock 5 yes\n@ports {}\n{}\n@end .\n"
    by_ss = read(told.format(
        "ss",
        'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))\n'
        "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\n"
        'tcp LISTEN 0 511 [::]:80 [::]:* users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6))\n'
        "short line",
    ))  # fmt: skip
    assert by_ss is not None
    assert by_ss.sections["ports"] == {
        "tcp 0.0.0.0:22": "sshd", "udp 127.0.0.53%lo:53": "", "tcp [::]:80": "nginx"
    }  # fmt: skip
    by_kernel = read(told.format(
        "proc",
        "tcp 0100007F:0016 0A\ntcp 0100007F:ABCD 01\nudp 00000000:0044 07\n"
        "tcp6 00000000000000000000000001000000:0050 0A\ntcp xyz:1 0A",
    ))  # fmt: skip
    assert by_kernel is not None
    assert by_kernel.sections["ports"] == {
        "tcp 127.0.0.1:22": "", "udp 0.0.0.0:68": "", "tcp [::1]:80": ""
    }  # fmt: skip


def test_what_is_no_list_is_none() -> None:
    for text in ("", "sh: not found", "@clock", "@clock x yes", "@packages dpkg\na\t1"):
        assert read(text) is None
    cut = read("@clock 7 no\n@packages dpkg\na\t1\nno tab here\n@users passwd")
    assert cut is not None
    assert not cut.whole
    assert cut.sections == {"packages": {"a": "1"}, "users": {}}
    assert Changes().counts == {}
