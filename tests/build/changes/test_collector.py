"""When the guest is looked at, what that costs a build, and that it never fails one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from oxtui.build.changes import collector
from oxtui.build.changes.collector import NO_FILES, Collector
from oxtui.build.changes.records import Sources, before_file, changes_file, read_changes
from oxtui.build.session import SessionFolder
from oxtui.component.commands import Abort
from oxtui.component.errors import StepError
from oxtui.component.events import ChangesCollected, StepKind, StepPlan
from oxtui.component.protocols import ExitStatus, Guest

LISTS = "@packages dpkg\na\t{}\n@users passwd\n@groups group\n@units -\n@ports -\n"
FILES = "@files ctime\n9\t/etc/token-9\n=1 9 0\n"


class Quick:
    """A guest that answers at once."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.version = "1"
        self.error: Exception | None = None
        self.waits: asyncio.Event | None = None
        self.begun = asyncio.Event()

    async def run(self, command: str, output: Any, *, stdin: bytes, by_sh: bool) -> ExitStatus:
        assert by_sh
        assert stdin.startswith(b"# Lists what a guest holds")
        self.begun.set()
        if self.waits is not None:
            await self.waits.wait()
        if self.error is not None:
            raise self.error
        words = command.split()[3:]
        self.asked.append(words[:2])
        text = "@clock 1000 yes\n"
        if words[0] != "clock":
            text += LISTS.format(self.version) + (FILES if words[0] == "files" else "")
        output("stdout", f"{text}@end .\n".encode())
        output("stderr", b"noise")
        return ExitStatus(0)


class Stand:
    """A build with such a guest."""

    def __init__(self, folder: Path, source: str = "image-1") -> None:
        self.guest = Quick()
        self.told: list[ChangesCollected] = []
        self.folder = SessionFolder(1, folder / "1")
        self.control = SimpleNamespace(end=None, interrupt=lambda: None)
        self.builder = SimpleNamespace(
            makes_machine=True, guest=Guest(cast("Any", self.guest)), source=source
        )
        services = SimpleNamespace(
            build="b", folder=self.folder, control=self.control, emit=self.told.append,
            now=lambda: 5.0,
        )  # fmt: skip
        self.collector = Collector(
            cast("Any", services), cast("Any", self.builder),
            lambda text: text.replace("token-9", "<sensitive>"), Sources(folder / "sources"),
        )  # fmt: skip

    async def go(self, *kinds: StepKind, fresh: bool = True) -> bool:
        """The build comes to steps of these kinds."""
        ended = False
        for kind in kinds:
            plan = StepPlan(id=kind, kind=kind, title=kind)
            await self.collector.before(plan, fresh=fresh)
            ended = await self.collector.after(plan, fresh=fresh)
        return ended


async def test_the_guest_is_looked_at_twice(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    await stand.go("prepare", "connect", "provision", "provision")
    assert stand.guest.asked == [["lists", "0"]]
    stand.guest.version = "2"
    await stand.go("post-process", "seal", "seal", "capture", "cleanup")
    assert stand.guest.asked[1:] == [["files", "1000"]]
    assert [(look.moment, dict(look.counts), look.size) for look in stand.told] == [
        ("before", {}, 0), ("after", {"packages": 1, "files": 1}, 9)
    ]  # fmt: skip
    changes = read_changes(changes_file(stand.folder, "b"))
    assert changes is not None
    assert changes.files is not None
    assert changes.files.largest == ((9, "/etc/<sensitive>"),)


async def test_a_source_that_is_known_costs_the_second_build_one_question(tmp_path: Path) -> None:
    await Stand(tmp_path).go("provision")
    second = Stand(tmp_path / "2")
    second.collector = Stand(tmp_path).collector
    stand = Stand(tmp_path)
    stand.guest.version = "2"
    await stand.go("provision", "seal")
    assert stand.guest.asked == [["clock", "0"], ["files", "1000"]]
    assert stand.told[-1].counts == {"packages": 1, "files": 1}
    other = Stand(tmp_path, source="")
    await other.go("provision")
    assert other.guest.asked == [["lists", "0"]]


async def test_a_machine_that_was_provisioned_before_is_no_source(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    await stand.go("provision", "seal", fresh=False)
    assert stand.guest.asked == [["lists", "0"]]
    assert not before_file(stand.folder, "b").exists()
    changes = read_changes(changes_file(stand.folder, "b"))
    assert changes is not None
    assert NO_FILES in changes.reasons
    await Stand(tmp_path).go("provision")
    again = Stand(tmp_path)  # all its steps are reused; the source was seen by another build
    again.guest.version = "2"
    before_file(again.folder, "b").unlink()
    await again.go("seal", fresh=False)
    assert again.told[0].counts == {"packages": 1}


async def test_a_build_without_provisioners_or_without_a_machine_is_not_looked_at(
    tmp_path: Path,
) -> None:
    stand = Stand(tmp_path)
    await stand.go("prepare", "seal", "cleanup")
    stand.builder.makes_machine = False
    await stand.go("provision", "seal")
    stand.builder.makes_machine, stand.builder.guest.communicator = True, None
    await stand.go("provision", "seal")
    assert stand.told == []


async def test_going_back_to_a_provisioner_means_another_look(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    await stand.go("provision", "seal", "provision", "seal")
    assert [look.moment for look in stand.told] == ["before", "after", "after"]


@pytest.mark.parametrize(
    "error", [StepError("The connection is gone."), OSError("The disk is full.")]
)
async def test_a_guest_that_does_not_tell_fails_no_build(tmp_path: Path, error: Exception) -> None:
    stand = Stand(tmp_path)
    stand.guest.error = error
    assert not await stand.go("provision", "seal")
    assert [look.reason for look in stand.told] == [str(error)] * 2


async def test_a_guest_that_does_not_answer_is_waited_for_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "BEFORE_LIMIT", 0.01)
    stand = Stand(tmp_path)
    stand.guest.waits = asyncio.Event()
    await stand.go("provision")
    assert stand.told[0].reason.startswith("The guest did not answer within")


async def test_the_operator_can_end_the_build_meanwhile(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    await stand.go("provision")
    stand.guest.begun.clear()
    stand.guest.waits = asyncio.Event()
    going = asyncio.ensure_future(stand.go("seal"))
    await stand.guest.begun.wait()
    stand.control.end = Abort()
    stand.control.interrupt()
    assert await going
    assert [look.moment for look in stand.told] == ["before"]
