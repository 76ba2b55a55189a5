"""Whole sessions on a real simulated rack: what the operator sees, decides, and finds afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncssh
import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import (
    Abort,
    EditAndRetry,
    Keep,
    Resume,
    Retry,
    RunUntil,
    Skip,
    StepOver,
)
from oxtui.component.event_records import record
from oxtui.component.events import (
    Event,
    Noted,
    Paused,
    ResourceLeft,
    SshCalled,
    StepStarted,
)
from oxtui.oxide.models.ssh_key import SshKeyCreate
from tests.sessions import bench, shell, template

BREAKPOINT = 'provisioner "breakpoint" {\n note = "look at /srv"\n}'


async def test_a_build_ends_with_its_image_and_nothing_else(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(template(shell("echo made > ~/made")))
        image = await there.client.images.view("made", project="web")
        assert (finished.status, finished.leftovers) == ("succeeded", 0)
        assert there.build.artifact is not None
        assert there.build.artifact.id == image.id
        assert await there.left_on_rack() == []
        assert await there.records() == []
        # What was provisioned is in an instance of the image.
        again = template(shell("cat ~/made"), source="skip_create_image = true")
        await there.run(again.replace('"ubuntu-24-04"', f'"{image.id}"'))
        assert there.log("provision-1").splitlines()[-1] == "made"


async def test_a_failure_without_operator_cleans_up_and_tells_the_line(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(template(shell("true", "no-such-command")))
        failure = there.build.steps["provision-1"].failure
        assert finished.status == "failed"
        assert failure is not None
        assert (failure.exit_status, failure.line, failure.line_source) == (127, 2, "message")
        assert "inline ended with exit status 127" in there.build.error
        assert await there.left_on_rack() == []


async def test_at_a_failure_the_operator_edits_retries_and_succeeds(tmp_path: Path) -> None:
    text = template(shell("echo one >> ~/log"), shell("no-such-command"), shell("cat ~/log"))
    async with bench(tmp_path) as there:
        finished = await there.run(
            text, lambda stop: Retry(), lambda stop: EditAndRetry(changes={"inline": ["echo two"]})
        )
        assert finished.status == "succeeded"
        assert there.attempts("provision-2") == ["failed", "failed", "done"]
        # Only the failed step ran again.
        assert there.attempts("provision-1") == ["done"]
        assert there.log("provision-3").splitlines()[-1] == "one"


@pytest.mark.slow
async def test_a_failed_step_can_be_skipped_and_traced(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(
            template(shell("true", "exit 3")),
            lambda stop: Retry(trace=True), lambda stop: Skip(),
        )  # fmt: skip
        assert finished.status == "succeeded"
        assert "+ exit 3" in there.log("provision-1")
        assert there.build.steps["provision-1"].phase == "skipped"


@pytest.mark.slow
async def test_the_machine_can_be_kept_with_its_key_and_is_listed(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(template(shell("exit 1")), lambda stop: Keep())
        assert finished.status == "kept"
        assert there.build.phase == "kept"
        assert len(await there.left_on_rack()) == 3
        records = await there.records()
        assert {r.kind for r in records} == {"oxide.instance", "oxide.disk", "oxide.ssh_key"}
        assert all(record.kept for record in records)
        commands = [e.command for e in there.events if isinstance(e, ResourceLeft)]
        assert any("instance delete" in command for command in commands)
        (key,) = (tmp_path / "sessions").glob("*/builds/*/key")
        assert key.stat().st_mode & 0o777 == 0o600
        assert "PRIVATE KEY" in key.read_text()


@pytest.mark.slow
async def test_a_breakpoint_stops_with_its_note_and_goes_on_on_command(tmp_path: Path) -> None:
    stops: list[Paused] = []
    text = template(shell("true"), BREAKPOINT, shell("true"), shell("true"))
    async with bench(tmp_path) as there:
        finished = await there.run(
            text,
            lambda stop: stops.append(stop) or StepOver(),  # type: ignore[func-returns-value]
            lambda stop: stops.append(stop) or RunUntil(step="sync"),  # type: ignore[func-returns-value]
            lambda stop: stops.append(stop) or Resume(),  # type: ignore[func-returns-value]
        )
    assert finished.status == "succeeded"
    assert [(stop.step, stop.reason) for stop in stops] == [
        ("provision-2", "breakpoint"), ("provision-3", "step"), ("sync", "requested"),
    ]  # fmt: skip
    assert stops[0].note == "look at /srv"
    assert {"resume", "step_over", "run_until", "skip", "keep", "abort"} <= set(stops[0].choices)


@pytest.mark.slow
async def test_a_breakpoint_that_nobody_can_answer_is_passed_and_told(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        assert (await there.run(template(BREAKPOINT))).status == "succeeded"
        notes = [event.text for event in there.events if isinstance(event, Noted)]
        assert any("nobody is here to answer" in note for note in notes)


@pytest.mark.slow
@pytest.mark.parametrize(
    "step", ["instance", "connect", "provision-1", "stop", "snapshot", "image"]
)
async def test_aborting_while_a_step_runs_leaves_nothing(tmp_path: Path, step: str) -> None:
    async with bench(tmp_path) as there:
        session = await there.session(
            template(shell("sleep 60" if step == "provision-1" else "true")), Policy()
        )

        def heard(event: Event) -> None:
            if isinstance(event, StepStarted) and event.step == step:
                asyncio.get_running_loop().call_soon(
                    lambda: [c.command(Abort()) for c in session._controls.values()]
                )

        session.subscribe(heard)
        finished = await session.run()
        assert finished.status == "cancelled"
        assert await there.left_on_rack() == []
        assert await there.records() == []


@pytest.mark.slow
async def test_cancelling_the_session_itself_cleans_up_first(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        session = await there.session(template(shell("sleep 60")), Policy())
        running = asyncio.create_task(session.run())
        started = asyncio.Event()
        session.subscribe(
            lambda e: (
                started.set() if isinstance(e, StepStarted) and e.step == "provision-1" else None
            )
        )
        await started.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await there.left_on_rack() == []
        assert session.state.finished is not None


@pytest.mark.slow
async def test_a_step_behind_the_provisioners_halts_with_the_machine_kept(tmp_path: Path) -> None:
    async with bench(tmp_path, "--fault", "snapshot_create:500:once") as there:
        seen: list[list[str]] = []

        def retry(stop: Paused) -> Retry:
            assert stop.step == "snapshot"
            assert stop.failure is not None
            seen.append([stop.failure.summary, stop.failure.request_id])
            return Retry()

        finished = await there.run(template(shell("true")), retry)
        assert finished.status == "succeeded"
        assert there.attempts("provision-1") == ["done"]
        assert seen[0][1]
        assert seen[0][1] in seen[0][0]


@pytest.mark.slow
async def test_two_sources_build_side_by_side(tmp_path: Path) -> None:
    text = (
        template(shell("true")).replace(
            'sources = ["source.oxide-instance.t"]',
            'sources = ["source.oxide-instance.t"]\nsource "source.oxide-instance.t2" {}',
        )
        + """
