"""The public cases that need no rack: templates of Packer's null builder, validated and built.

Exit statuses, texts and what the scripts print are those that the cases record of Packer 1.6.6; what is
otherwise is listed here with its reason. c01, c03 and the cases of prompts and signals (e03 to e07) are in
the tests of forms, prompts and signals; c07 to c11 are in the tests of their commands.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import re
from pathlib import Path

import pytest

from oxtui.cli import main
from oxtui.communicators.ssh.keys import generate
from tests.packer_cases.records import others, pattern, printed, steps, told
from tests.shared import shared
from tests.sshd import sshd

CASES = (
    "c05-validate",
    "j01-user-variables",
    "j03-comments-keys",
    "l01-shell-local",
    "n09-validate",
    "s17-shell-prepare-errors",
    "v01-precedence",
    "v03-validation",
    "v04-sensitive",
    "v06-objects",
    "v08-template-errors",
)
COMMANDS = ("build", "inspect", "validate")
NEWER = {
    ("s17-shell-prepare-errors", 7): 1,  # 1.6.6 crashed
    ("c05-validate", 6): 1,  # 1.16: -only that matches nothing
    ("c05-validate", 8): 1,  # 1.16: no build block
    ("v08-template-errors", 4): 1,  # 1.16: a build without a source
    ("v08-template-errors", 5): 1,  # 1.16: no build block
    ("v08-template-errors", 19): 1,  # better: a shell that has no guest is found out before
    ("v08-template-errors", 22): 1,  # better: Packer tries for five minutes to start it
}
"""Exit statuses where those of the cases do not hold: see their README."""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a case is copied to, and asked."""
    for folder in ("STATE", "DATA", "CACHE", "CONFIG", "SESSIONS"):
        monkeypatch.setenv(f"OXTUI_{folder}_DIR", str(tmp_path / folder.lower()))
    for name in list(os.environ):
        if name.startswith(("PKR_VAR_", "PACKER_", "OXIDE_")):
            monkeypatch.delenv(name)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return tmp_path / "work"


@pytest.mark.parametrize("name", CASES)
def test_a_case_ends_and_prints_as_packer_does(
    name: str, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = 0
    for number, step, record in steps(name, work):
        key = (name, number)
        if step["args"][:1] not in [[word] for word in COMMANDS]:
            continue
        asked += 1
        with monkeypatch.context() as patched:
            patched.chdir(work)
            for variable, value in step.get("env", {}).items():
                patched.setenv(variable, value)
            code = main(step["args"])
        out, err = capsys.readouterr()
        recorded = re.search(r"^exit: (\w+)$", record, re.MULTILINE)
        assert recorded is not None
        assert str(code) == str(NEWER.get(key, recorded[1])), (number, out, err)
        if step["args"][0] == "validate" and "usage: " not in err:
            assert code == int("Error: " in out), (number, out)
        for text in step.get("contains", []):
            assert text in out + err, number
        for text in step.get("not_contains", []):
            assert text not in out + err, number
        lines = told(out)
        for line in printed(record) if step["args"][0] == "build" else ():
            wanted = pattern(
                others(name, number, line), WORK=str(work), TMPDIR=str(work.parent / "temporary")
            )
            assert any(re.fullmatch(wanted, each) for each in lines), (number, line, out)
    assert asked >= 1
    assert not list((work.parent / "temporary").iterdir())


def test_values_of_the_connection_reach_the_guest_and_this_machine(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The case of JSON's `build` function, on a server of our own."""
    ((_, step, record),) = steps("j06-build-function", work)
    pair = asyncio.run(generate("ed25519", 0, "test"))
    key = tmp_path / "key"
    key.write_text(pair.private)
    key.chmod(0o600)
    monkeypatch.chdir(work)
    with sshd(tmp_path, pair.public) as server:
        told = {"HOST": "127.0.0.1", "PORT": str(server.port), "USER": server.user, "KEY": str(key)}
        for name, value in told.items():
            monkeypatch.setenv(f"CONF_SSH_{name}", value)
        assert main(step["args"]) == 0
    out, _ = capsys.readouterr()
    wanted = list(printed(record))
    assert len(wanted) == 4
    for line in wanted:
        here = line.replace("22823", str(server.port)).replace("pkrtest", getpass.getuser())
        assert re.search(f"^==> null\\.guest: {pattern(here)}$", out, re.MULTILINE), line


def test_inspect_of_a_secret_is_packers_but_hides_what_is_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = shared("cases/packer/v04-sensitive")
    step = (case / "expected.txt").read_text().split("## step 5: ")[1].split("## step 6")[0]
    monkeypatch.chdir(case)
    assert main(["inspect", "t.pkr.hcl"]) == 0
    out, _ = capsys.readouterr()
    wanted = step.split("--- stdout\n")[1].replace("pre-<sensitive>-post", "<sensitive>")
    assert out.rstrip() == wanted.rstrip()
