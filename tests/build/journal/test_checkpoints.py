"""Checkpoints in the journal: a snapshot is at every moment a checkpoint's or nobody's."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from oxtui.build.journal import Journal, JournalReader
from oxtui.build.journal.checkpoint_rows import Checkpoint, StepParts, StepRun
from oxtui.build.journal.schema import MIGRATIONS
from oxtui.component.resources import ResourceRecord
from oxtui.logs.redact import Redactor
from tests.cli.test_checkpoints import row


@pytest_asyncio.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with Journal.open(tmp_path / "journal.sqlite", Redactor(["hush-hush"])) as opened:
        yield opened


async def kept(journal: Journal, **given: object) -> Checkpoint:
    """A checkpoint with its snapshot among the resources of a session."""
    session = await journal.begin_session("t.pkr.hcl")
    number = await journal.intend(session, "b", "oxide.snapshot", "oxtui-checkpoint-x", {})
    await journal.created(number, "s")
    made = row(session=session, resource=number, **given)
    return replace(made, number=await journal.keep_checkpoint(made))


async def snapshot(journal: Journal) -> ResourceRecord:
    (record,) = await journal.resources()
    return record


async def test_a_checkpoint_comes_back_as_it_was(journal: Journal) -> None:
    made = await kept(
        journal, runs=(StepRun("provision-1", "1 shell", 2.5, 9.0),), keys=("k temporary",), own="x"
    )
    assert await journal.checkpoints() == [made]
    await journal.use_checkpoint(made.number)
    (used,) = await journal.checkpoints()
    assert used.used > made.used


async def test_its_snapshot_is_no_build_s_until_it_is_given_up(journal: Journal) -> None:
    made = await kept(journal)
    assert (await snapshot(journal)).released
    await journal.give_up_checkpoint(made.number, "pruned")
    record = await snapshot(journal)
    assert (record.released, record.state, record.reason) == (False, "left", "pruned")
    assert await journal.checkpoints() == []


async def test_what_is_gone_stays_gone_when_its_checkpoint_is_given_up(journal: Journal) -> None:
    made = await kept(journal)
    await journal.deleted(made.resource)
    await journal.give_up_checkpoint(made.number, "pruned")
    assert (await snapshot(journal)).state == "deleted"


async def test_the_parts_of_a_build_are_those_of_its_last_run(journal: Journal) -> None:
    first = [StepParts("", {"the source image": "1"}), StepParts("provision-1", {"inline": "2"})]
    await journal.keep_step_parts("t", "b", first)
    await journal.keep_step_parts("t", "other", first[:1])
    await journal.keep_step_parts("t", "b", first[:1])
    assert await journal.step_parts("t", "b") == first[:1]
    assert await journal.step_parts("u", "b") == []


async def test_no_secret_gets_into_it(journal: Journal, tmp_path: Path) -> None:
    secret = "hush-hush"
    await kept(journal, template=secret, title=secret, build=secret, own=secret,
               runs=(StepRun("p", secret, 1.0, 1.0),))  # fmt: skip
    await journal.keep_step_parts(secret, secret, [StepParts("p", {f"file {secret}": "1"})])
    await journal.flush()
    assert (await journal.step_parts(secret, secret))[0].step == "p"
    assert all(secret.encode() not in f.read_bytes() for f in tmp_path.glob("journal.sqlite*"))


async def test_a_journal_of_an_older_oxtui_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with sqlite3.connect(path) as old:
        for statement in MIGRATIONS[0]:
            old.execute(statement)
        old.execute("PRAGMA user_version=1")
    old.close()
    async with JournalReader.open(path) as reader:  # which cannot make them
        assert await reader.checkpoints() == []
    async with Journal.open(path, Redactor()) as journal:
        assert len(await journal.checkpoints()) == 0
        await kept(journal)
        assert len(await journal.checkpoints()) == 1