source "oxide-instance" "t2" {
  project            = "web"
  boot_disk_image_id = "debian-12"
  ssh_username       = "debian"
  artifact_name      = "made-2"
}
"""
    )
    async with bench(tmp_path) as there:
        finished = await there.run(text)
        assert finished.status == "succeeded"
        states = there.sessions[-1].state.builds
        assert sorted(states) == ["oxide-instance.t", "oxide-instance.t2"]
        assert await there.left_on_rack() == []


@pytest.mark.slow
async def test_force_replaces_the_image_of_that_name_only_at_the_end(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        await there.run(template())
        first = await there.client.images.view("made", project="web")
        refused = await there.run(template())
        assert refused.status == "failed"
        assert "already" in there.build.error
        assert "provision" not in there.build.error
        finished = await there.run(template(), force=True)
        assert finished.status == "succeeded"
        assert (await there.client.images.view("made", project="web")).id != first.id


async def test_a_secret_is_in_no_file_of_the_session_and_no_event(tmp_path: Path) -> None:
    canary = "canary-1f9d-secret"
    text = 'variable "word" {\n type = string\n sensitive = true\n}\n' + template(
        shell("echo said $WORD; echo $WORD >&2; exit 9", more="env = { WORD = var.word }")
    )
    async with bench(tmp_path) as there:
        await there.run(text, word=canary)
        await there.environment.journal.flush()
        assert "<sensitive>" in there.log("provision-1")
        assert canary not in str([record(event) for event in there.events])
        # The call that carried it is told too, without it.
        ran = [e.text for e in there.events if isinstance(e, SshCalled) and e.operation == "run"]
        assert any("WORD='<sensitive>'" in text for text in ran)
        token = there.rack.token
    for path in (tmp_path / "sessions").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert canary.encode() not in content, path
            assert token.encode() not in content, path
            assert b"PRIVATE KEY" not in content, path


@pytest.mark.slow
async def test_on_error_abort_leaves_everything_and_says_how_to_remove_it(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        session = await there.session(template(shell("exit 3")), Policy("abort"))
        finished = await session.run()
        left = [event for event in there.events if isinstance(event, ResourceLeft)]
        assert finished.status == "failed"
        assert {event.kind for event in left} == {"oxide.instance", "oxide.disk", "oxide.ssh_key"}
        assert all(event.command for event in left)
        assert len(await there.left_on_rack()) == 3


@pytest.mark.slow
async def test_a_password_an_overridden_default_and_a_cut_command_tell_no_secret(
    tmp_path: Path,
) -> None:
    key = tmp_path / "key"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(key)
    lines = [
        "echo 0123456789 0123456789 0123456789 01 ${var.word}",
        "echo canary-password; printf 'canary-\\\\033[31mword-that-is-cut\\\\n'",
        "exit 1",
    ]
    text = template(
        shell(*lines),
        source=f'ssh_password = "canary-password"\n ssh_private_key_file = "{key}"\n'
        ' ssh_public_keys = ["mine"]',
    )
    text += 'variable "word" {\n sensitive = true\n default = "canary-default"\n}\n'
    async with bench(tmp_path) as there:
        public = asyncssh.read_private_key(key).export_public_key().decode().strip()
        await there.client.ssh_keys.create(
            SshKeyCreate(name="mine", description="", public_key=public)
        )
        finished = await there.run(text, word="canary-word-that-is-cut")
        assert finished.status == "failed"
        assert there.log("provision-1").count("<sensitive>") >= 3
        assert "canary" not in there.log("provision-1")
        assert there.build.steps["provision-1"].plan.detail.endswith(" 01 …")
        assert "canary" not in str([record(event) for event in there.events])
        await there.environment.journal.flush()
    for path in (tmp_path / "sessions").rglob("*"):
        if path.is_file():
            assert b"canary-password" not in path.read_bytes(), path
            assert b"canary-default" not in path.read_bytes(), path
