"""The public cases of the shell provisioner, its common parameters and the error-cleanup-provisioner.

They run on an OpenSSH server of our own: exit statuses and what the scripts print are compared with what the
cases record of Packer 1.6.6. s14 is about the form of output, which has tests of its own.
"""

from __future__ import annotations

import asyncio
import getpass
import re
import subprocess
from pathlib import Path

import pytest

from oxtui.cli import main
from oxtui.communicators.ssh.keys import generate
from tests.cli.test_packer_cases import pattern, printed, steps
from tests.cli.test_packer_cases import work as work
from tests.sshd import sshd

pytestmark = pytest.mark.slow

CASES = (
    "e01-cleanup-provisioner",
    "s01-shell-inline",
    "s02-shell-env-quoting",
    "s03-shell-env-file",
    "s04-shell-scripts",
    "s06-shell-shebang",
    "s08-shell-disconnect",
    "s10-shell-retries",
    "s11-shell-timeout",
    "s17-shell-prepare-errors",
    "s18-shell-order-two-builds",
)
NEWER = {
    ("s06-shell-shebang", 2): 0,  # 1.16: commands that begin with a shebang keep it
    ("s17-shell-prepare-errors", 7): 1,  # 1.16: a bad duration is an error, not a crash
    ("e01-cleanup-provisioner", 8): 2,  # wrong usage is 2 in oxtui
}
"""Exit statuses where those of the cases do not hold: see their README."""
OTHER_FORMS = {("e01-cleanup-provisioner", 5): "-on-error has no run-cleanup-provisioner yet"}
OTHER_LINES = {
    # The login shell names itself; 1.16 runs the text as the Python that it is.
    ("s06-shell-shebang", 2): frozenset(("py 3",)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_ends_and_prints_as_packer_does(
    name: str, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pair = asyncio.run(generate("ed25519", 0, "test"))
    key, home = tmp_path / "key", tmp_path / "lab" / "guest"
    key.write_text(pair.private)
    key.chmod(0o600)
    home.mkdir(parents=True)
    with sshd(tmp_path, pair.public, f"SetEnv=HOME={home}") as server:
        told = {"host": "127.0.0.1", "port": str(server.port), "user": server.user, "key": str(key)}
        for variable, value in told.items():
            monkeypatch.setenv(f"PKR_VAR_ssh_{variable}", value)
            monkeypatch.setenv(f"CONF_SSH_{variable.upper()}", value)
        for number, step, record in steps(name, work):
            for path in work.glob("*.*"):
                if b"@LAB@" in (text := path.read_bytes()):
                    path.write_bytes(text.replace(b"@LAB@", bytes(tmp_path / "lab")))
            if "before" in step:
                (home / "n").unlink(missing_ok=True)
            if (name, number) in OTHER_FORMS:
                continue
            monkeypatch.chdir(work)
            try:
                code = main(step["args"])
            except SystemExit as wrong_usage:
                code = int(str(wrong_usage.code))
            out, err = capsys.readouterr()
            recorded = re.search(r"^exit: (\w+)$", record, re.MULTILINE)
            assert recorded is not None
            assert code == NEWER.get((name, number), int(recorded[1])), (number, out, err)
            for text in step.get("contains", []):
                assert text in out + err, (number, out)
            for text in step.get("not_contains", []):
                assert text not in out + err, (number, out)
            lines = {line.partition(": ")[2] for line in out.splitlines()}
            for line in OTHER_LINES.get((name, number), printed(record)):
                here = line.replace("pkrtest", getpass.getuser()).replace("<LAB>/guest", "conf-")
                wanted = pattern(here, work).replace("<N>", r"\d+")
                wanted = wanted.replace("work", r"\S+") if "<LAB>" in line else wanted
                assert any(re.fullmatch(wanted, each) for each in lines), (number, line, out)
    running = subprocess.run(["pgrep", "-x", "-f", "sleep 23"], capture_output=True, check=False)
    assert running.stdout == b""
    left = [*Path("/tmp").glob("script_*.sh"), *Path("/tmp").glob("varfile_*.sh")]
    assert not [path for path in left if path.owner() == getpass.getuser()]
    assert not list((tmp_path / "temporary").iterdir())
