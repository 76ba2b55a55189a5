"""A session on a real simulated rack, exported by the command, and its export built again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import Abort, EditAndRetry, Resume, Skip
from oxtui.export.session import export_session
from tests.cli.running import on, oxtui
from tests.sessions import Bench, bench, shell, template

pytestmark = pytest.mark.slow

SECRET = "planted-s3cret-value"
BREAKPOINT = 'provisioner "breakpoint" {\n note = "look"\n}'


async def content(there: Bench, image: str) -> str:
    """What the builds left in the home of an instance that is made of an image."""
    found = await there.client.images.view(image, project="web")
    reader = template(shell("cat ~/log"), source="skip_create_image = true")
    await there.run(reader.replace('"ubuntu-24-04"', f'"{found.id}"'))
    return there.log("provision-1")


def on_port(text: str, port: int) -> str:
    """The template for a rack whose instances listen on one port of this machine."""
    return text.replace(' "web"\n', f' "web"\n  ssh_port = {port}\n', 1)


async def test_what_failed_was_edited_and_skipped_builds_from_its_export(tmp_path: Path) -> None:
    head = f'variable "pw" {{\n  default   = "{SECRET}"\n  sensitive = true\n}}\n'
    secret = 'environment_vars = ["PW=${var.pw}"]'
    text = head + template(
        shell("echo one >> ~/log"),
        BREAKPOINT,
        shell("no-such-command", more=secret),
        shell("exit 3 # skipped"),
        shell("echo four >> ~/log"),
    )
    sessions = {"OXTUI_SESSIONS_DIR": str(tmp_path / "sessions"), "PKR_VAR_pw": SECRET}
    script = f"#!/bin/bash -e\necho -n $PW | md5sum | cut -c1-6 >> ~/log\n: {SECRET}"
    async with bench(tmp_path) as there:
        finished = await there.run(
            text,
            lambda stop: Resume(),
            lambda stop: EditAndRetry(changes={"inline": script.split("\n")}),
            lambda stop: Skip(),
        )
        assert finished.status == "succeeded"
        live = await export_session(there.sessions[-1])
        first = await content(there, "made")
        made = tmp_path / "out" / "made.pkr.hcl"
        made.parent.mkdir()
        code, out, err = await oxtui("export", "1", "-o", str(made), environ=sessions)
        assert (code, out) == (0, ""), err
        exported = made.read_text()
        assert live.problems == ()
        assert live.text == exported
        for secretless in (exported, err, live.diff, "".join(live.notes)):
            assert SECRET not in secretless
        assert '"/bin/bash -e"' in exported
        assert "# ubuntu-24-04\n" in exported
        assert '": ${var.shell_secret}"' in exported
        assert "ssh_port" not in exported
        renamed = exported.replace('"made"', '"again"')
        made.write_text(on_port(renamed, there.rack.ssh_port))
        environ = {**on(there.rack), **sessions, "PKR_VAR_shell_secret": SECRET}
        code, out, err = await oxtui("build", str(made), environ=environ)
        assert (code, err) == (0, ""), out
        assert "exit 3" not in out
        again = await content(there, "again")
    # The edited step appended a digest of the secret that was given.
    digest = hashlib.md5(SECRET.encode()).hexdigest()[:6]
    assert first.splitlines()[-3:] == again.splitlines()[-3:] == ["one", digest, "four"]


async def test_a_session_that_failed_can_be_exported_and_one_that_never_was_says_so(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(template(shell("exit 1")), lambda stop: Abort())
        assert finished.status == "failed"
        exported = await export_session(there.sessions[-1])
    assert exported.problems == ()
    assert 'inline = ["exit 1"]' in exported.text
    environ = {"OXTUI_SESSIONS_DIR": str(tmp_path / "sessions")}
    code, out, err = await oxtui("export", "7", environ=environ)
    assert (code, out) == (1, "")
    assert "There is no session 7" in err


async def test_what_captures_nothing_needs_no_sync(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        text = template(shell("true"), source="skip_create_image = true")
        session = await there.session(text, Policy())
        await session.run()
        exported = await export_session(session)
    assert exported.problems == ()
    assert "boot_disk_size" not in exported.text
    assert "sync" not in exported.text  # nothing is captured, so nothing has to be on disk
