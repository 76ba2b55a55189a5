"""Checkpoints of real sessions on the simulated rack: builds that run nothing twice, and going back."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component import debugger_events as d
from oxtui.component.commands import Abort, AddProvisioner, Resume, Rewind, Skip, TakeCheckpoint
from oxtui.component.events import Event, Noted, Paused, ResourceIntended, StepStarted
from tests.sessions import Bench, bench, shell, template

BREAKPOINT = 'provisioner "breakpoint" {}'


@asynccontextmanager
async def keeping(folder: Path, *flags: str, **settings: object) -> AsyncIterator[Bench]:
    """A rack, with a checkpoint behind each provisioner unless `settings` say otherwise."""
    async with bench(folder, *flags) as there:
        choose(there, **{"policy": "each", **settings})
        yield there


def choose(there: Bench, **settings: object) -> None:
    """Other settings of checkpoints for the sessions to come."""
    chosen = dataclasses.replace(there.environment.checkpoints, **settings)  # type: ignore[arg-type]
    there.environment = dataclasses.replace(there.environment, checkpoints=chosen)


async def made(there: Bench, path: str = "~/made") -> list[str]:
    """What is in a file of the image."""
    choose(there, policy="off")
    return await there.read_back("made", path)


def ran(there: Bench) -> list[str]:
    """Provisioners that the last session ran, in their order."""
    prefix = "provision-"
    steps = [e.step for e in there.events if isinstance(e, StepStarted)]
    last = len(steps) - 1 - steps[::-1].index("preflight")
    return [step.removeprefix(prefix) for step in steps[last:] if step.startswith(prefix)]


def missed(there: Bench) -> dict[str, str]:
    """Why steps ran although a cache was asked, in the last session, by their numbers."""
    return {
        name.removeprefix("provision-"): step.reason
        for name, step in there.build.steps.items()
        if step.reason and step.phase != "reused"
    }


def steps(*words: str) -> str:
    """Provisioners that add a word each to a file."""
    return template(*(shell(f"echo {word} >> ~/made") for word in words))


@pytest.mark.slow
async def test_the_second_build_of_an_unchanged_template_runs_no_provisioner(
    tmp_path: Path,
) -> None:
    async with keeping(tmp_path) as there:
        assert (await there.run(steps("a", "b"))).status == "succeeded"
        assert ran(there) == ["1", "2"]
        finished = await there.run(steps("a", "b"), force=True)
        assert finished.status == "succeeded", there.build.error
        assert ran(there) == []
        assert {s.phase for s in there.build.steps.values() if s.plan.kind == "provision"} == {
            "reused"
        }
        # Nobody was left with what cost nothing the second time, and sweep has nothing to list.
        assert (finished.leftovers, await there.records()) == (0, [])
        keys = await made(there, "~/.ssh/authorized_keys; cat ~/made")
        assert keys[-2:] == ["a", "b"]
        # The key of the first run is in no image; that of the second stays, as with Packer.
        assert len(keys) == 2 + 2


@pytest.mark.slow
async def test_a_changed_step_runs_with_all_behind_it_and_no_other(tmp_path: Path) -> None:
    async with keeping(tmp_path) as there:
        await there.run(steps("a", "b", "c", "d", "e"))
        finished = await there.run(steps("a", "b", "c", "other", "e"), force=True)
        assert finished.status == "succeeded", there.build.error
        assert ran(there) == ["4", "5"]
        assert missed(there) == {"4": "Inline changed."}
        assert await made(there) == ["a", "b", "c", "other", "e"]


@pytest.mark.slow
async def test_a_changed_file_runs_the_step_that_uploads_it_and_all_behind(
    tmp_path: Path,
) -> None:
    file = tmp_path / "app.conf"
    file.write_text("one\n")
    upload = f'provisioner "file" {{\n source = "{file}"\n destination = "/tmp/app.conf"\n}}'
    middle = [shell("cat /tmp/app.conf >> ~/made"), shell("true"), shell("echo end >> ~/made")]
    text = template(shell("echo begin >> ~/made"), upload, *middle)
    async with keeping(tmp_path) as there:
        await there.run(text)
        file.write_text("two\n")
        finished = await there.run(text, force=True)
        assert finished.status == "succeeded", there.build.error
        assert ran(there) == ["2", "3", "4", "5"]
        assert missed(there) == {"2": "File app.conf changed."}
        assert await made(there) == ["begin", "two", "end"]


@pytest.mark.slow
async def test_going_back_two_steps_with_an_edit_gives_the_image_of_the_edit(
    tmp_path: Path,
) -> None:
    broken = [shell("echo a >> ~/made"), shell("echo b >> ~/made"), shell("echo c >> ~/made"),
              shell("grep good ~/made")]  # fmt: skip
    async with keeping(tmp_path) as there:
        offered: list[tuple[str, ...]] = []

        def back(stop: Paused) -> Rewind:
            offered.append(stop.choices)
            change = {"provision-2": {"inline": ["echo good >> ~/made"]}}
            return Rewind(step="provision-2", changes=change)

        finished = await there.run(template(*broken), back)
        assert finished.status == "succeeded", there.build.error
        assert "rewind" in offered[0]
        assert ran(there) == ["1", "2", "3", "4", "2", "3", "4"]
        assert [e.to for e in there.events if isinstance(e, d.Rewound)] == ["provision-2"]
        assert await there.records() == []
        assert await there.left_on_rack() == []
        assert await made(there) == ["a", "good", "c"]
        # What came of the edit is a state like any other: a template that says the same begins there.
        choose(there, policy="each")
        edited = [broken[0], shell("echo good >> ~/made"), *broken[2:]]
        await there.run(template(*edited), force=True)
        assert ran(there) == []


@pytest.mark.slow
async def test_what_was_added_by_hand_runs_again_where_the_build_goes_back_before_it(
    tmp_path: Path,
) -> None:
    by_hand = AddProvisioner(
        type_name="shell", options={"inline": ["echo added >> ~/made"]}, done=True
    )
    async with keeping(tmp_path) as there:

        def add(stop: Paused) -> Rewind:
            for control in there.sessions[-1]._controls.values():
                control.command(by_hand)
            return Rewind(step="provision-2")

        text = template(shell("echo a >> ~/made"), shell("grep added ~/made || echo b >> ~/made"),
                        shell("grep added ~/made"))  # fmt: skip
        finished = await there.run(text, add)
        assert finished.status == "succeeded", there.build.error
        assert ran(there) == ["1", "2", "3", "2", "added-1", "3"]
        assert await made(there) == ["a", "b", "added"]


@pytest.mark.slow
async def test_without_a_checkpoint_going_back_begins_at_the_source_image(
    tmp_path: Path,
) -> None:
    text = template(shell("echo a >> ~/made"), shell("test -f ~/fixed"))
    async with keeping(tmp_path, policy="off") as there:
        change = {"provision-2": {"inline": ["true"]}}
        finished = await there.run(text, lambda stop: Rewind(step="provision-2", changes=change))
        assert finished.status == "succeeded", there.build.error
        assert ran(there) == ["1", "2", "1", "2"]
        notes = [event.text for event in there.events if isinstance(event, Noted)]
        assert any("from the source image, as there is no checkpoint" in note for note in notes)
        assert await made(there) == ["a"]


@pytest.mark.slow
async def test_a_step_that_has_not_run_is_no_way_back_and_the_build_stands(tmp_path: Path) -> None:
    text = template(shell("exit 1"), shell("true"))
    async with keeping(tmp_path) as there:
        answers = [
            lambda stop: Rewind(step="provision-2"),
            lambda stop: Rewind(step="connect"),
            lambda stop: Skip(),
        ]
        assert (await there.run(text, *answers)).status == "succeeded"
        notes = [event.text for event in there.events if isinstance(event, Noted)]
        assert sum("needs a provisioner that has run" in note for note in notes) == 2


@pytest.mark.slow
async def test_a_checkpoint_whose_snapshot_is_gone_is_forgotten_with_a_word(
    tmp_path: Path,
) -> None:
    async with keeping(tmp_path) as there:
        await there.run(steps("a", "b"))
        first, last = await there.environment.journal.checkpoints()
        await there.client.snapshots.delete(last.id)
        assert (await there.run(steps("a", "b"), force=True)).status == "succeeded"
        assert ran(there) == ["2"]
        assert missed(there) == {"2": "No checkpoint was taken behind it, or it is gone."}
        notes = [event.text for event in there.events if isinstance(event, Noted)]
        assert any(f"{last.name} (2 shell) is gone from the rack" in note for note in notes)
        left = await there.environment.journal.checkpoints()
        assert [each.number for each in left] == [first.number, last.number + 1]


@pytest.mark.slow
async def test_a_result_that_is_too_old_is_made_again(tmp_path: Path) -> None:
    aging = f'# oxtui: cache_ttl = "1h"\n{shell("echo b >> ~/made")}'
    text = template(shell("echo a >> ~/made"), aging, shell("echo c >> ~/made"))
    async with keeping(tmp_path) as there:
        await there.run(text)
        later = there.environment.now() + 3700
        there.environment = dataclasses.replace(there.environment, now=lambda: later)
        assert (await there.run(text, force=True)).status == "succeeded"
        assert ran(there) == ["2", "3"]
        assert missed(there)["2"].startswith("It ran 1 hour 1 minute ago, longer than")


@pytest.mark.slow
async def test_another_secret_misses_and_no_secret_is_in_the_store(tmp_path: Path) -> None:
    canary = "canary-77ab-secret"
    declared = 'variable "word" {\n type = string\n sensitive = true\n}\n'
    text = declared + template(
        shell("true"), shell("test -n $WORD", more="env = { WORD = var.word }")
    )
    async with keeping(tmp_path) as there:
        await there.run(text, word=canary)
        await there.run(text, force=True, word=canary)
        assert ran(there) == []
        await there.run(text, force=True, word="another-secret")
        assert ran(there) == ["2"]
        assert missed(there) == {"2": "Env changed."}
        await there.environment.journal.flush()
        for path in (tmp_path / "sessions").glob("journal.sqlite*"):
            data = path.read_bytes()
            assert canary.encode() not in data
            assert hashlib.sha256(canary.encode()).hexdigest().encode() not in data


@pytest.mark.slow
async def test_what_the_operator_does_by_hand_is_kept_for_its_session_alone(
    tmp_path: Path,
) -> None:
    text = template(shell("echo a >> ~/made"), BREAKPOINT, shell("test -f ~/by-hand"))
    async with keeping(tmp_path, policy="off") as there:
        session = await there.session(text, Policy("ask", attended=True))
        stops: list[Paused] = []

        async def by_hand(stop: Paused) -> None:
            runner = session.runner(there.build.name)
            assert runner is not None
            if stop.reason == "breakpoint" and len(stops) == 1:
                await runner.builder.guest.reach().run("touch ~/by-hand", lambda *_: None)
                await session.command(TakeCheckpoint())
                return
            await session.command(Resume())

        tasks: list[asyncio.Task[None]] = []

        def heard(event: Event) -> None:
            if isinstance(event, Paused):
                stops.append(event)
                tasks.append(asyncio.ensure_future(by_hand(event)))
            elif isinstance(event, d.BesideFinished):
                tasks.append(asyncio.ensure_future(session.command(Resume())))

        session.subscribe(heard)
        assert (await session.run()).status == "succeeded"
        await asyncio.gather(*tasks)
        (kept,) = await there.environment.journal.checkpoints()
        assert kept.own == "it was worked on by hand"
        # Another session of the same template does not begin from it.
        await there.run(text.replace("test -f", "echo"), force=True)
        assert ran(there) == ["1", "2", "3"]


@pytest.mark.slow
async def test_a_step_that_works_on_this_machine_ends_the_prefix(tmp_path: Path) -> None:
    local = f'provisioner "shell-local" {{\n inline = ["echo x >> {tmp_path}/here"]\n}}'
    text = template(shell("true"), local, shell("true"))
    async with keeping(tmp_path) as there:
        await there.run(text)
        await there.run(text, force=True)
        assert ran(there) == ["2", "3"]
        assert missed(there) == {"2": "It always runs: it works on this machine."}
        assert (tmp_path / "here").read_text() == "x\nx\n"
        told = text.replace(
            'provisioner "shell-local"', '# oxtui: cache = true\nprovisioner "shell-local"'
        )
        await there.run(told, force=True)
        await there.run(told, force=True)
        assert ran(there) == []


@pytest.mark.slow
async def test_what_is_too_much_goes_and_the_newest_stays(tmp_path: Path) -> None:
    async with keeping(tmp_path) as there:
        choose(there, space=1)
        await there.run(steps("a", "b"))
        (left,) = await there.environment.journal.checkpoints()
        assert left.title == "2 shell"
        names = [each.name async for each in there.client.snapshots.list(project="web")]
        assert [name for name in names if name.startswith("oxtui-checkpoint-")] == [left.name]


@pytest.mark.slow
async def test_a_disk_is_kept_clean_where_that_is_asked_for(tmp_path: Path) -> None:
    text = template(shell("echo a >> ~/made"), shell("cat ~/made >> ~/again"))
    async with keeping(tmp_path, clean=True) as there:
        assert (await there.run(text)).status == "succeeded", there.build.error
        assert "the instance is stopped for it" in there.log("provision-1")
        assert await made(there, "~/again") == ["a"]


@pytest.mark.slow
async def test_a_snapshot_that_the_rack_refuses_is_told_and_the_build_succeeds(
    tmp_path: Path,
) -> None:
    async with keeping(tmp_path, "--fault", "snapshot_create:500:once") as there:
        finished = await there.run(steps("a", "b"))
        assert (finished.status, finished.leftovers) == ("succeeded", 0)
        notes = [event.text for event in there.events if isinstance(event, Noted)]
        assert any(
            note.startswith("No checkpoint was taken behind 1 shell, and the build goes on: ")
            for note in notes
        )
        (kept,) = await there.environment.journal.checkpoints()
        assert kept.title == "2 shell"


@pytest.mark.slow
async def test_a_checkpoint_that_no_instance_comes_up_from_is_given_up(tmp_path: Path) -> None:
    # The connection that is open goes on; whoever boots from this disk finds no way in.
    breaks = shell("rm -f ~/.ssh/authorized_keys", "mkdir ~/.ssh/authorized_keys")
    async with keeping(tmp_path) as there:
        waits = dataclasses.replace(there.environment.waits, instance_state=5.0, ssh=5.0)
        there.environment = dataclasses.replace(there.environment, waits=waits)
        await there.run(template(breaks))
        (kept,) = await there.environment.journal.checkpoints()
        finished = await there.run(template(breaks), force=True)
        assert finished.status == "succeeded", there.build.error
        assert ran(there) == ["1"]
        notes = [event.text for event in there.events if isinstance(event, Noted)]
        assert any(f"No instance came up from checkpoint {kept.name}" in note for note in notes)
        assert kept.number not in [e.number for e in await there.environment.journal.checkpoints()]
        assert await there.left_on_rack() == []


@pytest.mark.slow
async def test_the_ways_back_name_the_checkpoint_that_each_would_begin_from(
    tmp_path: Path,
) -> None:
    text = template(shell("true"), shell("sleep 3.5"), shell("exit 1"))
    async with keeping(tmp_path, policy="slow", slow=3) as there:
        session = await there.session(text, Policy("ask", attended=True))
        found: list[tuple[str, str]] = []

        async def look(stop: Paused) -> None:
            runner = session.runner(there.build.name)
            assert runner is not None
            assert runner.keeper is not None
            found.extend(
                (way.step, way.checkpoint.title if way.checkpoint else "")
                for way in await runner.keeper.ways_back()
            )
            await session.command(Abort())

        tasks: list[asyncio.Task[None]] = []
        session.subscribe(
            lambda e: (
                tasks.append(asyncio.ensure_future(look(e))) if isinstance(e, Paused) else None
            )
        )
        await session.run()
        await asyncio.gather(*tasks)
        ways = [("provision-1", ""), ("provision-2", ""), ("provision-3", "2 shell")]
        assert found == ways


@pytest.mark.slow
async def test_before_a_breakpoint_one_is_taken_and_the_next_build_stops_there_all_the_same(
    tmp_path: Path,
) -> None:
    text = template(shell("echo a >> ~/made"), shell("echo b >> ~/made"), BREAKPOINT, shell("true"))
    async with keeping(tmp_path, policy="breakpoints") as there:
        await there.run(text, lambda stop: Resume())
        (kept,) = await there.environment.journal.checkpoints()
        assert kept.title == "2 shell"
        choose(there, policy="each")
        await there.run(text, force=True)  # nobody is here, so nothing stops it
        assert ran(there) == ["3", "4"]
        stops: list[str] = []
        await there.run(text, lambda stop: stops.append(stop.step) or Resume(), force=True)  # type: ignore[func-returns-value]
        assert stops == ["provision-3"]
        assert ran(there) == ["3", "4"]
        assert missed(there) == {"3": "The build stops before it."}


@pytest.mark.slow
async def test_aborting_while_one_is_taken_leaves_no_snapshot(tmp_path: Path) -> None:
    async with keeping(tmp_path) as there:
        session = await there.session(steps("a"), Policy())

        def heard(event: Event) -> None:
            if isinstance(event, ResourceIntended) and event.kind == "oxide.snapshot":
                asyncio.get_running_loop().call_soon(
                    lambda: [c.command(Abort()) for c in session._controls.values()]
                )

        session.subscribe(heard)
        assert (await session.run()).status == "cancelled"
        assert await there.records() == []
        assert await there.environment.journal.checkpoints() == []
        names = [each.name async for each in there.client.snapshots.list(project="web")]
        assert not [name for name in names if name.startswith("oxtui-checkpoint-")]


@pytest.mark.slow
async def test_a_checkpoint_of_what_was_done_before_the_first_step_is_a_way_back(
    tmp_path: Path,
) -> None:
    text = template(BREAKPOINT, shell("test -f ~/by-hand"), shell("test -f ~/more"))
    async with keeping(tmp_path, policy="off") as there:
        session = await there.session(text, Policy("ask", attended=True))

        async def answer(stop: Paused) -> None:
            runner = session.runner(there.build.name)
            assert runner is not None
            if stop.reason == "breakpoint":
                if runner.keeper is not None and len(runner.keeper.history.links) == 1:
                    await session.command(TakeCheckpoint())  # takes none: nothing has happened
                else:
                    await session.command(Resume())
            elif [e for e in there.events if isinstance(e, d.Rewound)]:
                await session.command(Skip())
            else:
                await session.command(Rewind(step="provision-2"))

        async def beside() -> None:
            runner = session.runner(there.build.name)
            assert runner is not None
            if [e for e in there.events if isinstance(e, d.CheckpointTaken)]:
                await session.command(Resume())
                return
            await runner.builder.guest.reach().run("touch ~/by-hand", lambda *_: None)
            await session.command(TakeCheckpoint())

        tasks: list[asyncio.Task[None]] = []

        def heard(event: Event) -> None:
            if isinstance(event, Paused):
                tasks.append(asyncio.ensure_future(answer(event)))
            elif isinstance(event, d.BesideFinished):
                tasks.append(asyncio.ensure_future(beside()))

        session.subscribe(heard)
        assert (await session.run()).status == "succeeded", there.build.error
        await asyncio.gather(*tasks)
        # Behind the way back the file is there, though no step made it.
        assert ran(there) == ["1", "2", "3", "1", "2", "3"]
        assert there.attempts("provision-2") == ["done", "done"]
        (kept,) = await there.environment.journal.checkpoints()
        assert (kept.step, kept.own) == ("", "it was worked on by hand")
