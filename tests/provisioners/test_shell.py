"""The shell provisioner on a real guest: what scripts see, and what the operator is told when one fails."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
from pathlib import Path
from typing import Any

import pytest

from oxtui.component.errors import StepError, TransferError
from oxtui.component.protocols import ExitStatus, Stream
from oxtui.provisioners.shell import ShellProvisioner
from oxtui.provisioners.shell.options import ShellOptions
from oxtui.provisioners.shell.script import Script, inline_script, told_line
from tests.communicators.test_ending import alive
from tests.guests import LiveGuest, Recorded, live_guest, setting


async def provision(
    live: LiveGuest, folder: Path, *, trace: bool = False, **options: Any
) -> Recorded:
    heard = Recorded()
    given = {"remote_folder": str(folder), **options}
    await ShellProvisioner(ShellOptions(**given), setting(trace=trace)).provision(heard, live.guest)
    return heard


async def test_inline_commands_run_as_one_script_of_sh(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        heard = await provision(live, tmp_path, inline=["a=1", "echo $((a + 1))", "echo $0 >&2"])
    assert heard.streams["stdout"] == b"2\n"
    assert heard.streams["stderr"].startswith(f"{tmp_path}/script_".encode())


async def test_the_environment_is_packers_and_then_the_templates(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        heard = await provision(
            live, tmp_path, inline=['echo "$PACKER_BUILD_NAME $PACKER_BUILDER_TYPE $A $B $C"'],
            environment_vars=["A=it's $HOME `x`", "B=1"], env={"B": "2", "C": "{{ build `ID` }}"},
        )  # fmt: skip
    assert heard.streams["stdout"] == b"web oxide-instance it's $HOME `x` 2 i-1\n"


async def test_the_environment_can_come_in_a_file_that_is_removed(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        heard = await provision(
            live, tmp_path, inline=['echo "$A"'], env={"A": "in a file"}, use_env_var_file=True
        )
    assert heard.streams["stdout"] == b"in a file\n"
    assert not list(tmp_path.glob("varfile_*"))


async def test_a_script_file_is_sent_with_unix_line_ends_and_mode_755(tmp_path: Path) -> None:
    script = tmp_path / "setup.sh"
    script.write_bytes(b"#!/bin/sh\r\nstat -c %a $0\r\necho done")
    async with live_guest(tmp_path) as live:
        heard = await provision(live, tmp_path, script=str(script))
    assert heard.streams["stdout"] == b"755\ndone\n"


async def test_nothing_is_left_in_the_guest_after_success_or_failure(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        await provision(live, tmp_path, inline=["true"])
        with pytest.raises(StepError):
            await provision(live, tmp_path, inline=["false"], inline_shebang="/bin/bash -e")
    assert not list(tmp_path.glob("script_*"))


async def test_what_is_to_stay_in_the_guest_stays_without_our_note(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError):
            await provision(
                live, tmp_path, inline=["false"], inline_shebang="/bin/bash -e", skip_clean=True,
                use_env_var_file=True,
            )  # fmt: skip
    left = sorted(re.sub(r"\d+", "N", path.name) for path in tmp_path.glob("*_*.sh*"))
    assert left == ["script_N.sh", "varfile_N.sh"]


async def test_a_script_that_succeeds_takes_one_session(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        commands: list[str] = []
        run = live.communicator.run

        async def counted(command: str, *others: Any, **options: Any) -> Any:
            commands.append(command)
            return await run(command, *others, **options)

        live.communicator.run = counted  # type: ignore[method-assign]
        heard = await provision(live, tmp_path, inline=["read -r line || echo no input"])
    assert heard.streams["stdout"] == b"no input\n"
    assert len(commands) == 1
    assert not list(tmp_path.glob("script_*"))


async def test_a_script_that_cannot_be_written_is_told_in_the_guests_words(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(
            TransferError, match=r"gone/script_\d+\.sh: .*nonexistent|No such file"
        ) as caught:
            await provision(live, tmp_path / "gone", inline=["true"])
    assert not caught.value.lost


async def test_a_read_only_folder_is_told_with_what_to_do(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(TransferError, match=r"/proc/script_\d+\.sh: .*with remote_folder"):
            await provision(live, Path("/proc"), inline=["true"])


async def test_paths_in_the_guest_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's $a; folder"
    folder.mkdir()
    more = {"use_env_var_file": True, "env": {"A": "it's $HOME\n!"}}
    async with live_guest(tmp_path) as live:
        heard = await provision(live, folder, inline=['echo "$0"'], remote_file="-a b.sh")
        assert heard.streams["stdout"].decode() == f"{folder}/-a b.sh\n"
        heard = await provision(live, folder, inline=['echo "$A"; ls -1 | wc -l'], **more)
        assert heard.streams["stdout"].startswith(b"it's $HOME\n!\n")
        home = Path(pwd.getpwuid(os.getuid()).pw_dir)
        heard = await provision(live, folder, inline=["echo $0"], remote_path="~/.oxtui-test.sh")
        assert heard.streams["stdout"].decode() == f"{home}/.oxtui-test.sh\n"
    assert not list(folder.iterdir())
    assert not (home / ".oxtui-test.sh").exists()


async def test_an_environment_file_is_for_its_user_alone_and_goes_after_a_failure_too(
    tmp_path: Path,
) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError) as caught:
            await provision(
                live, tmp_path, inline=[f"stat -c %a {tmp_path}/varfile_*", f"ls {tmp_path}/nothing"],
                use_env_var_file=True, env={"SECRET": "x"},
            )  # fmt: skip
    assert "600" in caught.value.failure.last_lines
    assert not [*tmp_path.glob("varfile_*"), *tmp_path.glob("script_*")]


async def test_a_script_without_a_shebang_is_run_by_the_login_shell(tmp_path: Path) -> None:
    script = tmp_path / "plain.sh"
    script.write_text('[[ a == a ]] && echo "$0 $BASH_VERSION"\n')
    async with live_guest(tmp_path) as live:
        heard = await provision(live, tmp_path, script=str(script), remote_file="seen.sh")
    assert heard.streams["stdout"].startswith(f"{tmp_path}/seen.sh 5".encode())


async def test_what_is_cut_off_is_gone_from_the_guest_with_its_files(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        options = ShellOptions(
            remote_folder=str(tmp_path), inline=["sleep 1006 & echo $!", "echo started", "wait"],
            use_env_var_file=True, execute_command=". {{.EnvVarFile}}; sh {{.Path}} | cat",
        )  # fmt: skip
        heard, started = Recorded(), asyncio.Event()

        def output(stream: Stream, data: bytes) -> None:
            Recorded.output(heard, stream, data)
            if b"started" in heard.streams["stdout"]:
                started.set()

        heard.output = output  # type: ignore[method-assign]
        running = asyncio.ensure_future(
            ShellProvisioner(options, setting()).provision(heard, live.guest)
        )
        await started.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    pid = int(heard.streams["stdout"].split()[0])
    assert not alive(pid)
    assert not [*tmp_path.glob("varfile_*"), *tmp_path.glob("script_*")]


@pytest.mark.parametrize("own", ["", "{{.Vars}} bash {{.Path}}"])
async def test_what_is_sent_waits_for_a_guest_that_hangs_up_at_first(
    tmp_path: Path, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oxtui.provisioners.shell.provisioner.RETRY_EVERY", 0.01)
    async with live_guest(tmp_path) as live:
        run, lost = live.communicator.run, [ExitStatus(None, lost=True)]

        async def hangs_up(*arguments: Any, **options: Any) -> ExitStatus:
            return lost.pop() if lost else await run(*arguments, **options)

        live.communicator.run = hangs_up  # type: ignore[method-assign]
        heard = await provision(live, tmp_path, inline=["echo here"], execute_command=own)
    assert heard.streams["stdout"] == b"here\n"
    assert any("trying again every 10ms" in text for text in heard.said)


async def test_a_folder_may_come_late_where_the_template_says_how_long_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oxtui.provisioners.shell.provisioner.RETRY_EVERY", 0.01)
    late = tmp_path / "late"

    def said(self: Recorded, text: str) -> None:
        self.said.append(text)
        if "trying again" in text:
            late.mkdir(exist_ok=True)  # said once for each try

    monkeypatch.setattr(Recorded, "say", said)
    async with live_guest(tmp_path) as live:
        heard = await provision(live, late, inline=["echo here"], start_retry_timeout="1m")
        assert heard.streams["stdout"] == b"here\n"
        never = {"inline": ["true"], "start_retry_timeout": "100ms"}
        with pytest.raises(StepError, match="start_retry_timeout of 100ms"):
            await provision(live, tmp_path / "never", **never)


async def test_a_script_that_never_starts_is_given_up_with_the_reason(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:

        async def hangs_up(*arguments: Any, **options: Any) -> ExitStatus:
            return ExitStatus(None, lost=True)

        live.communicator.run = hangs_up  # type: ignore[method-assign]
        with pytest.raises(StepError, match=r"start_retry_timeout of 100ms: .*connection lost"):
            await provision(live, tmp_path, inline=["true"], start_retry_timeout="100ms")


async def test_bash_scripts_with_a_trap_of_their_own_are_sent_as_they_are(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        heard = await provision(
            live, tmp_path, inline=["trap 'echo mine' ERR", "f() { false; }", "f || true", "cat $0"],
            inline_shebang="/bin/bash -e",
        )  # fmt: skip
    assert heard.streams["stdout"].startswith(b"#!/bin/bash -e\ntrap")


def test_a_shebang_among_the_commands_holds_where_no_other_is_named() -> None:
    own = ["#!/usr/bin/env python3", "print(1)"]
    options = ShellOptions(inline=own)
    assert inline_script(options.inline, options.given_shebang).interpreter == own[0][2:]
    options = ShellOptions(inline=own, inline_shebang="/bin/sh -e")
    assert inline_script(options.inline, options.given_shebang).interpreter == "/bin/sh -e"


async def test_with_ssh_pty_a_script_has_a_terminal_and_its_text_does_not_go_through_it(
    tmp_path: Path,
) -> None:
    async with live_guest(tmp_path, ssh_pty=True) as live:
        heard = await provision(live, tmp_path, inline=["test -t 1 && echo terminal"])
    assert heard.streams["stdout"] == b"terminal\r\n"
    assert not list(tmp_path.glob("script_*"))


async def test_valid_exit_codes_replace_zero(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        await provision(live, tmp_path, inline=["exit 7"], valid_exit_codes=[7])
        with pytest.raises(StepError, match=r"exit status 0; allowed: 7"):
            await provision(live, tmp_path, inline=["exit 0"], valid_exit_codes=[7])


async def test_bash_tells_the_failing_line_also_inside_a_function(tmp_path: Path) -> None:
    script = tmp_path / "setup.sh"
    script.write_text(
        "#!/bin/bash\nset -e\nf() {\n  echo in f\n  false\n}\nif false; then :; fi\nf\n"
    )
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError) as caught:
            await provision(live, tmp_path, script=str(script))
    failure = caught.value.failure
    assert (failure.line, failure.line_text, failure.line_source) == (5, "false", "bash")
    assert (failure.script, failure.exit_status) == ("setup.sh", 1)
    assert failure.last_lines == ("in f",)


async def test_bash_without_errexit_tells_no_line_because_it_would_be_a_guess(
    tmp_path: Path,
) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError, match="rerun with trace") as caught:
            await provision(live, tmp_path, inline=["false", "exit 1"], inline_shebang="/bin/bash")
    assert caught.value.failure.line is None


async def test_an_explicit_exit_after_a_tolerated_failure_tells_no_line(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError) as caught:
            await provision(
                live, tmp_path, inline=["false || true", "exit 1"], inline_shebang="/bin/bash -e"
            )
    assert caught.value.failure.line is None


async def test_the_shells_own_message_tells_the_line_of_a_missing_command(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError) as caught:
            await provision(live, tmp_path, inline=["true", "no-such-command --now"])
    failure = caught.value.failure
    assert (failure.exit_status, failure.meaning) == (127, "a command was not found")
    assert (failure.line, failure.line_text) == (2, "no-such-command --now")
    assert failure.line_source == "message"


async def test_what_no_shell_runs_is_not_offered_to_be_traced(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError) as caught:
            await provision(
                live, tmp_path, inline=["exit(3"], inline_shebang="/usr/bin/env python3"
            )
    assert not caught.value.failure.traceable
    assert "trace" not in caught.value.failure.summary


def test_a_program_is_no_script_of_a_shell() -> None:
    assert not Script("tool", b"\x7fELF\2\1\1\0").is_shell
    assert Script("tool", b"echo yes\n").is_shell


async def test_dash_tells_no_line_and_a_rerun_with_trace_shows_each_command(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError, match="rerun with trace") as caught:
            await provision(live, tmp_path, inline=["true", "false"], inline_shebang="/bin/dash -e")
        assert caught.value.failure.line is None
        heard = await provision(
            live, tmp_path, trace=True, inline=["true", "exit 0"], inline_shebang="/bin/dash -e"
        )
        with pytest.raises(StepError) as caught:
            await provision(
                live, tmp_path, trace=True, inline=["cat /gone"], inline_shebang="/bin/dash -e"
            )
    assert b"+ true" in heard.streams["stderr"]
    assert caught.value.failure.summary.endswith(
        "The last command that its shell showed: cat /gone"
    )


async def test_a_rerun_with_trace_in_bash_shows_nothing_of_ours_and_still_tells_the_line(
    tmp_path: Path,
) -> None:
    async with live_guest(tmp_path) as live:
        heard = Recorded()
        options = ShellOptions(
            remote_folder=str(tmp_path), inline=["true", "false"], inline_shebang="/bin/bash -e"
        )
        with pytest.raises(StepError) as caught:
            await ShellProvisioner(options, setting(trace=True)).provision(heard, live.guest)
    assert caught.value.failure.line == 2
    assert heard.streams["stderr"].splitlines() == [b"+ true", b"+ false"]


async def test_a_lost_connection_is_a_failure_unless_it_was_expected(tmp_path: Path) -> None:
    hang_up = [
        "p=$$",
        'while [ "$(ps -o comm= -p $p)" != sshd ]; do p=$(ps -o ppid= -p $p | tr -d " "); done',
        "kill -9 $p",
    ]
    async with live_guest(tmp_path) as live:
        with pytest.raises(StepError, match="set expect_disconnect"):
            await provision(live, tmp_path, inline=hang_up, skip_clean=True)
        await provision(live, tmp_path, inline=hang_up, expect_disconnect=True)
        heard = await provision(live, tmp_path, inline=["echo back"])
    assert heard.streams["stdout"] == b"back\n"


async def test_execute_command_is_a_template(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        heard = await provision(
            live, tmp_path, inline=["echo $A"], env={"A": "x"},
            execute_command="echo before; env {{ .Vars }} sh {{ .Path }}",
        )  # fmt: skip
    assert heard.streams["stdout"] == b"before\nx\n"


@pytest.mark.parametrize(
    ("env_file", "told"),
    [
        (False, "A='it'\"'\"'s' PACKER_BUILDER_TYPE='oxide-instance' PACKER_BUILD_NAME='web' |\n"),
        (
            True,
            "export A='it'\"'\"'s'\nexport PACKER_BUILDER_TYPE='oxide-instance'\n"
            "export PACKER_BUILD_NAME='web'\n|/varfile_N.sh\n",
        ),
    ],
)
async def test_a_command_of_the_templates_own_is_told_what_packer_tells_it(
    tmp_path: Path, env_file: bool, told: str
) -> None:
    command = "cat <<'END'\n{{.Vars}}|{{.EnvVarFile}}\nEND\nsh {{.Path}}"
    async with live_guest(tmp_path) as live:
        heard = await provision(
            live, tmp_path, inline=["true"], environment_vars=["A=it's"],
            execute_command=command, use_env_var_file=env_file,
        )  # fmt: skip
    text = heard.streams["stdout"].decode().replace(str(tmp_path), "")
    assert re.sub(r"varfile_\d+", "varfile_N", text) == told


def test_a_step_is_called_by_its_scripts_or_the_beginning_of_its_first_command() -> None:
    detail = ShellProvisioner.detail
    assert detail(ShellOptions(scripts=["a/base.sh", "b/app.sh"])) == "base.sh, app.sh"
    assert detail(ShellOptions(inline=["", "  make all  ", "make install"])) == "make all"
    assert detail(ShellOptions(inline=["x" * 60])) == "x" * 47 + "…"


def test_scripts_that_are_missing_are_told_before_anything_is_spent(tmp_path: Path) -> None:
    (tmp_path / "here.sh").touch()
    options = ShellOptions(scripts=["here.sh", "gone.sh"])
    text = f"script gone.sh is not there (looked in {tmp_path}); correct the path or create it"
    assert ShellProvisioner.problems(options, tmp_path) == [("scripts", text)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "none is there"),
        ({"inline": ["x"], "script": "y"}, "not inline and script"),
        ({"inline": ["x"], "environment_vars": ["novalue"]}, "write KEY=value"),
        ({"inline": ["x"], "start_retry_timeout": "soon"}, '"soon" is no duration'),
    ],
)
def test_wrong_options_say_what_to_write(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ShellOptions(**options)


@pytest.mark.parametrize(
    ("lines", "status", "line"),
    [
        (["/tmp/s.sh: 3: ngnix: not found"], 127, 3),
        (["/tmp/s.sh: line 4: x: command not found"], 127, 4),
        (["/tmp/s.sh: line 4: x: command not found", "later"], 1, None),
        (["/tmp/s.sh: line 4: x: command not found", "later"], 127, 4),
        (["/tmp/other.sh: line 4: x"], 127, None),
        ([], 1, None),
    ],
)
def test_a_line_is_taken_from_a_message_only_if_it_explains_the_exit(
    lines: list[str], status: int, line: int | None
) -> None:
    assert told_line("/tmp/s.sh", lines, status) == line
