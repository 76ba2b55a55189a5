"""A step as text to edit, and back to options."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oxtui.build.editing import editable, edited
from oxtui.build.steps import Common, ProvisionerStep
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.protocols import Guest, ProvisionerSetting
from oxtui.logs.redact import Redactor
from oxtui.provisioners.file import FileOptions, FileProvisioner
from oxtui.provisioners.shell import ShellProvisioner
from oxtui.provisioners.shell.options import ShellOptions
from oxtui.provisioners.sleep import SleepOptions, SleepProvisioner
from oxtui.template.legacy.interpolate import Interpolation

SETTING = ProvisionerSetting("b", "t", Interpolation(datetime(2026, 1, 1, tzinfo=UTC)))
KINDS: dict[str, Any] = {
    "shell": (ShellProvisioner, ShellOptions),
    "file": (FileProvisioner, FileOptions),
    "sleep": (SleepProvisioner, SleepOptions),
}


def step(kind: str, options: Mapping[str, Any]) -> ProvisionerStep:
    provisioner, schema = KINDS[kind]
    made = schema(**options)
    plan = StepPlan(id="provision-1", kind="provision", title=f"1 {kind}")
    return ProvisionerStep(plan, provisioner, lambda build: made, Common(), SETTING)


def test_inline_commands_are_edited_as_lines() -> None:
    one = step("shell", {"inline": ["a", "b"]})
    text = editable(one, Guest(), Redactor())
    assert (text.language, text.text) == ("bash", "a\nb\n")
    assert edited(one, text, text.text) == {}
    assert edited(one, text, "a\n\nc\n") == {"inline": ["a", "", "c"]}


def test_a_script_file_is_edited_as_its_text_and_runs_in_its_place(tmp_path: Path) -> None:
    script = tmp_path / "s.sh"
    script.write_text("#!/bin/bash\nfalse\n")
    one = step("shell", {"script": str(script), "env": {"A": "1"}})
    text = editable(one, Guest(), Redactor())
    one.changes.update(edited(one, text, "#!/bin/bash\ntrue\n"))
    options = one.options(Guest())
    assert isinstance(options, ShellOptions)
    assert (options.inline, options.script, options.env) == (
        ["#!/bin/bash", "true"], "", {"A": "1"},
    )  # fmt: skip
    assert script.read_text() == "#!/bin/bash\nfalse\n"


def test_other_steps_are_edited_as_their_options_in_hcl() -> None:
    one = step("file", {"content": "x", "destination": "/a"})
    text = editable(one, Guest(), Redactor())
    assert text.language == "hcl"
    changes = edited(one, text, text.text.replace('"/a"', '"/b"'))
    one.changes.update(changes)
    assert one.options(Guest()).model_dump()["destination"] == "/b"


def test_an_option_taken_out_goes_back_to_its_default() -> None:
    one = step("file", {"content": "x", "destination": "/a", "generated": True})
    text = editable(one, Guest(), Redactor())
    without = "".join(line for line in text.text.splitlines(True) if "generated" not in line)
    assert edited(one, text, without)["generated"] is False


def test_durations_keep_their_unit() -> None:
    one = step("sleep", {"duration": "1m30s"})
    text = editable(one, Guest(), Redactor())
    assert text.text == 'duration = "90s"\n'
    assert edited(one, text, 'duration = "2m"\n') == {"duration": 120.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('destination = "/a', "edited step:1"),
        ('destinatio = "/a"', 'Did you mean "destination"?'),
        ('content = "x"', '"destination" is needed'),
    ],
)
def test_a_text_that_cannot_be_used_says_where_and_why(text: str, message: str) -> None:
    one = step("file", {"content": "x", "destination": "/a"})
    with pytest.raises(StepError) as caught:
        edited(one, editable(one, Guest(), Redactor()), text)
    assert message in str(caught.value)


def test_a_script_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="cannot be edited"):
        editable(step("shell", {"script": str(tmp_path / "gone.sh")}), Guest(), Redactor())


def test_secrets_are_not_shown_and_run_where_they_still_stand() -> None:
    redactor = Redactor(["hunter2", "sword\nfish"])
    one = step("shell", {"inline": ["a hunter2 <sensitive 1>", "b 'sword\nfish'", "c hunter2"]})
    text = editable(one, Guest(), redactor)
    assert text.text == "a <sensitive 3> <sensitive 1>\nb '<sensitive 2>'\nc <sensitive 3>\n"
    assert "hunter2" not in repr(text)
    assert edited(one, text, text.text) == {}
    changed = text.text.replace("c <sensitive 3>", "d <sensitive 7>")
    assert edited(one, text, changed) == {
        "inline": ["a hunter2 <sensitive 1>", "b 'sword", "fish'", "d <sensitive 7>"]
    }


def test_secrets_of_options_are_put_back() -> None:
    one = step("file", {"content": 'x "hun\\ter2"', "destination": "/a"})
    text = editable(one, Guest(), Redactor(['"hun\\ter2"']))
    assert "ter2" not in text.text
    changes = edited(one, text, text.text.replace('"/a"', '"/b"'))
    assert changes == {"content": 'x "hun\\ter2"', "destination": "/b"}
