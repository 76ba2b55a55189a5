"""A folder of files as one template: one outline, one undo, each file saved for itself."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from oxtui.settings import load
from screens.builds import Job
from screens.compose.known import RUN_VALUE
from screens.compose.lookup_dialog import LookupDialog
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.places import Place
from screens.widgets.text_line import TextLine
from tests.screens.compose.folder import FILES, with_folder
from tests.screens.compose.stage import (
    compose_of,
    composing,
    composing_until_asked,
    do,
    field_text,
    settled,
    type_in,
    with_template,
)
from tests.screens.conftest import TakePicture
from tests.screens.driving import app_of, in_front, loaded, press, running, services, until


def texts(pilot: Pilot[int]) -> dict[str, str]:
    """The files as they are now, by their names without folder."""
    bench = compose_of(pilot).bench
    assert bench is not None
    return {Path(name).name: text for name, text in bench.reading.texts.items()}


def templates() -> dict[str, str]:
    """The files of the folder that are template."""
    return {name: text for name, text in FILES.items() if name.endswith(".pkr.hcl")}


async def choose(pilot: Pilot[int], id_: str) -> None:
    """Select a part of the outline."""
    compose_of(pilot).outline.select(id_)
    await settled(pilot)


async def test_all_files_are_one_template_and_what_they_say_holds_for_each_other(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        assert texts(pilot) == templates()
        assert screen.errors == [], "variables, locals and the .auto.pkrvars file are found"
        assert screen.plan.file == str(folder)
        assert screen.part is not None
        assert screen.part.kind == "source"
        assert Path(screen.shown_file).name == "base.pkr.hcl"
        await choose(pilot, "build.0.provisioner.0")
        assert Path(screen.shown_file).name == "build.pkr.hcl"
        assert screen.view.border_title == "build.pkr.hcl"


@pytest.mark.slow
async def test_undo_and_redo_go_through_form_and_text_of_two_files_in_their_order(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        states = [texts(pilot)]

        async def step(*keys: str) -> None:
            await do(pilot, *keys)
            assert texts(pilot) != states[-1]
            states.append(texts(pilot))

        screen.focus_row("memory")
        await step("enter", *"4", "space", *"GiB", "enter")
        await choose(pilot, "variable.cpus")
        screen.focus_row("default")
        await step("enter", "backspace", "8", "enter")
        await choose(pilot, "build.0.provisioner.1")
        await do(pilot, "f2")
        assert screen.editor.text == texts(pilot)["build.pkr.hcl"]
        assert screen.editor.border_title == "build.pkr.hcl"
        await step(*"# t")
        await do(pilot, "f2")
        await choose(pilot, "source.oxide-instance.web")
        screen.focus_row("cpus")
        await step("delete")
        changed = [
            {name for name in after if after[name] != before[name]}
            for before, after in itertools.pairwise(states)
        ]
        one, two, three = "base.pkr.hcl", "variables.pkr.hcl", "build.pkr.hcl"
        assert changed == [{one}, {two}, {three}, {one}]

        for state, file in zip(reversed(states[:-1]), (one, three, two, one), strict=True):
            await do(pilot, "ctrl+z")
            assert texts(pilot) == state
            assert Path(screen.file).name == file, "what was taken back is looked at"
        assert states[0] == templates()
        assert screen.bench is not None
        assert screen.bench.is_saved
        for state in states[1:]:
            await do(pilot, "ctrl+y")
            assert texts(pilot) == state


@pytest.mark.slow
async def test_in_the_text_undo_of_another_file_shows_that_file(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("memory")
        await do(pilot, "enter", *"4", "space", *"GiB", "enter")
        await choose(pilot, "variable.greeting")
        await do(pilot, "f2", "ctrl+home", "#", "enter")
        await do(pilot, "ctrl+z")
        while texts(pilot)["variables.pkr.hcl"] != FILES["variables.pkr.hcl"]:
            await do(pilot, "ctrl+z")
        assert screen.editor.text == FILES["variables.pkr.hcl"]
        await do(pilot, "ctrl+z")
        assert texts(pilot) == templates()
        assert screen.editor.text == FILES["base.pkr.hcl"]
        await do(pilot, "#")
        assert texts(pilot)["variables.pkr.hcl"] == FILES["variables.pkr.hcl"]
        assert "#" in texts(pilot)["base.pkr.hcl"].replace("# everybody's", "")


@pytest.mark.slow
async def test_new_blocks_go_where_their_kind_stands(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        await press(pilot, "escape", "v")
        await until(pilot, lambda: pilot.app.screen.query("FormDialog Input:focus"))
        await do(pilot, *"fresh", "enter")
        assert 'variable "fresh"' in texts(pilot)["variables.pkr.hcl"]
        await choose(pilot, "source.oxide-instance.web")
        await press(pilot, "escape", "a")
        await in_front(pilot, ChoiceDialog)
        await type_in(pilot, "sleep")
        await do(pilot, "enter")
        assert 'provisioner "sleep"' in texts(pilot)["build.pkr.hcl"]
        assert compose_of(pilot).outline.selected == "build.0.provisioner.2"


async def test_a_secret_that_becomes_a_variable_changes_two_files_as_one(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    base = FILES["base.pkr.hcl"].replace("  cpus ", '  ssh_password = "hush"\n  cpus ')
    folder = with_folder(tmp_path, base=base)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        await choose(pilot, "source.oxide-instance.web ssh")
        screen.focus_row("ssh_password")
        await do(pilot, "h")
        assert "ssh_password" in texts(pilot)["variables.pkr.hcl"]
        assert "hush" not in "".join(texts(pilot).values())
        assert field_text(pilot, "ssh_password") == "var.ssh_password"
        await do(pilot, "ctrl+z")
        assert texts(pilot) == {**templates(), "base.pkr.hcl": base}


@pytest.mark.slow
async def test_each_changed_file_is_saved_unless_another_program_changed_it(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("memory")
        await do(pilot, "enter", *"4", "space", *"GiB", "enter")
        await choose(pilot, "variable.cpus")
        screen.focus_row("default")
        await do(pilot, "enter", "backspace", "8", "enter")
        assert screen.plan.state == "unsaved"
        assert "base.pkr.hcl" in screen.unsaved()
        assert "variables.pkr.hcl" in screen.unsaved()
        stamp = (folder / "build.pkr.hcl").stat().st_mtime_ns
        (folder / "variables.pkr.hcl").write_text("# theirs\n")
        await press(pilot, "ctrl+s")
        await in_front(pilot, ConfirmDialog)
        await do(pilot, "escape")
        assert "memory" in (folder / "base.pkr.hcl").read_text()
        assert (folder / "variables.pkr.hcl").read_text() == "# theirs\n"
        assert (folder / "build.pkr.hcl").stat().st_mtime_ns == stamp
        assert "base.pkr.hcl" not in screen.unsaved()
        offers = {offer.action.id: offer for offer in app_of(pilot).offers(screen)}
        assert "stay where they are" in offers["compose.save-as"].reason


@pytest.mark.slow
async def test_drafts_of_all_unsaved_files_are_offered_together(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    drafts = load({"OXTUI_STATE_DIR": str(tmp_path / "state")}, {}).paths.state / "drafts"
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("memory")
        await do(pilot, "enter", *"4", "space", *"GiB", "enter")
        await choose(pilot, "variable.cpus")
        screen.focus_row("default")
        await do(pilot, "enter", "backspace", "8", "enter")
        wanted = texts(pilot)
    kept = list(drafts.glob("*.json"))
    assert len(kept) == 2
    for file in kept:
        draft = json.loads(file.read_text())
        file.write_text(json.dumps(draft | {"process": 2**22 + 1}))  # above every process id

    async with composing_until_asked(tmp_path, pictured_rack, folder) as pilot:
        await do(pilot, "enter")
        assert texts(pilot) == wanted
        await do(pilot, "ctrl+z")
        assert texts(pilot) == templates()
        await do(pilot, "ctrl+y", "ctrl+s")
        assert (folder / "variables.pkr.hcl").read_text() == wanted["variables.pkr.hcl"]
        assert list(drafts.glob("*.json")) == []


async def test_problems_name_their_file_and_lead_into_it(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    build = FILES["build.pkr.hcl"].replace("local.title", "local.titel")
    variables = FILES["variables.pkr.hcl"] + 'variable "cpus" {}\n'
    folder = with_folder(tmp_path, build=build, variables=variables)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        places = [(Path(each.file).name, each.line) for each in screen.errors]
        assert places == [("build.pkr.hcl", 7), ("variables.pkr.hcl", 14)]
        assert screen.errors[0].field == "content"
        assert "title" in screen.errors[0].text.replace("titel", "")
        await do(pilot, "p")
        assert "build.pkr.hcl:7" in screen.pane.render().plain
        await do(pilot, "enter")
        assert screen.form.row is screen.form.row_of("content")
        await do(pilot, "p", "p")
        assert Path(screen.shown_file).name == "variables.pkr.hcl"
        await do(pilot, "enter")
        assert Path(screen.file).name == "variables.pkr.hcl"


async def test_a_build_has_the_texts_as_they_are_shown(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        started: list[Job] = []
        monkeypatch.setattr(app_of(pilot), "start_build", started.append)
        screen = compose_of(pilot)
        screen.focus_row("memory")
        await do(pilot, "enter", *"4", "space", *"GiB", "enter")
        await do(pilot, "B")
        await until(pilot, lambda: started)
        (job,) = started
        assert job.name == str(folder)
        assert {Path(name).name: text for name, text in job.files.items()} == texts(pilot)
        assert "memory" not in (folder / "base.pkr.hcl").read_text()


async def test_a_template_is_opened_from_inside(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with_folder(tmp_path)
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await do(pilot, "escape", "o")
        dialog = pilot.app.screen
        assert isinstance(dialog, LookupDialog)
        await until(pilot, lambda: dialog._choices)
        listed = [choice.key for choice in dialog._choices]
        assert str(path) == listed[0], "what was opened lately"
        assert {"./", "site/", "web.pkr.hcl"} <= set(listed)
        await type_in(pilot, "sit")
        await until(pilot, lambda: [choice.key for choice in dialog._choices] == ["site/"])
        await press(pilot, "enter")
        await until(pilot, lambda: dialog._choices and dialog._choices[0].note.startswith("this"))
        assert "3 files" in dialog._choices[0].note
        inside = [choice.key.removeprefix("site/") for choice in dialog._choices[1:]]
        assert inside == list(templates()), "no variable files"
        await do(pilot, "enter")
        await until(pilot, lambda: texts(pilot) == templates())
        await settled(pilot)


async def test_a_path_that_is_typed_ahead_of_the_list_is_what_is_opened(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with_folder(tmp_path)
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await do(pilot, "escape", "o")
        dialog = pilot.app.screen
        assert isinstance(dialog, LookupDialog)
        await until(pilot, lambda: dialog._choices)
        dialog.query_one(TextLine).value = "site/"
        dialog.do_take()  # the list still is that of nothing typed
        await until(pilot, lambda: texts(pilot) == templates())
        await settled(pilot)


async def test_a_folder_is_named_on_the_command_line(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    async with running(services(tmp_path, *pictured_rack), template=folder) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: app_of(pilot).place_screen("compose"))
        await settled(pilot)
        assert texts(pilot) == templates()


async def test_a_folder_without_templates_is_not_opened(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    (tmp_path / "empty").mkdir()
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        before = texts(pilot)
        await app_of(pilot).go(Place("compose", ("file", str(tmp_path / "empty"))))
        await until(pilot, lambda: pilot.app.screen.query("Toast"))
        assert texts(pilot) == before


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_folder(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with_folder(tmp_path, build=FILES["build.pkr.hcl"].replace("local.title", "local.titel"))
    async with composing(tmp_path, pictured_rack, "file", "site", size=size) as pilot:
        await do(pilot, "escape")
        await picture(pilot, "outline")
        await choose(pilot, "variable.greeting")
        compose_of(pilot).focus_row(RUN_VALUE)
        await settled(pilot)
        await picture(pilot, "variable")
        await do(pilot, "p")
        await picture(pilot, "problem")
        await do(pilot, "enter", "f2")
        await picture(pilot, "text")


@pytest.mark.slow
async def test_a_variable_is_given_a_value_for_builds_from_here(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        started: list[Job] = []
        monkeypatch.setattr(app_of(pilot), "start_build", started.append)
        screen = compose_of(pilot)
        await choose(pilot, "variable.greeting")
        screen.focus_row(RUN_VALUE)
        await settled(pilot)
        row = screen.form.row
        assert row is not None
        assert "site.auto.pkrvars.hcl" in row.render().plain
        assert "○ file" in row.render().plain
        await do(pilot, "enter", *"good day", "enter")
        assert "● here" in row.render().plain
        assert texts(pilot) == templates(), "it is in no template"
        await choose(pilot, "local.title")
        assert "GOOD DAY" in screen.form.rows[-1].render().plain
        await do(pilot, "B")
        await until(pilot, lambda: started)
        assert started[0].values == ("greeting=good day",)

        await choose(pilot, "variable.cpus")
        screen.focus_row(RUN_VALUE)
        await do(pilot, "enter", *"lots", "enter")
        assert [(each.part, each.field) for each in screen.errors] == [("variable.cpus", RUN_VALUE)]
        assert screen.form.row is not None
        assert "✗ error" in screen.form.row.render().plain
        await do(pilot, "delete")
        assert screen.errors == []


@pytest.mark.slow
async def test_lines_of_locals_and_plugins_are_fields_and_are_deleted_alone(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        await choose(pilot, "local.title")
        screen.focus_row("title")
        await do(pilot, "=", *["backspace"] * 19, *"var.cpus", "enter")
        changed = FILES["variables.pkr.hcl"].replace("upper(var.greeting)", "var.cpus")
        assert texts(pilot) == {**templates(), "variables.pkr.hcl": changed}
        assert screen.known["local.title"].text == "2"
        await choose(pilot, "plugin.oxide")
        await do(pilot, "escape", "d")
        assert "oxidecomputer" not in texts(pilot)["base.pkr.hcl"]
        assert "required_plugins" in texts(pilot)["base.pkr.hcl"]
        await do(pilot, "ctrl+z", "ctrl+z")
        assert texts(pilot) == templates()


async def test_a_file_without_parts_is_listed_and_edited_as_text(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    folder = with_folder(tmp_path)
    (folder / "empty.pkr.hcl").write_text("")
    (folder / "more.pkr.json").write_text("{}")
    async with composing(tmp_path, pictured_rack, "file", str(folder)) as pilot:
        screen = compose_of(pilot)
        assert screen.errors == []
        await choose(pilot, f"file {folder / 'empty.pkr.hcl'}")
        await do(pilot, "f2", *"locals", "space", *"{}")
        assert texts(pilot)["empty.pkr.hcl"] == "locals {}"
        assert {**texts(pilot), "empty.pkr.hcl": ""} == {
            **templates(), "empty.pkr.hcl": "", "more.pkr.json": "{}",
        }  # fmt: skip


@pytest.mark.slow
async def test_a_variable_file_gives_values_until_it_is_chosen_again(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    file = Path("prod.pkrvars.hcl")
    file.write_text('greeting = "from prod"\n')
    async with composing(tmp_path, pictured_rack, "file", "site") as pilot:
        started: list[Job] = []
        monkeypatch.setattr(app_of(pilot), "start_build", started.append)
        screen = compose_of(pilot)

        async def choose_file() -> None:
            await press(pilot, "f")
            dialog = pilot.app.screen
            assert isinstance(dialog, LookupDialog)
            await type_in(pilot, "prod")
            await until(pilot, lambda: [each.key for each in dialog._choices] == [str(file)])
            await do(pilot, "enter")

        await choose_file()
        assert screen.known["var.greeting"].text == "from prod"
        assert "prod.pkrvars.hcl" in screen.known["var.greeting"].source
        await do(pilot, "B")
        await until(pilot, lambda: started)
        assert started[0].value_files == (file,)
        await choose_file()
        assert screen.known["var.greeting"].text == "hello"
