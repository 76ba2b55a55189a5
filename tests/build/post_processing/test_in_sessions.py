"""Post-processors in sessions: what runs, what each is given, and what there is in the end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.build.editing import editable, edited
from oxtui.component.commands import Abort, Command, EditAndRetry, Keep, Retry, SetBreakpoint, Skip
from oxtui.component.events import (
    ArtifactMade,
    Event,
    OutputGrown,
    Paused,
    StepFinished,
    StepStarted,
)
from tests.build.post_processing.components import FiledBuilder, chain, filed, there
from tests.builders.test_null import local
from tests.sessions import Sessions, rackless


def made(session: Sessions) -> list[str]:
    """The artifacts, as the operator is told of them."""
    return [event.text for event in session.events if isinstance(event, ArtifactMade)]


def phases(session: Sessions) -> dict[str, str]:
    """How each step stands."""
    return {name: step.phase for name, step in session.build.steps.items()}


@pytest.mark.parametrize(
    ("chains", "files", "told"),
    [
        ((), ["built"], ["Stored file: built"]),
        ((chain("replace to = \"a\""),), ["a"], ["Made a"]),
        (
            (chain('replace to = "a"\nkeep_input_artifact = true'),),
            ["a", "built"],
            ["Stored file: built", "Made a"],
        ),
        # A later one replaces, or keeps, what the one before it made.
        ((chain('replace to = "a"', 'replace to = "b"'),), ["b"], ["Made b"]),
        (
            (chain('replace to = "a"', 'replace to = "b"\nkeep_input_artifact = true'),),
            ["a", "b"],
            ["Made a", "Made b"],
        ),
        # One that keeps its input is not talked out of it, and nothing that is kept is removed later.
        (
            (chain("keep keep_input_artifact = false", 'replace to = "a"'),),
            ["a", "built"],
            ["Stored file: built", "Made a"],
        ),
        (
            (chain('add to = "sum"', 'replace to = "a"'),),
            ["a", "built"],
            ["Stored file: built", "Made a"],
        ),
        (
            (chain('replace to = "a"', "keep", 'replace to = "b"'),),
            ["a", "b"],
            ["Made a", "Made b"],
        ),
        # All chains start from what was built, which goes only if all of them replace it.
        ((chain('replace to = "a"'), chain('replace to = "b"')), ["a", "b"], ["Made a", "Made b"]),
        (
            (chain('replace to = "a"'), chain("keep")),
            ["a", "built"],
            ["Stored file: built", "Made a"],
        ),
        (
            (chain('add to = "sum"'),),
            ["built", "sum"],
            ["Stored file: built", "Files: built, sum"],
        ),
    ],
)  # fmt: skip
async def test_what_is_kept_and_what_is_replaced(
    components: Path, tmp_path: Path, chains: tuple[str, ...], files: list[str], told: list[str]
) -> None:
    async with rackless(tmp_path) as session:
        finished = await session.run(filed(*chains))
        assert finished.status == "succeeded", session.build.error
        assert (there(components), made(session)) == (files, told)
        text = "".join(Path(name).read_text() for name in files[-1:] if name in ("a", "b"))
        assert not text or text.startswith("built\n")


async def test_each_is_a_step_behind_the_clean_up_with_its_own_output(
    components: Path, tmp_path: Path
) -> None:
    async with rackless(tmp_path) as session:
        await session.run(
            filed(
                chain('replace to = "a"', 'replace name = "pack"\nto = "b"'),
                'post-processor "keep" {}',
            )
        )
        steps = session.build.steps
        assert list(steps) == [
            "write",
            "cleanup",
            "post-process-1",
            "post-process-2",
            "post-process-3",
        ]
        assert [(s.plan.kind, s.plan.title, s.plan.detail) for s in steps.values()][2:] == [
            ("post-process", "replace", "a"),
            ("post-process", "pack", "b"),
            ("post-process", "keep", ""),
        ]
        assert session.log("post-process-1").splitlines() == [
            "Running post-processor:  (type replace)", "given Stored file: built",
        ]  # fmt: skip
        assert session.log("post-process-2").splitlines() == [
            "Running post-processor: pack (type replace)", "given Made a",
        ]  # fmt: skip
        assert session.log("post-process-3").splitlines()[1] == "given Stored file: built"


async def test_one_that_fails_ends_its_chain_and_the_build_but_nothing_is_lost(
    components: Path, tmp_path: Path
) -> None:
    async with rackless(tmp_path) as session:
        finished = await session.run(
            filed(
                chain('replace to = "a"', 'replace fails = "disk full"', 'replace to = "never"'),
                chain('replace fails = "no key"'),
                chain('replace to = "c"'),
            )
        )
        assert finished.status == "failed"
        assert session.build.error == "replace: disk full; replace: no key"
        assert list(phases(session).values()) == [
            "done", "done", "done", "failed", "skipped", "failed", "done",
        ]  # fmt: skip
        assert there(components) == ["a", "built", "c"]
        assert made(session) == ["Stored file: built", "Made a", "Made c"]
        notes = [note.text for note in session.build.notes]
        assert "replace failed, so what it was given stays: Made a" in notes
        assert "replace failed, so what it was given stays: Stored file: built" in notes


async def test_an_image_stays_whatever_the_template_says(components: Path, tmp_path: Path) -> None:
    async with rackless(tmp_path) as session:
        text = filed(chain('replace to = "a"'), more="remote = true")
        assert (await session.run(text)).status == "succeeded"
        assert made(session) == ["web-1", "Made a"]
        assert "web-1 stays: oxtui removes nothing from a rack" in session.log("post-process-1")
        (record,) = await session.environment.journal.sessions()
        assert record.image == "web-1"


async def test_none_runs_where_there_is_nothing_or_the_build_failed(
    components: Path, tmp_path: Path
) -> None:
    async with rackless(tmp_path) as session:
        assert (
            await session.run(filed(chain("keep", "keep"), more="none = true"))
        ).status == "succeeded"
        assert phases(session) == {
            "write": "done", "cleanup": "done", "post-process-1": "skipped", "post-process-2": "skipped",
        }  # fmt: skip
        assert session.build.notes[-1].text == "Nothing was made."
        assert (await session.run(filed(local("false"), chain("keep")))).status == "failed"
        assert phases(session)["post-process-1"] == "not_run"


async def test_an_operator_retries_edits_and_skips(components: Path, tmp_path: Path) -> None:
    text = filed(
        chain('replace fails = "once"', 'replace fails = "twice"', 'replace to = "c"'),
    )
    async with rackless(tmp_path) as session:
        finished = await session.run(
            text,
            lambda stop: Retry(build=stop.build),
            lambda stop: EditAndRetry(build=stop.build, changes={"fails": "", "to": "a"}),
            lambda stop: Skip(build=stop.build),
        )
        assert finished.status == "succeeded", session.build.error
        assert session.attempts("post-process-1") == ["failed", "failed", "done"]
        assert session.attempts("post-process-2") == ["failed", "skipped"]
        assert (there(components), made(session)) == (["c"], ["Made c"])
        assert "given Made a" in session.log("post-process-3")


async def test_its_options_are_edited_as_the_text_that_they_are(
    components: Path, tmp_path: Path
) -> None:
    async with rackless(tmp_path) as session:

        def answer(stop: Paused) -> Command:
            runner = session.sessions[-1].runner(stop.build)
            assert runner is not None
            step = runner.editable(stop.step)
            assert step is not None
            before = editable(step, runner.builder.guest, session.environment.redactor)
            assert (before.title, before.text) == ("replace", 'fails = "no"\n')
            changes = edited(step, before, 'to = "${1 + 1}"\n')
            assert changes == {"to": "2", "fails": ""}
            return EditAndRetry(build=stop.build, changes=changes)

        finished = await session.run(filed(chain('replace fails = "no"')), answer)
        assert (finished.status, there(components)) == ("succeeded", ["2"])


async def test_aborting_at_one_that_failed_leaves_what_there_is(
    components: Path, tmp_path: Path
) -> None:
    text = filed(chain('replace to = "a"', 'replace fails = "no"'), chain('replace to = "b"'))
    async with rackless(tmp_path) as session:
        finished = await session.run(text, lambda stop: Abort(build=stop.build))
        assert (finished.status, session.build.error) == ("failed", "replace: no")
        assert phases(session)["post-process-3"] == "not_run"
        assert made(session) == ["Stored file: built", "Made a"]
        assert there(components) == ["a", "built"]


@pytest.mark.parametrize("how", ["abort", "keep", "cancel"])
async def test_cancelled_in_the_middle_the_rest_does_not_run(
    components: Path, tmp_path: Path, how: str
) -> None:
    text = filed(chain('replace to = "a"', "replace waits = true", "keep"), chain("keep"))
    async with rackless(tmp_path) as session:
        running = await session.session(text, Policy())
        waits = asyncio.Event()

        def heard(event: Event) -> None:
            if isinstance(event, OutputGrown) and event.step == "post-process-2":
                waits.set()

        running.subscribe(heard)
        task = asyncio.ensure_future(running.run())
        await waits.wait()
        if how == "cancel":
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            await running.command(Abort() if how == "abort" else Keep())
            assert (await task).status == "cancelled"
        assert session.build.phase == "cancelled"
        assert list(phases(session).values()) == [
            "done", "done", "done", "cancelled", "not_run", "not_run",
        ]  # fmt: skip
        assert made(session) == ["Stored file: built", "Made a"]
        assert there(components) == ["a", "built"]


async def test_cancelled_in_the_clean_up_none_runs(
    components: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, go_on = asyncio.Event(), asyncio.Event()

    async def close(self: FiledBuilder) -> None:
        closing.set()
        await go_on.wait()

    monkeypatch.setattr(FiledBuilder, "close", close)
    async with rackless(tmp_path) as session:
        running = await session.session(filed(chain("keep")), Policy())
        task = asyncio.ensure_future(running.run())
        await closing.wait()
        task.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert session.build.phase == "cancelled"
        assert phases(session)["post-process-1"] == "not_run"
        assert made(session) == ["Stored file: built"]


async def test_a_stop_before_one_is_a_stop(components: Path, tmp_path: Path) -> None:
    text = filed(chain("keep", "replace"))
    async with rackless(tmp_path) as session:
        running = await session.session(text, Policy("ask", attended=True))
        seen: list[str] = []

        def heard(event: Event) -> None:
            if event.build and not seen:
                seen.append("")
                stop = SetBreakpoint(step="post-process-2", on=True)
                running._controls[event.build].command(stop)
            if type(event).__name__ == "Paused":
                seen.append("paused")
                running._controls[event.build].command(Abort(build=event.build))

        running.subscribe(heard)
        assert (await running.run()).status == "cancelled"
        assert seen == ["", "paused"]
        assert not any(
            isinstance(event, StepStarted) and event.step == "post-process-2"
            for event in session.events
        )


async def test_one_that_needs_the_machine_runs_while_it_is_there(
    components: Path, tmp_path: Path
) -> None:
    text = filed(
        local("true"), chain("seal", 'replace to = "a"'), chain('snap fails = "no"', "keep")
    )
    async with rackless(tmp_path) as session:
        finished = await session.run(text)
        assert (finished.status, session.build.error) == ("failed", "snap: no")
        assert phases(session) == {
            "provision-1": "done", "post-process-1": "done", "post-process-3": "failed",
            "write": "done", "cleanup": "done", "post-process-2": "done", "post-process-4": "skipped",
        }  # fmt: skip
        assert session.log("post-process-1").splitlines()[1:] == ["machine Null", "given nothing"]
        assert "given Stored file: built" in session.log("post-process-2")
        assert made(session) == ["Stored file: built", "Made a"]


async def test_an_edit_cannot_move_a_post_processor_to_another_time(
    components: Path, tmp_path: Path
) -> None:
    def late(stop: Paused) -> EditAndRetry:
        return EditAndRetry(changes={"fails": "", "late": True})

    def back(stop: Paused) -> EditAndRetry:
        return EditAndRetry(changes={"late": False})

    async with rackless(tmp_path) as session:
        finished = await session.run(filed(chain('snap fails = "no"')), late, back)
        assert finished.status == "succeeded"
        failures = [e.failure for e in session.events if isinstance(e, StepFinished) and e.failure]
        assert [each.summary for each in failures] == [
            "no",
            "snap would have to run after cleanup with these options, and the build was planned to run it before "
            "cleanup. Take them back and retry, or write them in the template and build again.",
        ]
