"""The shell-local provisioner on this machine: what scripts see, how they end, and what is left of them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oxtui.component.errors import StepError
from oxtui.component.protocols import Guest, Stream
from oxtui.provisioners.shell_local import ShellLocalProvisioner, process
from oxtui.provisioners.shell_local.options import ShellLocalOptions
from tests.guests import Recorded, setting


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder for files of commands."""
    made = tmp_path / "a folder"
    made.mkdir()
    return made


def provisioner(
    temporary: Path, options: Mapping[str, Any], *, trace: bool = False
) -> ShellLocalProvisioner:
    """One that keeps its files below `temporary`."""
    environ = {**os.environ, "TMPDIR": str(temporary), "INHERITED": "yes"}
    told = replace(setting(trace=trace), environ=environ)
    return ShellLocalProvisioner(ShellLocalOptions(**options), told)


async def provision(temporary: Path, *, trace: bool = False, **options: Any) -> Recorded:
    """What a provisioner prints and says."""
    heard = Recorded()
    guest = Guest(values={"ID": "i-1", "Host": "10.0.0.1", "Port": 22})
    await provisioner(temporary, options, trace=trace).provision(heard, guest)
    assert not list(temporary.iterdir())
    return heard


async def failed(temporary: Path, **options: Any) -> StepError:
    """How a provisioner fails."""
    with pytest.raises(StepError) as caught:
        await provision(temporary, **options)
    assert not list(temporary.iterdir())
    return caught.value


async def test_a_command_line_may_be_one_text(temporary: Path) -> None:
    line = "{{.Vars}} sh '{{.Script}}' | cat"
    heard = await provision(temporary, inline=['echo "$A"'], env={"A": "x"}, execute_command=line)
    assert heard.streams["stdout"] == b"x\n"


async def test_commands_run_as_one_script_of_sh_that_others_cannot_read(temporary: Path) -> None:
    heard = await provision(
        temporary, inline=["a=1", "echo $((a + 1)) >&2", 'head -1 "$0"', 'stat -c %a "$0"', "pwd"],
        execute_command=["/bin/sh", "-c", "{{.Vars}} '{{.Script}}'"],
        inline_shebang="/bin/sh -eu", tempfile_extension=".one",
    )  # fmt: skip
    assert heard.streams["stderr"] == b"2\n"
    assert heard.streams["stdout"] == f"#!/bin/sh -eu\n700\n{os.getcwd()}\n".encode()


@pytest.mark.parametrize(("extension", "found"), [("py", ".py"), (".py", ".py"), ("", "")])
async def test_the_file_of_commands_has_the_extension_that_its_interpreter_wants(
    temporary: Path, extension: str, found: str
) -> None:
    heard = await provision(
        temporary, inline=["import os, sys", "print(os.path.splitext(sys.argv[0])[1])"],
        inline_shebang=f"{sys.executable} -I", tempfile_extension=extension,
    )  # fmt: skip
    assert heard.streams["stdout"] == f"{found}\n".encode()


async def test_the_environment_is_this_machine_s_and_packer_s_and_then_the_template_s(
    temporary: Path,
) -> None:
    heard = await provision(
        temporary,
        command='echo "$PACKER_BUILD_NAME $PACKER_BUILDER_TYPE $INHERITED $A $B $C $D"',
        environment_vars=["A=it's $HOME `x`", "B=1", "D={{ build `Host` }}:{{ build `Port` }}"],
        env={"B": "2", "C": "{{ build `ID` }}"},
    )
    assert heard.streams["stdout"] == b"web oxide-instance yes it's $HOME `x` 2 i-1 10.0.0.1:22\n"


async def test_a_command_is_a_template_and_so_is_what_executes_it(temporary: Path) -> None:
    heard = await provision(
        temporary, command="echo {{ build `ID` }} {{ timestamp }}",
        execute_command=["/bin/sh", "-c", "echo '{{.Vars}}' | wc -w; sh '{{.Script}}'; {{.ID}}echo"],
        valid_exit_codes=[127],
    )  # fmt: skip
    assert heard.streams["stdout"] == b"2\ni-1 1795230245\n"
    assert b"i-1echo" in heard.streams["stderr"]


