"""The null builder in sessions: a machine that is there already, or none; nothing of a rack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.build.engine import Session
from oxtui.builders.null.options import NullOptions
from oxtui.communicators.ssh.keys import generate
from oxtui.component.commands import Abort, EditAndRetry, Resume, Retry
from oxtui.component.events import BuildFinished, BuildPlanned, Paused, StepStarted
from tests.sessions import Sessions, rackless, shell
from tests.sshd import Sshd, sshd


def template(*provisioners: str, source: str = 'communicator = "none"', more: str = "") -> str:
    """A template with one null source."""
    inner = "\n".join(provisioners)
    return (
        f'source "null" "x" {{\n  {source}\n}}\n{more}\n'
        f'build {{\n  name = "alpha"\n  sources = ["source.null.x"]\n  {inner}\n}}\n'
    )


def local(*lines: str, more: str = "") -> str:
    """A provisioner that runs on this machine."""
    return shell(*lines, more=more).replace('"shell"', '"shell-local"', 1)


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[Sshd, str]]:
    """A machine, and how a source reaches it."""
    pair = await generate("ed25519", 0, "test")
    key = folder / "key"
    key.write_text(pair.private)
    key.chmod(0o600)
    with sshd(folder, pair.public) as there:
        yield (
            there,
            (
                f'ssh_host = "127.0.0.1"\n ssh_port = {there.port}\n ssh_username = "{there.user}"\n'
                f' ssh_private_key_file = "{key}"'
            ),
        )


def own(there: Sessions, step: str) -> list[str]:
    """The lines that the scripts of a step printed."""
    ours = ("Running ", "Provisioning with", "Connect", "Failed: ")
    return [line for line in there.log(step).splitlines() if not line.startswith(ours)]


async def test_without_a_communicator_only_this_machine_works(tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        finished = await there.run(
            template(
                local(
                    "echo ${build.name} ${source.name} ${build.ID} '${build.Host}'",
                    "echo ${build.PackerHTTPAddr} {{ build `ID` }} '{{ build `User` }}' {{ build_name }}",
                    'test "$PACKER_RUN_UUID" = ${build.PackerRunUUID} && echo same',
                ),
                'provisioner "sleep" {\n duration = "1ms"\n}',
                'provisioner "breakpoint" {\n disable = true\n}',
            )
        )
        assert finished.status == "succeeded"
        assert own(there, "provision-1") == [
            "alpha x Null <unknown>",
            "ERR_HTTP_ADDR_NOT_IMPLEMENTED_BY_BUILDER Null <unknown> x",
            "same",
        ]
        assert list(there.build.steps) == ["provision-1", "provision-2", "provision-3", "cleanup"]
        assert there.build.artifact is not None
        told = (there.build.artifact.builder_id, there.build.artifact.id, there.build.artifact.text)
        exported = "Did not export anything. This is the null builder"
        assert told == ("fnoeding.null", "Null", exported)
        assert await there.records() == []


async def test_a_machine_that_is_there_is_reached_and_told_of_on_both_sides(tmp_path: Path) -> None:
    names = "Host} ${build.Port} ${build.User} ${build.ConnType} ${build.ID"
    async with rackless(tmp_path) as there, server(tmp_path) as (guest, source):
        finished = await there.run(
            template(
                shell(f"echo ${{build.{names}}}"),
                local(f"echo ${{build.{names}}} '${{build.SSHPrivateKeyFile}}'"),
                source=f'{source}\n pause_before_connecting = "10ms"',
            )
        )
        assert finished.status == "succeeded", there.build.error
        pausing, connecting = there.log("connect").splitlines()[:2]
        assert pausing == "Pausing 10ms before connecting..."
        assert connecting.startswith("Connecting to ")
        told = f"127.0.0.1 {guest.port} {guest.user} ssh Null"
        assert own(there, "provision-1") == [told]
        assert own(there, "provision-2") == [f"{told} {tmp_path / 'key'}"]
        assert there.build.address is not None
        assert (there.build.address.port, there.build.instance) == (guest.port, "")
        assert await there.records() == []


async def test_a_login_that_does_not_work_says_where_to_look(tmp_path: Path) -> None:
    source = 'ssh_host = "127.0.0.1"\n ssh_port = 1\n ssh_username = "u"\n ssh_password = "hunter2"'
    async with rackless(tmp_path) as there:
        text = template(shell("true"), source=f'{source}\n ssh_timeout = "10ms"')
        finished = await there.run(text)
        assert finished.status == "failed"
        assert "Look at the log of its SSH server, or raise ssh_timeout." in there.build.error
        assert "hunter2" not in there.log("connect")


async def test_a_key_that_cannot_be_read_is_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key")
    source = (
        f'ssh_host = "127.0.0.1"\n ssh_username = "u"\n ssh_private_key_file = "{tmp_path}/key"'
    )
    async with rackless(tmp_path) as there:
        planning = await there.plan(template(source=source))
    assert planning.plan is None
    assert "is no private key that can be read" in str(planning.diagnostics[0])


async def test_what_needs_a_guest_is_refused_without_one(tmp_path: Path) -> None:
    text = template(
        shell("true"),
        'provisioner "file" {\n content = "x"\n destination = "/x"\n}',
        local("true"),
        'error-cleanup-provisioner "shell" {\n inline = ["true"]\n}',
        shell("true", more='only = ["null.y"]'),
    )
    async with rackless(tmp_path) as there:
        planning = await there.plan(text)
    assert planning.plan is None
    told = [each for each in planning.diagnostics if each.is_error]
    assert [each.summary for each in told] == ["Provisioner without a guest"] * 3
    assert [each.detail.partition(":")[0] for each in told] == [
        '"shell" works in a guest, and null.x has none',
        '"file" works in a guest, and null.x has none',
        '"shell" works in a guest, and null.x has none',
    ]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"communicator": "none"}, []),
        (
            {},
            ["ssh_username is missing", "ssh_host is missing", "give exactly one of ssh_password"],
        ),
        (
            {"ssh_host": "h", "ssh_username": "u", "ssh_password": "p", "ssh_agent_auth": True},
            ["not ssh_password and ssh_agent_auth"],
        ),
        ({"ssh_host": "h", "ssh_username": "u", "ssh_agent_auth": True}, []),
        ({"communicator": "telnet"}, ["'ssh' or 'none'"]),
    ],
)
def test_all_that_a_login_lacks_is_told_at_once(
    given: dict[str, object], problems: list[str]
) -> None:
    if not problems:
        assert NullOptions.model_validate(given)
        return
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is looked at below
        NullOptions.model_validate(given)
    for problem in problems:
        assert problem in str(caught.value)


async def test_a_failed_step_can_be_edited_and_nothing_is_there_to_keep(tmp_path: Path) -> None:
    stops: list[Paused] = []
    script = tmp_path / "s.sh"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)

    def edited(stop: Paused) -> EditAndRetry:
        stops.append(stop)
        return EditAndRetry(changes={"inline": ["echo edited"]})

    async with rackless(tmp_path) as there:
        command = 'provisioner "shell-local" {\n command = "exit 4"\n}'
        path = f'provisioner "shell-local" {{\n script = "{script}"\n}}'
        finished = await there.run(
            template('provisioner "breakpoint" {}', command, path),
            lambda stop: Resume(), lambda stop: Retry(), edited, edited,
        )  # fmt: skip
        assert finished.status == "succeeded"
        assert [own(there, f"provision-{n}") for n in (2, 3)] == [["edited"], ["edited"]]
    assert [stop.failure.exit_status for stop in stops if stop.failure] == [4, 3]
    assert "keep" not in stops[0].choices


async def test_an_abort_and_a_timeout_end_what_runs_here(tmp_path: Path) -> None:
    begun = asyncio.Event()
    async with rackless(tmp_path) as there:
        text = template(local("echo ready", "sleep 1000"))
        session = await there.session(text, Policy())
        session.subscribe(lambda e: begun.set() if getattr(e, "lines", 0) > 1 else None)
        running = asyncio.ensure_future(session.run())
        await begun.wait()
        await session.command(Abort())
        assert (await running).status == "cancelled"
        late = template(local("sleep 1000", more='timeout = "50ms"'))
        assert (await there.run(late)).status == "failed"
        assert "was not done within its timeout of 50ms" in there.build.error


async def test_a_secret_of_a_script_is_on_no_screen_and_in_no_file(tmp_path: Path) -> None:
    head = 'variable "pw" {\n default = "hunter22"\n sensitive = true\n}\n'
    text = head + template(
        local("echo $PW ${var.pw}", "exit 1", more='environment_vars = ["PW=${var.pw}"]')
    )
    async with rackless(tmp_path) as there:
        assert (await there.run(text)).status == "failed"
        assert own(there, "provision-1") == ["<sensitive> <sensitive>"]
        assert "hunter22" not in repr(there.events)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"hunter22" not in path.read_bytes(), path


async def test_builds_take_turns_where_their_number_is_limited(tmp_path: Path) -> None:
    text = """
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
source "null" "c" { communicator = "none" }
build {
  sources = ["null.c", "null.a", "null.b"]
  provisioner "shell-local" { inline = ["true"] }
}
"""
    async with rackless(tmp_path) as there:
        planning = await there.plan(text)
        assert planning.plan is not None
        session = Session(there.environment, planning.plan, Policy(), parallel=1)
        order: list[tuple[str, type]] = []
        session.subscribe(lambda event: order.append((event.build, type(event))))
        assert (await session.run()).status == "succeeded"
    told = [e for e in order if e[1] in (StepStarted, BuildFinished)]
    one = [StepStarted, StepStarted, BuildFinished]
    assert told == [(name, kind) for name in ("null.c", "null.a", "null.b") for kind in one]
    planned = [e for e in order if e[1] is BuildPlanned]
    assert [name for name, _ in planned[:3]] == ["null.c", "null.a", "null.b"]
    assert order.index(planned[2]) < order.index(("null.c", BuildFinished))
