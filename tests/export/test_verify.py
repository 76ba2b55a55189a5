"""What does not read back as what the session ran is not handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.export import rewrite
from oxtui.export.draft import Draft
from oxtui.export.exported import ExportError, ExportOptions
from oxtui.export.second_reader import read_otherwise
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile
from oxtui.template.variables import VariableInputs
from tests.export.sessions import Told, shell, template

PROJECT = 'variable "project" {\n  type = string\n}\n\n'


async def test_a_value_that_a_variable_had_is_needed_again() -> None:
    head = 'variable "project" {\n  default = "other"\n}\n\n'
    text = template(shell("true"), head=head).replace('= "web"', "= var.project")
    exported = await Told().build("shell").export(text)
    assert 'ran with project "web", but the template gives "other"' in exported.problems[0]
    inputs = VariableInputs({}, (), ["project=web"])
    again = await Told().build("shell").export(text, ExportOptions(inputs=inputs))
    assert again.problems == ()
    assert "= var.project\n" in again.text


@pytest.mark.parametrize("kind", ["string", "number", "bool", "list(string)", "map(string)"])
async def test_a_variable_without_a_value_does_not_keep_from_exporting(kind: str) -> None:
    head = f'variable "x" {{\n  type = {kind}\n}}\n\n'
    exported = (
        await Told().build("shell").export(template(shell("echo ${jsonencode(var.x)}"), head=head))
    )
    assert exported.problems == ()
    assert f"type = {kind}" in exported.text


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["true"]', '["false"]', "provisioner 1 (shell): commands would be"),
        ('project            = "web"', 'project = "infra"', "project would be 'infra', not 'web'"),
        ('provisioner "shell" {\n    inline = ["true"]\n  }\n', "", "commands would be"),
        ('inline = ["sync"]', 'inline = ["sync", "reboot"]', "the provisioners would be"),
        ('inline = ["true"]', 'inline = ["true"]\n    max_retries = 2', "retries or pauses"),
        ('inline = ["true"]', 'inline = ["true"]\n    nonsense = 2', 'no option "nonsense"'),
    ],
)
async def test_every_difference_is_named(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str
) -> None:
    def spoil(draft: Draft) -> None:
        assert old in draft.document.text
        draft.document.replace_text(draft.document.text.replace(old, new))

    monkeypatch.setattr(rewrite, "require_plugins", spoil)
    exported = await Told().build("shell").export(template(shell("true")))
    assert any(told in problem for problem in exported.problems), exported.problems


async def test_edits_that_do_not_fit_are_refused() -> None:
    exported = await Told().build("shell").edit(1, {"bogus": 1}).export(template(shell("true")))
    assert exported.problems
    with pytest.raises(ExportError, match="cannot be read again"):
        await Told().build("shell").export("build {")


async def test_files_that_are_not_here_are_told_but_a_session_can_be_exported_anywhere() -> None:
    step = '  provisioner "file" {\n    source      = "gone.tar"\n    destination = "x"\n  }'
    exported = await Told().build("file").export(template(step))
    assert exported.problems == ()
    assert any("gone.tar" in note for note in exported.notes)


async def test_files_beside_the_template_are_told_where_the_export_goes_elsewhere(
    tmp_path: Path,
) -> None:
    step = '  provisioner "file" {\n    source      = "${path.root}/README.md"\n    destination = "x"\n  }'
    here = await Told().build("file").export(template(step), ExportOptions(Path("o.pkr.hcl")))
    assert (here.problems, any("path.root" in n for n in here.notes)) == ((), False)
    there = await Told().build("file").export(template(step), ExportOptions(tmp_path / "o.pkr.hcl"))
    assert there.problems == ()
    assert any("path.root" in note for note in there.notes)


async def test_what_the_second_reader_cannot_read_is_told_and_no_failure() -> None:
    exported = await Told().build("shell").export(template(shell("echo $${")))
    assert exported.problems == ()
    assert any("Not verified by the second reader" in note for note in exported.notes)


def test_the_second_reader_sees_other_blocks() -> None:
    text = 'a "b" {\n  c = [{ d = 1 }]\n  e {\n  }\n}\n'
    body, _ = parse_body(SourceFile("x", text))
    assert read_otherwise(text, body) == ("", "")
    other, _ = parse_body(SourceFile("x", text.replace("e {", "f {")))
    assert "otherwise than oxtui" in read_otherwise(text, other)[0]
    deep = "a = " + "[" * 3000 + "]" * 3000 + "\n"
    assert read_otherwise(deep, body)[1] == "it is nested too deeply for it"


async def test_post_processors_and_cleanup_survive() -> None:
    text = template(shell("true")).rstrip().removesuffix("}")
    text += '\n  error-cleanup-provisioner "shell" {\n    inline = ["true"]\n  }\n}\n'
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert "error-cleanup-provisioner" in exported.text