async def test_scripts_run_in_place_one_after_the_other(temporary: Path, tmp_path: Path) -> None:
    for name in ("one", "two words"):
        script = tmp_path / name
        script.write_text("#!/bin/sh\necho $0 $A\n")
        script.chmod(0o755)
    names = [os.path.relpath(tmp_path / name) for name in ("one", "two words")]
    heard = await provision(temporary, scripts=names, env={"A": "1"})
    assert heard.streams["stdout"] == f"{tmp_path}/one 1\n{tmp_path}/two words 1\n".encode()


async def test_valid_exit_codes_replace_zero(temporary: Path) -> None:
    await provision(temporary, inline=["exit 9"], valid_exit_codes=[9])
    error = await failed(temporary, inline=["exit 0"], valid_exit_codes=[9])
    assert "inline ended with exit status 0; allowed: 9" in str(error)


async def test_bash_tells_the_line_that_failed(temporary: Path) -> None:
    error = await failed(
        temporary, inline=["echo before", "f() { false; }", "", "f"], inline_shebang="/bin/bash -e"
    )
    told = error.failure
    assert (told.line, told.line_text, told.line_source) == (2, "f() { false; }", "bash")
    assert (told.exit_status, told.script, told.last_lines) == (1, "inline", ("before",))


async def test_the_shell_s_own_message_tells_the_line_of_a_missing_command(
    temporary: Path, tmp_path: Path
) -> None:
    script = tmp_path / "s.sh"
    script.write_text("#!/bin/sh -e\ntrue\nno-such-command\n")
    script.chmod(0o755)
    for options in ({"script": str(script)}, {"inline": ["true", "", "no-such-command"]}):
        told = (await failed(temporary, **options)).failure
        assert (told.exit_status, told.meaning) == (127, "a command was not found")
        assert (told.line, told.line_source) == (3, "message")


async def test_a_signal_that_ends_a_program_is_told(temporary: Path) -> None:
    error = await failed(temporary, inline=["kill -KILL $$"], execute_command=["{{.Script}}"])
    assert "inline ended with signal KILL" in str(error)


async def test_a_program_that_is_not_there_is_told(temporary: Path) -> None:
    error = await failed(temporary, inline=["true"], execute_command=["no-such-program", "x"])
    assert str(error).startswith("no-such-program cannot be started: No such file or directory")


@pytest.mark.parametrize(("systems", "runs"), [(["windows", "darwin"], False), (["linux"], True)])
async def test_it_runs_only_on_the_systems_that_are_named(
    temporary: Path, systems: list[str], runs: bool
) -> None:
    heard = await provision(temporary, inline=["echo ran"], only_on=systems)
    assert (heard.streams["stdout"] == b"ran\n") == runs
    assert (
        any(line.startswith("Skipped: it runs on windows, darwin") for line in heard.said) != runs
    )


async def test_a_rerun_with_trace_shows_each_command(temporary: Path, tmp_path: Path) -> None:
    script = tmp_path / "s.sh"
    script.write_text("#!/bin/sh -e\necho $((1 + 1))\n")
    script.chmod(0o755)
    for options in ({"script": str(script)}, {"inline": ["echo $((1 + 1))"]}):
        heard = await provision(temporary, trace=True, **options)
        assert heard.streams == {"stdout": b"2\n", "stderr": b"+ echo 2\n"}
    heard = await provision(
        temporary, trace=True, script=str(script), execute_command=["{{.Script}}"]
    )
    assert heard.streams["stderr"] == b""
    assert heard.said[-1] == "s.sh cannot be traced: oxtui does not start its shell"


