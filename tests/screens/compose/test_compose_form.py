"""What an operator does in the form, against a rack in another process."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from screens.compose.lookup_dialog import LookupDialog
from screens.compose.script_dialog import ScriptDialog
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.form import FormDialog
from screens.places import Place
from tests.screens.compose.stage import (
    TEMPLATE,
    compose_of,
    composing,
    do,
    field_text,
    settled,
    shown_text,
    type_in,
    with_template,
)
from tests.screens.driving import app_of, browse_of, loaded, press, running, services, until


def changed_lines(before: str, after: str) -> list[str]:
    """The lines of a text that another one does not have."""
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


async def test_a_script_is_a_list_of_lines_or_one_text(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.outline.select("build.0.provisioner.1")
        await settled(pilot)
        screen.focus_row("inline")
        typed = field_text(pilot, "inline")
        await do(pilot, "t")
        assert changed_lines(TEMPLATE, shown_text(pilot)) == [
            "      <<-EOT", "        set -eu",
            '        for name in nginx curl; do echo "installing $name"; done', "      EOT",
        ]  # fmt: skip
        assert field_text(pilot, "inline") == typed
        assert screen.errors == []
        await do(pilot, "t")
        assert '["set -eu", "for name' in shown_text(pilot)
        assert field_text(pilot, "inline") == typed
        await press(pilot, "ctrl+z", "ctrl+z")
        await settled(pilot)
        assert shown_text(pilot) == TEMPLATE


async def test_an_image_of_browse_becomes_the_source(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        image = browse_of(pilot).model.current
        assert image is not None
        await press(pilot, "n")
        await until(pilot, lambda: app_of(pilot).place_screen("compose"))
        await settled(pilot)
        screen = compose_of(pilot)
        assert f'boot_disk_image_id = "{image.id}"' in shown_text(pilot)
        assert 'ssh_username       = "debian"' in shown_text(pilot)
        assert [problem.field for problem in screen.errors] == ["project"]
        assert screen.form.row is not None
        assert screen.form.row.field.name == "project"

        await press(pilot, "B")
        assert "project" in screen.why_not_build()

        await press(pilot, "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, LookupDialog)
        await until(pilot, lambda: len(dialog._choices) == 4)
        await type_in(pilot, "web")
        await do(pilot, "enter")
        assert 'project            = "web"' in shown_text(pilot)
        assert screen.why_not_build() == ""
        assert screen.form.row.answer.text.startswith("project has ")


@pytest.mark.slow
async def test_several_keys_are_chosen_one_after_another(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)

        async def choose(typed: str) -> str:
            """The first note of the list, and then choose."""
            screen.focus_row("ssh_public_keys")
            await press(pilot, "enter")
            dialog = pilot.app.screen
            assert isinstance(dialog, LookupDialog)
            await until(pilot, lambda: dialog._choices)
            await type_in(pilot, typed)
            notes = [each.note for each in dialog._choices if each.key == typed]
            await do(pilot, "enter")
            return "".join(notes)

        await choose("laptop")
        assert field_text(pilot, "ssh_public_keys") == "laptop"
        await choose("of-a-colleague")  # one that the rack does not list
        assert 'ssh_public_keys    = ["laptop", "of-a-colleague"]' in shown_text(pilot)
        assert (await choose("laptop")).startswith("● chosen: enter takes it away")
        assert field_text(pilot, "ssh_public_keys") == "of-a-colleague"
        await choose("of-a-colleague")
        assert "ssh_public_keys" not in shown_text(pilot)


async def test_a_field_changes_one_line_and_undo_brings_it_back(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", "backspace", "4")
        assert "cpus               = 4" in shown_text(pilot), "live, while it is typed"
        await do(pilot, "enter")
        assert changed_lines(TEMPLATE, shown_text(pilot)) == ["  cpus               = 4"]
        assert not screen.bench or not screen.bench.is_saved

        await do(pilot, "ctrl+z")
        assert shown_text(pilot) == TEMPLATE
        await do(pilot, "ctrl+y")
        assert "= 4" in shown_text(pilot)
        await do(pilot, "delete")
        assert "cpus" not in shown_text(pilot)
        assert screen.form.row is not None
        assert screen.form.row.field.name == "cpus"


async def test_esc_leaves_a_value_as_it_was(tmp_path: Path, pictured_rack: tuple[str, str]) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        compose_of(pilot).focus_row("cpus")
        await do(pilot, "enter", "7")
        assert "= 27" in shown_text(pilot)
        await do(pilot, "escape")
        assert shown_text(pilot) == TEMPLATE
        assert compose_of(pilot).form.row is not None


WRITTEN = (
    ("boot_disk_size", ("enter", *"32", "space", *"GiB", "enter"), "= 34359738368"),
    ("skip_create_image", ("enter",), "= true"),
    ("artifact_os", ("enter", *"var.greeting", "enter"), "= var.greeting"),
    ("hostname", ("enter", *"web-${var.greeting}", "enter"), '= "web-${var.greeting}"'),
    ("memory", ("=", *"2*1073741824", "enter"), "= 2 * 1073741824"),
    ("vpc", ("enter", *"prod", "enter"), '= "production"'),
)


@pytest.mark.slow
async def test_each_kind_of_field_is_written_in_its_way(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        for name, keys, written in WRITTEN:
            compose_of(pilot).focus_row(name)
            await pilot.pause()
            for key in keys:
                await pilot.press(key)
                if isinstance(pilot.app.screen, LookupDialog):
                    await until(pilot, lambda: _choices(pilot))
            await settled(pilot)
            lines = [line.split() for line in changed_lines(TEMPLATE, shown_text(pilot))]
            assert [" ".join(line) for line in lines] == [f"{name} {written}"]
            await do(pilot, "ctrl+z")
            assert shown_text(pilot) == TEMPLATE


async def test_a_wrong_value_is_told_while_it_is_typed_and_never_written(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("memory")
        await press(pilot, "enter", *"lots")
        assert screen.form.row is not None
        assert "20 GiB" in screen.form.row.wrong
        await press(pilot, "enter")
        assert screen.form.row.is_editing, "there is something to mend"
        await do(pilot, "escape")
        assert shown_text(pilot) == TEMPLATE


@pytest.mark.slow
async def test_the_builder_and_the_rack_say_what_is_wrong_at_the_field(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", "5", "5", "enter")
        assert [(each.field, each.line) for each in screen.errors] == [("cpus", 10)]
        assert "254" in screen.why_not_build()
        await do(pilot, "ctrl+z")
        assert screen.errors == []

        screen.focus_row("project")
        await do(pilot, "=", *["backspace"] * 3, *"nowhere", "enter")
        assert [each.field for each in screen.errors] == ["project"]
        assert "no project" in screen.errors[0].text
        await do(pilot, "ctrl+z")

        screen.focus_row("boot_disk_size")
        await do(pilot, "enter", "1", "space", *"GiB", "enter")
        assert [each.field for each in screen.errors] == ["boot_disk_size"]
        assert "smaller" in screen.errors[0].text

        await do(pilot, "ctrl+z")

        screen.focus_row("project")
        await do(pilot, "=", *["backspace"] * 3, *"lab", "enter", "down")
        await do(pilot, "=", *["backspace"] * 12, *"web-base", "enter")
        assert [each.field for each in screen.errors] == ["boot_disk_image_id"]

        screen.outline.focus()
        await do(pilot, "p", "enter")
        assert screen.form.row is not None
        assert screen.form.row.field.name == "boot_disk_image_id"


@pytest.mark.slow
async def test_provisioners_are_added_moved_switched_and_deleted(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)

        def kinds() -> list[str]:
            assert screen.bench is not None
            parts = screen.bench.reading.of_kind("provisioner")
            return [part.title if part.enabled else f"({part.title})" for part in parts]

        screen.outline.focus()
        screen.outline.select("build.0.provisioner.1")
        await do(pilot, "space")
        assert kinds() == ["file", "(shell)", "breakpoint"]
        assert "# the packages" in shown_text(pilot)
        assert "# oxtui: disabled" in shown_text(pilot)
        await do(pilot, "K")
        assert kinds() == ["(shell)", "file", "breakpoint"]
        assert screen.part is not None
        assert screen.part.title == "shell"
        await do(pilot, "space")
        assert kinds() == ["shell", "file", "breakpoint"]
        await do(pilot, "d")
        assert kinds() == ["file", "breakpoint"]
        await do(pilot, "ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
        assert shown_text(pilot) == TEMPLATE

        screen.outline.select("build.0.provisioner.1")
        await pilot.press("a", *"sleep", "enter")
        await settled(pilot)
        assert kinds() == ["file", "shell", "sleep", "breakpoint"]
        assert [each.field for each in screen.errors] == ["duration"]
        await do(pilot, "enter", *"10s", "enter")
        assert screen.errors == []


async def test_a_script_is_edited_in_an_editor_and_in_the_operators_own(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def edited(_app: object, text: str, language: str, _environment: object) -> str:
        assert language == "shell"
        return f"{text}\nuptime"

    monkeypatch.setattr("screens.editing.outside.edit_outside", edited)
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.outline.focus()
        screen.outline.select("build.0.provisioner.1")
        await pilot.pause()
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScriptDialog))
        area = pilot.app.screen.query_one(TextArea)
        await press(pilot, "enter", *"echo", "space", *"${HOME}", "f4")
        await until(pilot, lambda: area.text.endswith("uptime"))
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert changed_lines(TEMPLATE, shown_text(pilot)) == [
            '      "echo $${HOME}",',
            '      "uptime",',
        ]
        assert field_text(pilot, "inline").endswith("echo ${HOME}\nuptime")


async def test_the_address_of_an_options_page_is_copied(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        copied: list[str] = []
        monkeypatch.setattr(app_of(pilot), "copy", lambda text, what: copied.append(text))
        compose_of(pilot).focus_row("memory")
        await do(pilot, "D")
        compose_of(pilot).outline.select("source.oxide-instance.web ssh")
        await settled(pilot)
        compose_of(pilot).focus_row("ssh_timeout")
        await do(pilot, "D")
        assert [address.split("/packer/")[1] for address in copied] == [
            "integrations/oxidecomputer/oxide/latest/components/builder/instance",
            "docs/communicators/ssh",
        ]


@pytest.mark.slow
async def test_a_secret_goes_into_a_variable_and_is_never_drawn(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)

        def asked() -> bool:
            return isinstance(pilot.app.screen, ChoiceDialog) and bool(pilot.app.focused)

        screen.outline.select("source.oxide-instance.web ssh")
        await pilot.pause()
        screen.focus_row("ssh_password")
        await press(pilot, "enter", *"swordfish", "enter")
        await until(pilot, asked)
        assert "swordfish" not in pilot.app.export_screenshot()
        await do(pilot, "enter")
        assert "swordfish" not in shown_text(pilot)
        assert "ssh_password       = var.ssh_password" in shown_text(pilot)
        assert "sensitive = true" in shown_text(pilot)
        assert screen.errors == [], "its value is known for builds that are started here"
        assert screen.bench is not None
        assert screen.bench.values == {"ssh_password": "swordfish"}

        await do(pilot, "ctrl+z")
        assert shown_text(pilot) == TEMPLATE
        screen.focus_row("ssh_password")
        await press(pilot, "enter", *"swordfish", "enter")
        await until(pilot, asked)
        await do(pilot, "down", "enter")
        assert 'ssh_password       = "swordfish"' in shown_text(pilot)
        assert "swordfish" not in pilot.app.export_screenshot()


async def test_without_a_rack_values_are_written_freely(tmp_path: Path) -> None:
    path = await with_template(tmp_path)
    nowhere = ("http://127.0.0.1:9", "oxide-token-none")
    async with running(services(tmp_path, *nowhere)) as pilot:
        await app_of(pilot).go(_place(path))
        await settled(pilot)
        screen = compose_of(pilot)
        screen.focus_row("ip_pool")
        await press(pilot, "enter", *"pool-7")
        await do(pilot, "enter")
        assert 'ip_pool            = "pool-7"' in shown_text(pilot)
        assert screen.why_not_build().startswith("Connect to a rack")


def _choices(pilot: Pilot[int]) -> object:
    dialog = pilot.app.screen
    return isinstance(dialog, LookupDialog) and dialog._choices


def _place(path: Path) -> Place:
    return Place("compose", ("file", str(path)))


@pytest.mark.slow
async def test_a_variable_is_declared_and_given_a_value_for_builds_from_here(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.outline.focus()
        await press(pilot, "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog) and pilot.app.focused)
        await do(pilot, *"size", "enter")
        assert 'variable "size" {\n  type = string\n}' in shown_text(pilot)
        assert [(problem.part, problem.text) for problem in screen.errors] == [
            (
                "variable.size",
                "Variable size has no value: give it a default, or with g in the outline a value for "
                "builds from here.",
            )
        ]

        screen.outline.focus()
        await press(pilot, "g")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog) and pilot.app.focused)
        await do(pilot, *"large", "enter")
        assert screen.errors == []
        assert "large" not in shown_text(pilot)


@pytest.mark.slow
async def test_a_data_source_is_offered_names_of_images_and_not_their_ids(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    data = 'data "oxide-image" "base" {\n  name = "debian-12"\n}\n\n'
    path = await with_template(tmp_path, data + TEMPLATE)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        (part,) = screen.bench.reading.of_kind("data") if screen.bench else ()
        screen.outline.select(part.id)
        await settled(pilot)
        screen.focus_row("name")
        await do(pilot, "delete", "enter")
        await until(pilot, lambda: _choices(pilot))
        await type_in(pilot, "ubuntu-22")
        await do(pilot, "enter")
        assert shown_text(pilot).startswith(data.replace("debian-12", "ubuntu-22-04"))
        row = screen.form.row_of("name")
        assert row is not None
        assert "silo image" in row.answer.text


async def test_a_long_first_line_does_not_hide_how_many_more_there_are(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    content = "<<EOT\n" + "x" * 90 + "\n" + "more\n" * 199 + "EOT"
    path = await with_template(tmp_path, TEMPLATE.replace('"${var.greeting}\\n"', content))
    async with composing(tmp_path, pictured_rack, "file", str(path), size=(80, 24)) as pilot:
        screen = compose_of(pilot)
        screen.outline.select("build.0.provisioner.0")
        await screen.redraw()
        screen.focus_row("content")
        row = screen.form.row_of("content")
        assert row is not None
        await until(pilot, lambda: row.size.width > 60)
        assert "xxx…  +199 more ● set" in row.render().plain
