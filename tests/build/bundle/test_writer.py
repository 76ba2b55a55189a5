"""What a bundle holds, and what it never holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oxtui.build.bundle import form
from oxtui.build.bundle.errors import BundleError
from oxtui.build.bundle.reader import open_bundle
from oxtui.build.bundle.writer import Identity, write_bundle
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.logs.reader import SpoolReader
from oxtui.logs.redact import MARK
from tests.build.bundle.made import HOST, contents, session

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\nabcdefg\n-----END RSA PRIVATE KEY-----"
PLANTED = (
    "oxide-token-abcdef0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "hunter2-in-url",
    "hunter3-in-query",
    "MIIEowIBAAKCAQEA7",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
)
OUTPUT = f"""before
token oxide-token-abc\x1b[1mdef0123456789\x1b[0m here
AWS AKIAIOSFODNN7EXAMPLE aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
{KEY} behind
git clone https://bob:hunter2-in-url@git.example/x.git
GET https://x.example/?a=1&password=hunter3-in-query&b=2
ghp_abcdefghijklmnopqrstuvwxyz0123456789
Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N
last
"""


def text_of(path: Path | None) -> list[str]:
    """The lines of an output."""
    assert path is not None
    with SpoolReader(path) as reader:
        return [line.text for line in reader.read(0, reader.lines, None)]


def test_what_looks_like_a_secret_is_masked_and_counted_wherever_it_stands(tmp_path: Path) -> None:
    failure = e.Failure(
        summary=f"pw in https://u:{PLANTED[3]}@h/", last_lines=tuple(KEY.split("\n"))
    )
    events, folder = session(
        tmp_path, OUTPUT.encode(),
        e.StepFinished(
            time=6.0, build="b", step="provision-2", status="failed", seconds=1.0, failure=failure
        ),
        e.StepEdited(time=7.0, build="b", step="provision-2", changes={"inline": [PLANTED[0]]}),
        d.BuilderRemembered(time=7.0, build="b", memory={"x": "not for others"}),
        template=f'inline = ["{PLANTED[1]}"]\n# {KEY}\n',
    )  # fmt: skip
    target = tmp_path / "made.zip"
    summary = write_bundle(events, folder, target)
    everything = b"\n".join(contents(target).values()).decode(errors="replace")
    assert [planted for planted in PLANTED if planted in everything] == []
    assert "the key itself" not in everything
    assert "not for others" not in everything
    assert summary.secrets == 8 + 2 + 1 + 2
    assert os.stat(target).st_mode & 0o077 == 0
    opened = open_bundle(target)
    lines = text_of(opened.replay.spool("b", "provision-1"))
    assert lines[0] == "before"
    assert lines[1] == f"token {MARK}\x1b[0m here"
    assert lines[3:7] == [MARK, MARK, MARK, f"{MARK} behind"]
    assert lines[7] == f"git clone https://bob:{MARK}@git.example/x.git"
    assert lines[8] == f"GET https://x.example/?a=1&password={MARK}&b=2"
    assert lines[-1] == "last"
    assert HOST in everything  # as nobody asked for other names


def test_the_same_session_gives_the_same_bytes(tmp_path: Path) -> None:
    events, folder = session(tmp_path, OUTPUT.encode())
    made = []
    for name in ("a.zip", "b.zip"):
        write_bundle(events, folder, tmp_path / name, identity=Identity(("box",), ("alice",)))
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_a_file_that_is_there_is_overwritten_only_when_asked_for(tmp_path: Path) -> None:
    events, folder = session(tmp_path)
    target = tmp_path / "made.zip"
    target.write_text("mine")
    with pytest.raises(BundleError, match="is there already"):
        write_bundle(events, folder, target)
    assert target.read_text() == "mine"
    write_bundle(events, folder, target, force=True)
    assert contents(target).keys() == {
        form.MANIFEST, form.EVENTS, form.TEMPLATE, "builds/b/provision-1.log",
        "builds/b/provision-1.lines",
    }  # fmt: skip
    assert sorted(p.name for p in tmp_path.iterdir()) == ["41", "made.zip"]


def test_anonymous_bundles_tell_neither_who_nor_where(tmp_path: Path) -> None:
    output = (
        b"ssh ubuntu@10.20.30.40 and 10.20.30.41, again 10.20.30.40; ::1 and 127.0.0.1 stay\n"
        b"fd00:1122:3344::5 at 12:41:07 v1.2.3.4.5 mail alice@corp.example.org box /home/alice/x\n"
    )
    events, folder = session(
        tmp_path, output,
        e.AddressKnown(time=6.0, build="b", address="10.20.30.40", port=22, user="alice"),
    )  # fmt: skip
    target = tmp_path / "made.zip"
    summary = write_bundle(events, folder, target, identity=Identity(("box",), ("alice",)))
    everything = b"\n".join(contents(target).values()).decode(errors="replace")
    for told in ("10.20.30", "fd00:1122", "alice", "site-7", "corp.example", " box "):
        assert told not in everything
    assert "12:41:07 v1.2.3.4.5" in everything
    replay = open_bundle(target).replay
    address = replay.state.builds["b"].address
    assert address is not None
    first = text_of(replay.spool("b", "provision-1"))[0]
    assert first.count(address.address) == 2
    assert "::1 and 127.0.0.1 stay" in first
    assert summary.names >= 6


def test_a_replay_of_a_bundle_is_the_session_at_every_moment(tmp_path: Path) -> None:
    events, folder = session(tmp_path, OUTPUT.encode())
    write_bundle(events, folder, tmp_path / "made.zip")
    replay = open_bundle(tmp_path / "made.zip").replay
    whole = text_of(replay.spool("b", "provision-1"))
    lines = 0
    for position, event in enumerate(events, 1):
        replay.go(position)
        if isinstance(event, e.OutputGrown):
            lines = event.lines
            assert text_of(replay.spool("b", "provision-1")) == whole[:lines]
    assert lines == len(whole)
    step = replay.state.builds["b"].steps["provision-1"]
    assert (step.phase, step.lines) == ("done", lines)
