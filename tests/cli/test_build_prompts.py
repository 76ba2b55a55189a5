"""What a build asks on a terminal: Packer's questions, Packer's answers (cases e03, e04 and e07)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oxtui.communicators.ssh.keys import generate
from tests.cli.build_templates import null_template, shell_local
from tests.cli.running import conversation, oxtui
from tests.sshd import sshd

QUESTION = b"? "
ENTER = b"continue. "
BREAKPOINT = (
    '  provisioner "breakpoint" {\n    note = "look here"\n  }\n  provisioner "breakpoint" {}\n'
)
OFF = '  provisioner "breakpoint" {\n    note = "later"\n    disable = true\n  }\n'


def fails_once(folder: Path) -> str:
    """Three steps, of which the second fails the first time."""
    flag = folder / "flag"
    once = f"test -e {flag}-$PACKER_BUILD_NAME || (touch {flag}-$PACKER_BUILD_NAME; exit 5)"
    return null_template(folder, f"echo one >> {folder}/ran", once, "echo three", builds=("x", "y"))


async def test_a_good_retry_runs_the_failed_step_alone_and_ends_in_success(tmp_path: Path) -> None:
    chat = [(QUESTION, b"x\r"), (QUESTION, b"Retry please\r"), (QUESTION, b"r\r")]
    words = ("build", "-color=false", "-on-error=ask", fails_once(tmp_path))
    code, screen = await conversation(*words, chat=chat)
    assert code == 0, screen
    asked = re.search(
        r'\n==> (null\..): Step "2 shell-local" failed\n'
        r"==> \1: \[c\] Clean up and exit, \[a\] abort without cleanup, or \[r\] retry step.*\? x\n"
        r'==> \1: Incorrect input: "x"\n'
        r"==> \1: \[c\] .*\? Retry please\n",
        screen,
    )
    assert asked is not None, screen
    assert (tmp_path / "ran").read_text() == "one\none\n"
    # The other build fails meanwhile and is asked about afterwards; its lines wait until then.
    other = "null.y" if asked[1] == "null.x" else "null.x"
    assert screen.index(f'==> {other}: Step "2 shell-local" failed') > asked.start()
    assert screen.count(f"==> {other}: [c]") == 1


@pytest.mark.slow
async def test_enter_cleans_up_and_a_does_not(tmp_path: Path) -> None:
    path = null_template(tmp_path, "exit 5")
    words = ("build", "-color=false", "-on-error=ask", path)
    for answer, command in ((b"\r", "abort"), (b"\x04", "abort"), (b"a\r", "abort")):
        code, screen = await conversation(*words, chat=[(QUESTION, answer)])
        assert code == 1, screen
        assert f"ending the build: {command}" in screen
        assert "==> Some builds didn't complete successfully and had errors:" in screen


@pytest.mark.slow
async def test_ctrl_c_at_the_question_cancels_all_builds(tmp_path: Path) -> None:
    path = null_template(tmp_path, "exit 5", builds=("x", "y"))
    words = ("build", "-color=false", "-on-error=ask", path)
    code, screen = await conversation(*words, chat=[(QUESTION, b"\x03")])
    assert code == 1
    assert screen.count("Cancelling build after receiving interrupt\n") == 2
    assert screen.endswith("\nCleanly cancelled builds after being interrupted.\n")


async def test_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    path = null_template(tmp_path, BREAKPOINT, "exit 5")
    code, out, err = await oxtui("build", "-on-error=ask", "-debug", path)
    assert (code, err) == (1, "")
    assert out.startswith("Debug mode enabled. Builds will not be parallelized.\n")
    assert "nobody is here to answer" in out
    assert "retry step" not in out
    assert "Press enter" not in out


async def test_a_breakpoint_goes_on_with_enter_or_any_text(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo one", BREAKPOINT, "echo two")
    path = Path(path).rename(tmp_path / "stops.pkr.hcl")
    off = null_template(tmp_path, OFF)
    code, out, _ = await oxtui("build", off)
    assert code == 0
    assert '==> null.x: Breakpoint provisioner with note "later" disabled; continuing...\n' in out
    chat = [(ENTER, b"\r"), (ENTER, b"any text\r")]
    code, screen = await conversation("build", "-color=false", str(path), chat=chat)
    assert code == 0, screen
    assert '==> null.x: Pausing at breakpoint provisioner with note "look here".\n' in screen
    assert "==> null.x: Pausing at breakpoint provisioner.\n" in screen
    assert "==> null.x: Press enter to continue. any text\n" in screen
    assert "==> null.x: two\n" in screen


@pytest.mark.slow
async def test_a_breakpoint_can_do_more_where_it_is_asked_to(tmp_path: Path) -> None:
    path = null_template(tmp_path, BREAKPOINT, "echo two", "echo three")
    chat = [(ENTER, b"\r"), (ENTER, b":next\r"), (ENTER, b":skip\r")]
    code, screen = await conversation("build", "-color=false", path, chat=chat)
    assert code == 0, screen
    assert "==> null.x: two\n" not in screen
    assert "==> null.x: three\n" in screen
    chat = [(ENTER, b":nonsense\r"), (ENTER, b":abort\r")]
    code, screen = await conversation("build", "-color=false", path, chat=chat)
    assert code == 1, screen
    assert "==> null.x: Pausing at breakpoint provisioner.\n" in screen


@pytest.mark.slow
async def test_debug_stops_before_each_provisioner_and_before_cleanup(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo one", shell_local("exit 5"))
    chat = [(ENTER, b"\r")] * 3
    code, screen = await conversation("build", "-color=false", "-debug", path, chat=chat)
    assert code == 1, screen
    stops = re.findall(r"==> null\.x: (Pausing .*)\. Press enter to continue\. \n", screen)
    assert stops == [
        "Pausing before the next provisioner 1 shell-local",
        "Pausing before the next provisioner 2 shell-local",
        "Pausing before cleanup of what the build made",
    ]


@pytest.mark.slow
async def test_a_program_that_reads_records_is_not_asked(tmp_path: Path) -> None:
    path = null_template(tmp_path, BREAKPOINT)
    for form in ("--json", "-machine-readable"):
        code, screen = await conversation("build", form, path, chat=[])
        assert code == 0, screen
        assert "Press enter" not in screen


@pytest.mark.slow
async def test_at_a_stop_commands_run_and_files_go_to_the_guest(tmp_path: Path) -> None:
    pair = await generate("ed25519", 0, "test")
    key = tmp_path / "key"
    key.touch(0o600)
    key.write_text(pair.private)
    (tmp_path / "some file").write_text("sent\n")
    with sshd(tmp_path, pair.public) as server:
        path = tmp_path / "t.pkr.hcl"
        path.write_text(
            f"""
