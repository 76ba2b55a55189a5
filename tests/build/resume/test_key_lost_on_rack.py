"""SIGKILL in the midst of a provisioner: the temporary key is lost, and the build goes on to its image all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.build.resume.test_killed_on_rack import client_of, lines_of
from tests.build.test_sigkill import building, environ, on_rack, reached, sweep
from tests.cli.running import oxtui, started
from tests.rack_process import RackProcess, rack
from tests.sessions import shell, template

ONCE = shell("echo once >> ~/count")
CUT_OFF = "test -e ~/begun || { touch ~/begun; echo is begun; sleep 600; }"


async def killed(there: RackProcess, folder: Path, text: str, *flags: str) -> None:
    """A build that is killed once one of its scripts has said that it has begun."""
    async with building(there, folder, text, *flags) as process:
        assert process.stdout is not None
        while b'"text": "is begun"' not in (line := await process.stdout.readline()):
            assert line, "the build ended too early"
        process.kill()


async def resume(there: RackProcess, *words: str) -> tuple[int, list[str], str]:
    """The exit code, the steps that ran, and what was noted and went wrong."""
    words = ("resume", "1", "--json", "--settle=0s", *words)
    code, out, err = await oxtui(*words, environ=environ(there))
    records = [json.loads(line) for line in out.splitlines()]
    steps = [each["step"] for each in records if each["type"] == "step_started"]
    told = [each["text"] for each in records if each["type"] == "noted"]
    errors = [each["error"] for each in records if each["type"] == "build_finished"]
    return code, steps, "\n".join([*told, *errors, err])


@pytest.mark.slow
async def test_another_instance_gets_the_disk_and_the_step_that_was_cut_off_runs_again(
    tmp_path: Path,
) -> None:
    async with rack() as there:
        before = await on_rack(there)
        await killed(there, tmp_path, template(ONCE, shell(CUT_OFF), shell("cp ~/count ~/result")))
        code, steps, told = await resume(there)
        assert code == 0, told
        assert steps == [
            "resume", "ssh-key", "instance", "connect", "provision-2", "provision-3", "sync", "stop",
            "snapshot", "image", "cleanup",
        ]  # fmt: skip
        assert "its private key was in the memory of the process that ended." in told
        assert "as the end of the process left it" in told
        assert (
            'What "2 shell" had done until it was cut off is on it, and that step runs again.'
            in told
        )
        assert await on_rack(there) == before | {"made"}
        # The first instance's key is in no image; that of the second stays, as with Packer.
        read = await lines_of(there, tmp_path, "~/result ~/.ssh/authorized_keys")
        assert (read.count("once"), read.count("ssh-")) == (1, 2)


@pytest.mark.slow
async def test_a_checkpoint_that_holds_all_that_was_done_is_begun_from(tmp_path: Path) -> None:
    text = template(ONCE, shell("touch ~/begun; sync; echo is begun; sleep 600"))
    async with rack() as there:
        before = await on_rack(there)
        await killed(there, tmp_path, text, "--checkpoints=each")
        file = (
            tmp_path / "t.pkr.hcl"
        )  # its second step must find nothing of the one that was cut off
        file.write_text(
            file.read_text().replace(
                "touch ~/begun; sync; echo is begun; sleep 600", "! test -e ~/begun"
            )
        )
        code, steps, told = await resume(there, "--template=file")
        assert code == 0, told
        ran = ["resume", "ssh-key", "instance", "connect", "provision-2", "sync", "stop"]
        assert steps[: len(ran)] == ran
        assert 'taken behind "1 shell"' in told
        assert 'It holds all that was done, and nothing of "2 shell", which was cut off' in told
        left = {name for name in await on_rack(there) if not name.startswith("oxtui-checkpoint")}
        assert left == before | {"made"}
        assert await lines_of(there, tmp_path, "~/count") == "once"


@pytest.mark.slow
async def test_killed_again_before_the_next_instance_is_there(tmp_path: Path) -> None:
    async with rack() as there:
        before = await on_rack(there)
        await killed(
            there, tmp_path, template(shell("echo once >> ~/count", "sync"), shell(CUT_OFF))
        )
        for step in ("ssh-key", "instance", "connect"):
            command = ["resume", "1", "--json", "--settle=0s"]
            process = await started(*command, environ=environ(there), forked=False)
            await reached(process, step)
            process.kill()
            await process.communicate()
        code, _, told = await resume(there)
        assert code == 0, told
        assert await on_rack(there) == before | {"made"}
        assert (await sweep(there))[1].count("packer-") == 0
        assert await lines_of(there, tmp_path, "~/count") == "once"
        assert await lines_of(there, tmp_path, "~/.ssh/authorized_keys | grep -c ssh-") == "2"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "again", "count"),
    [((), ["provision-1", "provision-2"], "once"), (("--from=disk",), ["provision-2"], "")],
)
async def test_what_the_power_took_with_it_is_not_taken_for_done(
    tmp_path: Path, words: tuple[str, ...], again: list[str], count: str
) -> None:
    async with rack() as there:
        before = await on_rack(there)
        # The second step begins once: on another disk it has to be told not to stop there.
        cut_off = "echo is begun; until test -e /tmp/never; do sleep 1; done"
        await killed(there, tmp_path, template(ONCE, shell(cut_off)))
        async with client_of(there) as client:
            names = [each async for each in client.instances.list(project="web")]
            (ours,) = [each for each in names if each.name.startswith("packer-")]
            await client.instances.stop(ours.id)
            while (await client.instances.view(ours.id)).run_state != "stopped":
                pass
        file = tmp_path / "t.pkr.hcl"
        file.write_text(file.read_text().replace(cut_off, "true"))
        code, steps, told = await resume(there, "--template=file", *words)
        assert code == 0, told
        assert "What was done last may be missing from its disk, as it stopped before" in told
        assert [step for step in steps if step.startswith("provision")] == again
        assert await on_rack(there) == before | {"made"}
        assert await lines_of(there, tmp_path, "~/count") == count
