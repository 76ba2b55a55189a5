"""The shell-local post-processor: scripts that run once a build is done."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact, PostProcessorSetting
from oxtui.postprocessors.shell_local import (
    LONGEST,
    ShellLocalPostOptions,
    ShellLocalPostProcessor,
)
from oxtui.template.legacy.interpolate import Interpolation
from tests.guests import Recorded
from tests.sessions import rackless

MADE = Artifact("packer.file", "File", "Stored", ("a b.img", "c"))


async def run(
    context: Recorded, artifact: Artifact = MADE, **options: Any
) -> tuple[Artifact, list[str]]:
    """The artifact that it passes on, and what it printed."""
    interpolation = Interpolation(datetime.now(UTC), build_name="web")
    setting = PostProcessorSetting(
        "web", "file", "run", False, interpolation, lambda: 0.0,
        environ={"PATH": os.environ["PATH"], "OUTSIDE": "in"}, values={"ID": "i-1"},
    )  # fmt: skip
    made = ShellLocalPostProcessor(ShellLocalPostOptions(**options), setting)
    passed = await made.process(context, artifact)
    return passed, context.streams["stdout"].decode().splitlines()


async def test_it_is_told_of_the_build_and_passes_the_artifact_on() -> None:
    lines = [
        'echo "$PACKER_BUILD_NAME $PACKER_BUILDER_TYPE $OUTSIDE {{ build `ID` }} $MORE"',
        'echo "$OXTUI_ARTIFACT_ID"; echo "$OXTUI_ARTIFACT_FILES"',
    ]
    passed, printed = await run(Recorded(), inline=lines, environment_vars=["MORE=it's"])
    assert passed is MADE
    assert printed == ["web file in i-1 it's", "File", "a b.img", "c"]


async def test_one_text_is_a_command_of_a_shell() -> None:
    _, printed = await run(
        Recorded(), inline=["true"], execute_command=["echo $0 {{.Vars}} | tr a-z A-Z"]
    )
    assert printed == ["SH PACKER_BUILDER_TYPE=FILE PACKER_BUILD_NAME=WEB"]
    _, printed = await run(Recorded(), inline=["true"], execute_command=["echo", "a | b"])
    assert printed == ["a | b"]


async def test_a_script_that_fails_fails_it(tmp_path: Path) -> None:
    script = tmp_path / "s.sh"
    script.write_text("#!/bin/sh\nexit 7\n")
    script.chmod(0o755)
    with pytest.raises(StepError) as problem:
        await run(Recorded(), script=str(script))
    assert problem.value.failure.exit_status == 7
    passed, _ = await run(Recorded(), script=str(script), valid_exit_codes=[7])
    assert passed is MADE


async def test_more_files_than_a_variable_holds_are_left_out() -> None:
    many = Artifact("b", "", "", tuple(f"file-{n:05}" for n in range(LONGEST // 10)))
    _, printed = await run(
        Recorded(), many, inline=['echo "${OXTUI_ARTIFACT_FILES-none}|$OXTUI_ARTIFACT_ID"']
    )
    assert printed == ["none|"]


async def test_another_system_s_are_skipped() -> None:
    passed, printed = await run(Recorded(), inline=["echo x"], only_on=["windows"])
    assert (passed, printed) == (MADE, [])


async def test_cancelling_ends_what_it_started() -> None:
    begun = asyncio.Event()

    class Told(Recorded):
        def output(self, stream: Any, data: bytes) -> None:
            super().output(stream, data)
            begun.set()

    context = Told()
    task = asyncio.create_task(
        run(context, inline=["echo $$; exec sleep 60"], execute_command=["sh", "{{.Script}}"])
    )
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(int(context.streams["stdout"]), 0)


async def test_what_is_wrong_is_told_before_anything_runs(tmp_path: Path) -> None:
    template = (
        'source "file" "f" {{\n target = "{0}/x"\n content = "x"\n}}\n'
        'build {{\n sources = ["file.f"]\n post-processor "shell-local" {{\n {1}\n }}\n}}\n'
    )
    wrong = {
        "": "Give exactly one of command, inline, script and scripts",
        'script = "none.sh"': "Script none.sh is not there",
        'inline = ["a"]\n command = "b"': "not command and inline",
        'inline = ["a"]\n only_on = ["beos"]': '"only_on"',
        'inline = ["a"]\n environment_vars = ["=x"]': "is no variable",
    }
    async with rackless(tmp_path) as there:
        for body, told in wrong.items():
            planning = await there.plan(template.format(tmp_path, body))
            assert told in "\n".join(map(str, planning.diagnostics))
            assert planning.plan is None
        finished = await there.run(
            template.format(tmp_path, f'inline = ["cp {tmp_path}/x {tmp_path}/y"]')
        )
        assert finished.status == "succeeded"
        assert [made.text for made in there.build.artifacts] == [f"Stored file: {tmp_path}/x"]
    assert (tmp_path / "y").read_text() == "x"
