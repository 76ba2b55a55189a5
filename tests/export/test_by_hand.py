"""What the debugger did in a session: what of it is in the template, where, and what is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.export.exported import Exported, ExportOptions
from oxtui.export.save import save_export
from oxtui.template.variables import VariableInputs
from tests.export.sessions import Told, added, shell, template
from tests.export.test_provisioners import TWO, A, B

T = "oxide-instance.t"
SHELLS = template(shell("echo one"), shell("echo two"), shell("sync"))


def session(name: str = "t.pkr.hcl") -> Told:
    """Three shells; their steps begin at 1 and end at 2."""
    return Told(name).build("shell", "shell", "shell")


def ran(
    step: str, command: str, status: int | None = 0, time: float = 1.5, build: str = T
) -> d.CommandRan:
    """A command that the operator had run."""
    return d.CommandRan(
        time=time, build=build, step=step, command=command, status=status, seconds=1
    )


def put(
    after: str, name: str, type_name: str, build: str = T, **options: object
) -> d.ProvisionerAdded:
    """A provisioner that the operator added."""
    plan = e.StepPlan(id=name, kind="provision", title=f"{name} {type_name}")
    return d.ProvisionerAdded(
        time=1.0, build=build, after=after, plan=plan, type_name=type_name, options=options
    )


def told(*events: e.Event, name: str = "t.pkr.hcl") -> Told:
    """The session with these events."""
    found = session(name)
    for event in events:
        found._tell(event)
    return found


def order(exported: Exported) -> list[str]:
    """The commands, notes and files of the provisioners, in the order of the text."""
    marks = ("inline", "source ", "destination", "note", "# At a stop")
    lines = (line.strip() for line in exported.text[exported.text.index("build {") :].splitlines())
    return [line.split("=", 1)[-1].strip().strip('[]"') for line in lines if line.startswith(marks)]


async def test_a_session_without_debugging_is_the_opened_file_byte_for_byte() -> None:
    text = SHELLS.replace('"ubuntu-24-04"', '"ae46ddf5-5c4f-4b6e-8b0e-000000000001"')
    plugin = 'version = ">= 0.4.0"\n      source  = "github.com/oxidecomputer/oxide"'
    text = f"packer {{\n  required_plugins {{\n    oxide = {{\n      {plugin}\n    }}\n  }}\n}}\n\n{text}"
    exported = await session().export(text)
    assert exported.problems == ()
    assert exported.text == text


async def test_added_provisioners_stand_at_their_place() -> None:
    exported = await told(
        put("", "added-1", "shell", inline=["first"]),
        put("provision-1", "added-2", "shell", inline=["between ${x}"], pause_after=1.5),
        put("added-2", "added-3", "file", content="x", destination="/tmp/x"),
        put("provision-3", "added-4", "sleep", duration=2.0),
    ).export(SHELLS)
    assert exported.problems == ()
    assert order(exported) == [
        "first",
        "echo one",
        "between $${x}",
        "/tmp/x",
        "echo two",
        "sync",
        "sync",
    ]
    assert 'pause_after = "1.5s"' in added(exported)
    assert any(note.startswith("Added in the session") for note in exported.notes)


async def test_what_was_added_and_edited_or_skipped_is_as_in_the_end() -> None:
    found = told(
        put("provision-1", "added-1", "shell", inline=["false"]),
        put("provision-1", "added-2", "shell", inline=["gone"]),
        e.StepEdited(time=3.0, build=T, step="added-1", changes={"inline": ["true"]}),
    )
    exported = await found.phase("added-2", "skipped").export(SHELLS)
    assert exported.problems == ()
    assert order(exported) == ["echo one", "true", "echo two", "sync"]
    assert any("was skipped and left out" in note for note in exported.notes)


COMMANDS = (
    ran("provision-2", "apt-get -y install x", time=1.2),
    ran("provision-2", "tail /var/log/x", 1, time=1.3),
    ran("provision-3", "after && two", time=1.4),
    ran("sync", "last", time=1.5),
    ran("image", "too late", time=1.6),
    ran("provision-1", "behind the first", time=2.5),
)


async def test_commands_that_succeeded_are_provisioners_at_their_place() -> None:
    exported = await told(*COMMANDS).export(SHELLS)
    assert exported.problems == ()
    assert order(exported) == [
        "echo one", "behind the first", "apt-get -y install x",
        "# At a stop here, by hand (exit 1): tail /var/log/x", "echo two", "after && two", "sync",
        "last", "sync",
    ]  # fmt: skip
    assert any(note.startswith("4 commands that ran at stops became") for note in exported.notes)
    assert any(note.startswith("1 command that failed") for note in exported.notes)


async def test_commands_are_comments_where_that_is_wanted() -> None:
    exported = await told(*COMMANDS).export(SHELLS, ExportOptions(commands=False))
    assert exported.problems == ()
    assert order(exported)[:3] == [
        "echo one", "# At a stop here, by hand (exit 0): behind the first",
        "# At a stop here, by hand (exit 0): apt-get -y install x",
    ]  # fmt: skip
    assert sum("At a stop here" in line for line in exported.text.splitlines()) == 5
    assert any("--no-commands" in note for note in exported.notes)


async def test_a_step_marked_as_done_stays_with_a_comment() -> None:
    found = told(
        ran("provision-2", "by hand", time=5.0),
        d.StepMarkedDone(time=6.0, build=T, step="provision-2"),
    )
    exported = await found.export(SHELLS)
    assert exported.problems == ()
    assert order(exported) == ["echo one", "by hand", "echo two", "sync"]
    assert "# In the session the work of this was done by hand" in exported.text
    assert any("marked as done" in note for note in exported.notes)


async def test_reused_steps_are_exported_as_steps() -> None:
    found = told(d.StepReused(time=1.0, build=T, step="provision-1", reason="a checkpoint"))
    exported = await found.export(SHELLS)
    assert exported.problems == ()
    assert order(exported) == ["echo one", "echo two", "sync"]


async def test_only_what_counted_in_the_end_of_a_session_that_was_rewound() -> None:
    taken = d.CheckpointTaken(
        time=1.35, build=T, step="provision-1", checkpoint="k", name="n", id="i", size=1
    )
    found = told(
        *COMMANDS[:2], taken, COMMANDS[2],
        e.StepEdited(time=2.6, build=T, step="provision-3", changes={"inline": ["sync", "sync"]}),
        d.Rewound(time=3.0, build=T, to="provision-2"),
        e.StepEdited(time=3.1, build=T, step="provision-2", changes={"inline": ["echo 2"]}),
    )  # fmt: skip
    exported = await found.export(SHELLS)
    assert exported.problems == ()
    assert order(exported)[:4] == [
        "echo one", "apt-get -y install x", "# At a stop here, by hand (exit 1): tail /var/log/x",
        "echo 2",
    ]  # fmt: skip
    assert "after && two" not in exported.text
    assert '["sync", "sync"]' in exported.text


async def test_a_session_that_was_resumed_is_exported_like_another() -> None:
    found = session().edit(2, {"inline": ["true"]})
    plan = next(event for event in found.events if isinstance(event, e.BuildPlanned))
    for event in (d.SessionContinued(time=9.0, pid=7), replace(plan, time=9.0)):
        found._tell(event)
    exported = await found.export(SHELLS)
    assert exported.problems == ()
    assert order(exported) == ["echo one", "true", "sync"]


async def test_breakpoints_are_written_when_asked_for() -> None:
    own = '  provisioner "breakpoint" {\n    note = "own"\n  }'
    text = template(shell("echo one"), own, shell("sync"))
    found = Told().build("shell", "breakpoint", "shell")
    found._tell(e.BreakpointSet(time=3.0, build=T, step="provision-3", on=True))
    found._tell(e.BreakpointSet(time=3.0, build=T, step="provision-1", on=True, when="after"))
    exported = await found.export(text)
    assert exported.problems == ()
    assert order(exported) == ["echo one", "own", "sync"]
    assert "disable = true" in added(exported)
    exported = await found.export(text, ExportOptions(breakpoints=True))
    assert exported.problems == ()
    assert order(exported)[:4] == ["echo one", "after 1 shell", "own", "before 3 shell"]
    assert added(exported).count("disable = false") == 2
    assert "disable = true" not in exported.text


async def test_what_several_builds_share_is_written_once_and_the_rest_for_its_build() -> None:
    found = Told().build("shell", "shell", name=A).build("shell", "shell", name=B)
    for build in (A, B):
        found._tell(put("provision-1", "added-1", "shell", build, inline=["both"]))
    found._tell(ran("provision-2", "only a", build=A))
    exported = await found.export(TWO)
    assert exported.problems == ()
    assert order(exported) == ["echo one", "both", "only a", "echo two", "sync"]
    assert f'only = ["{A}"]' in added(exported)
    assert len([line for line in added(exported) if line.startswith("only")]) == 1


async def test_uploaded_files_are_named_by_their_folder_or_copied(tmp_path: Path) -> None:
    inside, outside = tmp_path / "here" / "app.conf", tmp_path / "there" / "app.conf"
    for path in (inside, outside):
        path.parent.mkdir()
        path.write_text(path.parent.name)
    name = str(tmp_path / "here" / "t.pkr.hcl")
    sent = [
        d.FileUploaded(
            time=1.2, build=T, step="provision-2", source=str(path), destination="/tmp/", size=4
        )
        for path in (inside, outside)
    ]
    target = tmp_path / "here" / "out.pkr.hcl"
    exported = await told(*sent, name=name).export(SHELLS, ExportOptions(target))
    assert exported.problems == ()
    assert order(exported)[1:5] == ["${path.root}/app.conf", "/tmp/", str(outside), "/tmp/"]
    assert any("--files DIR" in note for note in exported.notes)
    files = tmp_path / "here" / "files"
    exported = await told(*sent, name=name).export(SHELLS, ExportOptions(target, files=files))
    assert exported.problems == ()
    assert "${path.root}/files/app.conf" in order(exported)
    save_export(exported, target)
    assert (files / "app.conf").read_text() == "there"
    elsewhere = ExportOptions(
        tmp_path / "there" / "out.pkr.hcl", files=tmp_path / "there" / "files"
    )
    exported = await told(*sent, name=name).export(SHELLS, elsewhere)
    assert exported.problems == ()
    assert set(exported.copies.values()) == {inside, outside}


async def test_what_does_not_fit_is_told() -> None:
    found = told(put("provision-1", "added-1", "shell", no_such_option=1))
    exported = await found.export(SHELLS)
    assert any("no_such_option" in problem for problem in exported.problems)


async def test_values_of_variables_are_written_without_secrets(tmp_path: Path) -> None:
    head = (
        'variable "plain" {\n  type = string\n}\n'
        'variable "many" {\n  type = map(list(number))\n  default = {}\n}\n'
        'variable "same" {\n  default = "as it is"\n}\n'
        'variable "pw" {\n  type = string\n  sensitive = true\n}\n'
        'variable "unset" {\n  type = string\n}\n'
        'variable "holds" {\n  type = string\n}\n'
    )
    uses = shell("echo ${var.plain} ${var.unset}", "echo ${var.holds}")
    target = tmp_path / "made.pkrvars.hcl"
    inputs = VariableInputs(
        {}, (), ["plain=a ${b}", "many={x = [1, 2.5]}", "pw=hunter2", "holds=http://hunter2@x"]
    )
    found = Told().build("shell")
    exported = await found.export(
        template(uses, head=head), ExportOptions(inputs=inputs, variables=target)
    )
    assert exported.problems == ()
    lines = exported.variables[target].splitlines()
    assert lines[:4] == ['plain = "a $${b}"', "many = {", "  x = [1, 2.5]", "}"]
    assert [line.split(":")[0] for line in lines[4:]] == ["# pw", "# unset", "# holds"]
    assert "hunter2" not in exported.variables[target]
    (tmp_path / "t").mkdir()
    save_export(exported, tmp_path / "t" / "t.pkr.hcl")
    assert target.read_text() == exported.variables[target]