async def test_output_comes_while_the_script_runs_and_it_has_no_input(
    temporary: Path, tmp_path: Path
) -> None:
    go_on = tmp_path / "go on"
    os.mkfifo(go_on)

    class Answering(Recorded):
        def output(self, stream: Stream, data: bytes) -> None:
            super().output(stream, data)
            if b"ready" in data:
                # The script waits for it: had its output not come by now, both would wait for ever.
                go_on.write_text("")

    heard = Answering()
    options = {"inline": ["read line || echo no input", "echo ready", f"cat '{go_on}'", "echo on"]}
    await provisioner(temporary, options).provision(heard, Guest())
    assert heard.streams["stdout"] == b"no input\nready\non\n"


@pytest.mark.parametrize("trap", ["", "trap '' TERM", "trap 'echo ended; exit' TERM"])
async def test_cancelling_ends_the_script_and_all_that_it_started(
    temporary: Path, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trap.startswith("trap '' "):
        monkeypatch.setattr(process, "GRACE", 0.1)  # it is not going to end by itself
    begun = asyncio.Event()

    class Waiting(Recorded):
        def output(self, stream: Stream, data: bytes) -> None:
            super().output(stream, data)
            if b"ready" in self.streams["stdout"]:
                begun.set()

    heard = Waiting()
    options = {"inline": [trap, "sleep 1000 & echo $!", "echo ready", "wait", "wait"]}
    running = asyncio.ensure_future(provisioner(temporary, options).provision(heard, Guest()))
    await begun.wait()
    child = int(heard.streams["stdout"].split()[0])
    pidfd = os.pidfd_open(child)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    loop = asyncio.get_running_loop()
    gone = loop.create_future()
    loop.add_reader(pidfd, lambda: gone.done() or gone.set_result(None))
    await gone
    loop.remove_reader(pidfd)
    os.close(pidfd)
    assert not list(temporary.iterdir())
    assert (b"ended" in heard.streams["stdout"]) == ("ended" in trap)


async def test_output_that_cannot_be_kept_ends_the_script(temporary: Path) -> None:
    class Full(Recorded):
        def output(self, stream: Stream, data: bytes) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        await provisioner(temporary, {"inline": ["echo x", "sleep 1000"]}).provision(
            Full(), Guest()
        )
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "exactly one of command, inline, script and scripts; none is there"),
        ({"command": "a", "inline": ["b"]}, "not command and inline"),
        ({"inline": ["a"], "environment_vars": ["=x"]}, '"=x" is no variable; write KEY=value'),
        ({"inline": ["a"], "only_on": ["plan9"]}, "'linux'"),
    ],
)
def test_what_cannot_run_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="(?s)" + message):
        ShellLocalOptions(**options)


def test_a_script_is_looked_for_before_anything_runs(tmp_path: Path) -> None:
    def problems(**options: Any) -> list[tuple[str, str]]:
        found = ShellLocalProvisioner.problems(ShellLocalOptions(**options), tmp_path)
        return [(problem.option, problem.text.partition(" (")[0]) for problem in found]

    (tmp_path / "plain.sh").write_text("true\n")
    assert problems(script="gone.sh") == [("script", "script gone.sh is not there")]
    (told,) = problems(scripts=["plain.sh"])
    assert told == ("scripts", "script plain.sh cannot be executed; make it so")
    assert problems(script="plain.sh", execute_command=["sh", "{{.Script}}"]) == []
    (tmp_path / "plain.sh").chmod(0o755)
    assert problems(script="plain.sh") == []


async def test_output_that_something_else_holds_is_waited_for_and_told(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "HELD_AFTER", 0.05)
    go_on = tmp_path / "go on"
    os.mkfifo(go_on)

    class Answering(Recorded):
        def say(self, text: str) -> None:
            super().say(text)
            if "still holds its output" in text:
                go_on.write_text("")

    heard = Answering()
    options = {"inline": [f"(cat '{go_on}'; echo late) &", "echo done"]}
    await provisioner(temporary, options).provision(heard, Guest())
    assert heard.streams["stdout"] == b"done\nlate\n"
    assert sum("still holds its output" in line for line in heard.said) == 1
