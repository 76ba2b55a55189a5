"""Form and text as two views of one document; files, drafts and builds."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from textual import events

from oxtui.settings import load
from screens.builds import Job
from screens.compose.drafts import Drafts
from screens.compose.lookup_dialog import LookupDialog
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.places import Place
from tests.screens.compose.stage import (
    TEMPLATE,
    compose_of,
    composing,
    composing_until_asked,
    do,
    field_text,
    settled,
    shown_text,
    type_in,
    with_template,
)
from tests.screens.driving import app_of, in_front, loaded, press, running, services, until
from tests.screens.racks import NOW


@pytest.mark.slow
async def test_form_and_text_are_one_document_with_one_undo(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", "backspace", "4", "enter", "f2")
        assert screen.editor.has_focus
        assert screen.editor.text == shown_text(pilot)
        assert screen.editor.cursor_location[0] == 9, "at the field's line"
        await do(pilot, "end", "space", "#", "x")
        assert "cpus               = 4 #x" in shown_text(pilot)
        await do(pilot, "f2")
        assert field_text(pilot, "cpus") == "4"
        assert screen.form.row is not None
        assert screen.form.row.field.name == "cpus"
        while shown_text(pilot) != TEMPLATE:
            await do(pilot, "ctrl+z")
        await do(pilot, "ctrl+y")
        assert "= 4\n" in shown_text(pilot)
        await do(pilot, "f2")
        assert screen.editor.text == shown_text(pilot)
        await do(pilot, "ctrl+z")
        assert screen.editor.text == TEMPLATE


async def test_a_text_with_errors_keeps_its_form_and_says_where(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "f2", "end", "plus")
        assert [problem.line for problem in screen.errors] == [10]
        assert "1 error" not in screen.why_not_build()
        assert screen.why_not_build()
        await do(pilot, "backspace")
        assert screen.errors == []


@pytest.mark.slow
async def test_saving_keeps_line_breaks_and_asks_for_a_path_the_first_time(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = tmp_path / "web.pkr.hcl"
    path.write_bytes(TEMPLATE.replace("\n", "\r\n").encode())
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", "backspace", "8", "enter", "ctrl+s")
        wanted = TEMPLATE.replace("cpus               = 2", "cpus               = 8")
        assert path.read_bytes() == wanted.replace("\n", "\r\n").encode()
        assert screen.plan.state == "saved"

        await do(pilot, "f2", "end", "space", "#", "ctrl+s")
        assert b"= 8 #\r\n" in path.read_bytes()
        assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")

        await app_of(pilot).go(Place("compose", ("new",)))
        await settled(pilot)
        await press(pilot, "ctrl+s")
        await in_front(pilot, LookupDialog)
        await press(pilot, *["backspace"] * 30)
        await type_in(pilot, f"{tmp_path}/mine")
        await do(pilot, "enter")
        await until(pilot, lambda: screen.plan.state == "saved")
        assert (tmp_path / "mine.pkr.hcl").read_text() == shown_text(pilot)


async def test_a_file_that_another_program_changed_is_read_again_when_it_is_opened_again(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        theirs = path.read_text().replace("cpus               = 2", "cpus               = 5")
        path.write_text(theirs)
        await app_of(pilot).go(Place("compose", ("file", str(path))))
        await until(pilot, lambda: shown_text(pilot) == theirs)
        screen.focus_row("cpus")
        await do(pilot, "enter", "backspace", "8", "enter")
        mine = shown_text(pilot)
        path.write_text(theirs + "# more\n")
        await app_of(pilot).go(Place("compose", ("file", str(path))))
        told = app_of(pilot)._notifications
        await until(pilot, lambda: any("asks first" in each.message for each in told))
        await settled(pilot)
        assert shown_text(pilot) == mine


async def test_a_file_that_another_program_changed_is_not_overwritten_silently(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", "backspace", "8", "enter")
        path.write_text("# mine\n")
        await press(pilot, "ctrl+s")
        await in_front(pilot, ConfirmDialog)
        await do(pilot, "escape")
        assert path.read_text() == "# mine\n"


async def test_leaving_with_unsaved_changes_asks(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", "backspace", "8", "enter")
        await press(pilot, "ctrl+q")
        assert isinstance(pilot.app.screen, ConfirmDialog)
        await press(pilot, "escape")

        await app_of(pilot).go(Place("compose", ("new",)))
        await in_front(pilot, ChoiceDialog)
        await do(pilot, "escape")
        assert "cpus               = 8" in shown_text(pilot)

        await app_of(pilot).go(Place("compose", ("new",)))
        await until(pilot, lambda: pilot.app.focused and isinstance(pilot.app.screen, ChoiceDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: "cpus" not in shown_text(pilot))
        await settled(pilot)
        assert "cpus               = 8" in path.read_text()


@pytest.mark.slow
async def test_what_a_crash_left_unsaved_is_offered_again(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    environ = {"OXTUI_STATE_DIR": str(tmp_path / "state")}
    state = load(environ, {}).paths.state
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        compose_of(pilot).focus_row("cpus")
        await do(pilot, "enter", "backspace", "8", "enter")
    (kept,) = (state / "drafts").glob("*.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    draft = json.loads(kept.read_text())
    assert "cpus               = 8" in draft["text"]
    assert Drafts(state).left(path) is None, "its process lives: it is that process's own"
    kept.write_text(json.dumps(draft | {"process": 2**22 + 1}))  # above every process id

    async with composing_until_asked(tmp_path, pictured_rack, path) as pilot:
        await do(pilot, "enter")
        assert "cpus               = 8" in shown_text(pilot)
        assert path.read_text() == TEMPLATE
        await do(pilot, "ctrl+s")
        assert "cpus               = 8" in path.read_text()
        assert list((state / "drafts").glob("*.json")) == []


async def test_a_build_starts_when_nothing_is_wrong(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        started: list[Job] = []
        monkeypatch.setattr(app_of(pilot), "start_build", started.append)
        screen = compose_of(pilot)
        screen.focus_row("cpus")
        await do(pilot, "enter", *"999", "enter", "B")
        assert started == []
        await press(pilot, "ctrl+z")
        await do(pilot, "B")
        await until(pilot, lambda: started)
        (job,) = started
        assert (job.name, job.text) == (str(path), TEMPLATE)


async def test_a_template_for_another_rack_is_told_in_red_and_asked_about(
    tmp_path: Path, pictured_rack: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = TEMPLATE.replace(
        "  cpus ", '  host = "https://other.example"\n  token = "oxide-token-1"\n  cpus '
    )
    path = await with_template(tmp_path, other)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        started: list[Job] = []
        monkeypatch.setattr(app_of(pilot), "start_build", started.append)
        screen = compose_of(pilot)
        assert screen.racks.whole.other
        assert "other.example" in screen.plan.rack.text
        assert "oxide-token-1" not in pilot.app.export_screenshot()
        await press(pilot, "B")
        await in_front(pilot, ConfirmDialog)
        await press(pilot, *"there", "enter")
        await until(pilot, lambda: started)


async def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    async with composing(tmp_path, pictured_rack) as pilot:
        text = shown_text(pilot)
        await app_of(pilot).go(Place("compose", ("file", str(tmp_path / "gone.pkr.hcl"))))
        await until(pilot, lambda: pilot.app.screen.query("Toast"))
        assert shown_text(pilot) == text


async def test_a_restored_draft_without_a_file_is_kept_until_it_is_saved(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    state = tmp_path / "state"
    Drafts(state).keep("untitled-1", None, TEMPLATE, NOW.timestamp())
    (kept,) = (state / "drafts").glob("*.json")
    draft = json.loads(kept.read_text())
    kept.write_text(json.dumps(draft | {"process": 2**22 + 1}))  # above every process id

    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "n")  # also where another template is wanted: nothing is forgotten
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog) and pilot.app.focused)
        await do(pilot, "enter")
        assert shown_text(pilot) == TEMPLATE
        (again,) = (state / "drafts").glob("*.json")
        assert again != kept
        assert json.loads(again.read_text())["text"] == TEMPLATE
        assert compose_of(pilot).unsaved()
        await do(pilot, "ctrl+z")
        assert shown_text(pilot) != TEMPLATE
        await do(pilot, "ctrl+y")
        assert shown_text(pilot) == TEMPLATE


async def test_what_is_wrong_with_one_line_is_told_once(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path, TEMPLATE.replace('"ubuntu"', '"ubuntu'))
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        told = [(problem.line, problem.text) for problem in compose_of(pilot).errors]
        assert [text for _, text in told] == [
            'A quoted string ends on its line, but the closing quote (") is missing here. '
            "For a line break in it write \\n, or use a heredoc."
        ]
        assert all(text[0].isupper() for _, text in told)


async def test_a_problem_is_told_to_its_end(tmp_path: Path, pictured_rack: tuple[str, str]) -> None:
    path = await with_template(tmp_path, TEMPLATE.replace('"ubuntu"', '"ubuntu'))
    async with composing(tmp_path, pictured_rack, "file", str(path), size=(80, 24)) as pilot:
        screen = compose_of(pilot)
        (problem,) = screen.errors
        await do(pilot, "p")
        shown = " ".join(screen.pane.render().plain.split())
        assert shown.endswith(problem.text)
        assert screen.pane.size.height == screen.pane.render().plain.count("\n") + 1
        await do(pilot, "enter")
        assert screen.in_text
        assert screen.summary() == f"line 11: {problem.text}"
        assert "line 11: A quoted string" in screen.pane.render().plain
        await do(pilot, "up")
        assert "line 11" not in screen.pane.render().plain


async def test_ctrl_end_and_ctrl_home_go_to_the_ends_of_the_text(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        await do(pilot, "f2", "ctrl+end", *"# end")
        assert shown_text(pilot) == f"{TEMPLATE}# end"
        await do(pilot, "ctrl+home", "#")
        assert shown_text(pilot) == f"#{TEMPLATE}# end"


async def test_keys_typed_ahead_lead_to_a_problem_and_then_to_its_text(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await with_template(tmp_path, TEMPLATE.replace("cpus               = 2", "cpus = 0"))
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        await do(pilot, "p")
        for key in ("enter", "f2"):
            pilot.app.post_message(events.Key(key, None))
        await until(pilot, lambda: screen.in_text)
        await settled(pilot)
        line = screen.editor.cursor_location[0]
        assert screen.editor.document.get_line(line).strip() == "cpus = 0"
        await do(pilot, "f2")
        assert screen.form.row is screen.form.row_of("cpus")