source "null" "x" {{
  ssh_host             = "127.0.0.1"
  ssh_port             = {server.port}
  ssh_username         = "{server.user}"
  ssh_private_key_file = "{key}"
}}
build {{
  sources = ["source.null.x"]
{BREAKPOINT}
  provisioner "shell" {{
    inline = ["cat {tmp_path}/sent {tmp_path}/made"]
  }}
  provisioner "shell" {{
    inline = ["exit 3"]
  }}
}}
"""
        )
        chat = [
            (ENTER, b":run\r"),  # what to run is missing
            (ENTER, b":run echo by hand; exit 4\r"),
            (ENTER, b":run echo begun; sleep 1000\r"),
            (b"begun\r\n", b"\x03"),  # which ends the command alone
            (ENTER, b"\r"),
            (ENTER, b":done\r"),
            (QUESTION, f"u '{tmp_path}/some file' {tmp_path}/sent\r".encode()),
            (QUESTION, f"x echo made > {tmp_path}/made\r".encode()),
            (QUESTION, b"r\r"),
            (QUESTION, b"d\r"),
        ]
        words = ("build", "-color=false", "-on-error=ask", str(path))
        code, screen = await conversation(*words, chat=chat)
    assert code == 0, screen
    assert '==> null.x: Incorrect input: ":run"\n' in screen
    assert "==> null.x: by hand\n==> null.x: The command ended with exit status 4\n" in screen
    assert "==> null.x: Cancelled\n" in screen
    assert "==> null.x: sent\n==> null.x: made\n" in screen
    assert "[x] COMMAND run it in the instance, [u] FILE [TO] upload it?" in screen
    assert "==> null.x: 4 shell exit 3 was done by hand\n" in screen
