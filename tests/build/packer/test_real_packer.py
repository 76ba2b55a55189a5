"""Sessions that the installed packer runs, with a `docker` and an `ansible-playbook` that stand in for real ones."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from oxtui.component.commands import Abort, Resume
from oxtui.component.events import ArtifactMade
from tests.build.packer.standing_in import StandIn
from tests.cli.running import oxtui, started
from tests.packer import PACKER, needs_packer
from tests.sshd import sshd

pytestmark = [pytest.mark.slow, needs_packer]

DOCKER = """#!/bin/sh
case "$1" in
  version|-v) echo "Docker version 20.10.0, build abc" ;;
  run) echo 0123456789abcdef ;;
  inspect) echo 172.17.0.2 ;;
  commit) echo sha256:feedface ;;
  kill) echo removed > "$REMOVED" ;;
esac
"""
BOX = """
source "docker" "box" {
  image  = "alpine"
  commit = true
}
build {
  sources = ["docker.box"]
  provisioner "shell-local" {
    inline = ["echo first"]
  }
  provisioner "shell-local" {
    inline = ["MORE"]
  }
}
"""

LASTING = "echo $$ > $TMPDIR/pid; echo second; exec sleep 600"


@pytest.fixture
def there(tmp_path: Path) -> StandIn:
    """The real packer, with tools that stand in beside it on the PATH."""
    assert PACKER is not None
    folder = tmp_path / "bin"
    folder.mkdir()
    playbook = (
        '#!/bin/sh\n[ "$1" = --version ] && echo ansible-playbook 2.9.6 || echo "ok: [default]"\n'
    )
    for name, text in (("docker", DOCKER), ("ansible-playbook", playbook)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    environ = {
        "PATH": f"{folder}:{Path(PACKER).parent}:{os.environ['PATH']}", "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path), "OXTUI_SESSIONS_DIR": str(tmp_path / "sessions"),
        "REMOVED": str(tmp_path / "removed"),
    }  # fmt: skip
    return StandIn(tmp_path, environ)


async def test_a_source_that_oxtui_has_not_is_built(there: StandIn) -> None:
    finished = await there.run(BOX.replace("MORE", "echo second"))
    assert finished.status == "succeeded", there.build.error
    assert set(there.steps("docker.box").values()) == {"done"}
    assert there.log("docker.box", "provision-2")[-1] == "second"
    (made,) = [event for event in there.events if isinstance(event, ArtifactMade)]
    assert made.id == "sha256:feedface"


async def test_packers_own_communicator_and_tools_run_with_a_breakpoint_between(
    there: StandIn,
) -> None:
    key = there.folder / "key"
    words = ["-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", str(key)]
    await (await asyncio.create_subprocess_exec("ssh-keygen", *words)).wait()
    (there.folder / "play.yml").write_text("- hosts: all\n")
    server = there.folder / "sshd"
    server.mkdir()
    old = "PubkeyAcceptedAlgorithms=+ssh-rsa"  # which is all that packer 1.6.6 offers
    with sshd(server, key.with_suffix(".pub").read_text().strip(), old) as machine:
        finished = await there.run(
            f"""
source "null" "one" {{
  ssh_host             = "127.0.0.1"
  ssh_port             = {machine.port}
  ssh_username         = "{machine.user}"
  ssh_private_key_file = "{key}"
}}
build {{
  sources = ["null.one"]
  provisioner "shell" {{
    inline        = ["echo in the guest"]
    remote_folder = "{there.folder}"
  }}
  provisioner "breakpoint" {{
    note = "look"
  }}
  provisioner "ansible" {{
    playbook_file = "play.yml"
    user          = "{machine.user}"
  }}
  provisioner "file" {{
    source      = "play.yml"
    destination = "{there.folder}/arrived"
  }}
}}
""",
            lambda paused: Resume(build=paused.build),
        )
    assert finished.status == "succeeded", there.build.error
    ended = there.steps("null.one")
    assert {ended[f"provision-{number}"] for number in range(1, 5)} == {"done"}
    assert there.log("null.one", "provision-1")[-1] == "in the guest"
    assert there.log("null.one", "provision-3")[-1] == "ok: [default]"
    assert (there.folder / "arrived").read_text() == "- hosts: all\n"


async def test_an_abort_lets_packer_remove_what_it_made(there: StandIn) -> None:
    there.abort_at("provision-2", Abort())
    finished = await there.run(BOX.replace("MORE", LASTING))
    assert finished.status == "cancelled"
    assert there.steps("docker.box")["provision-2"] == "cancelled"
    assert (there.folder / "removed").exists()
    await gone(int((there.folder / "pid").read_text()))


async def gone(process: int) -> None:
    """Waits for the end of a process that is nobody's child here."""
    with suppress(ProcessLookupError):
        descriptor = os.pidfd_open(process)
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        loop.add_reader(descriptor, lambda: ended.done() or ended.set_result(None))
        async with asyncio.timeout(60):
            await ended
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def test_packer_cleans_up_when_oxtui_is_killed(there: StandIn) -> None:
    removed = there.folder / "removed"
    os.mkfifo(removed)
    path = there.folder / "t.pkr.hcl"
    path.write_text(BOX.replace("MORE", LASTING))
    process = await started("build", "--no-color", str(path), environ=there.environ, forked=False)
    assert process.stdout is not None
    async for line in process.stdout:
        if line.endswith(b"second\n"):
            break
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert await asyncio.to_thread(removed.read_text) == "removed\n"
    script = int((there.folder / "pid").read_text())  # packer leaves what a local script runs
    os.kill(script, signal.SIGKILL)
    await gone(script)


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("MORE", "true", 0, "The configuration is valid."),
        ("commit =", "comit =", 1, 'An argument named "comit" is not expected here.'),
    ],
)
async def test_packer_is_asked_about_what_only_it_can_check(
    there: StandIn, old: str, new: str, code: int, said: str
) -> None:
    path = there.folder / "t.pkr.hcl"
    path.write_text(BOX.replace(old, new))
    ended, out, err = await oxtui("validate", str(path), environ=there.environ)
    assert (ended, err) == (code, "")
    assert "Only packer can check its options." in out
    assert said in out
    ended, out, _ = await oxtui("validate", "--no-packer", str(path), environ=there.environ)
    assert ended == 0
    assert "packer was not asked" in out


async def test_a_secret_reaches_packer_and_no_log(there: StandIn) -> None:
    text = 'variable "word" {\n sensitive = true\n}\n' + BOX.replace(
        "MORE", "echo $WORD | rev"
    ).replace(
        'inline = ["echo $WORD',
        'environment_vars = ["WORD=${var.word}"]\n    inline = ["echo $WORD',
    )
    finished = await there.run(text, variables=["word=top${secret"])
    assert finished.status == "succeeded", there.build.error
    assert "terces{$pot" in there.log("docker.box", "provision-2")
    files = [path for path in (there.folder / "sessions").rglob("*") if path.is_file()]
    assert not [path for path in files if b"top${secret" in path.read_bytes()]
