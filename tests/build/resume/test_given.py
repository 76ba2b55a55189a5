"""What a session was given is known again in another process, but for secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.resume.given import Given, given_of, read_given
from oxtui.build.selection import Selection
from oxtui.logs.redact import Redactor
from oxtui.template.load import parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.values import to_python
from oxtui.template.variables import VariableInputs

HCL = """
variable "text" { type = string }
variable "many" { type = map(list(number)) }
variable "loose" {}
variable "hidden" {
  type      = string
  sensitive = true
}
variable "usual" { default = "default" }
"""
LEGACY = """{
  "variables": {"text": null, "hidden": null, "usual": "default"},
  "sensitive-variables": ["hidden"],
  "builders": [{"type": "null", "communicator": "none"}]
}"""
VALUES = {"text": 'a "${b}" %{c} {{d}}\n\\', "many": "{a = [1, 2.5]}", "hidden": "hunter2hunter2"}


async def resolved(text: str, name: str, inputs: VariableInputs) -> Resolved:
    return await resolve(parse_template(text, name), inputs)


def plain(found: Resolved) -> dict[str, object]:
    """The values by name."""
    return {
        name: (each.value.type, to_python(each.value)) for name, each in found.variables.items()
    }


def given(found: Resolved, inputs: VariableInputs) -> Given:
    kept = given_of(found, inputs, Selection(only=["a*"]), name="t", folder=Path("/"))
    read = read_given(kept.written(Redactor(["hunter2hunter2"]).text))
    assert read is not None
    return read


async def test_values_of_every_type_come_back(tmp_path: Path) -> None:
    file = tmp_path / "loose.pkrvars.hcl"
    file.write_text('loose = ["x", {y = null}]')
    inputs = VariableInputs(
        {"PKR_VAR_text": VALUES["text"]}, [file],
        [f"many={VALUES['many']}", f"hidden={VALUES['hidden']}"],
    )  # fmt: skip
    first = await resolved(HCL, "t.pkr.hcl", inputs)
    kept = given(first, inputs)
    assert (kept.secrets, kept.only, kept.files) == ({"hidden": "cmd"}, ("a*",), (str(file),))
    assert set(kept.values) == {"text", "many", "loose"}
    path = tmp_path / kept.variables_name
    path.write_text(kept.variables_text)
    again = await resolved(
        HCL, "t.pkr.hcl", VariableInputs({}, [path], [f"hidden={VALUES['hidden']}"])
    )
    assert plain(again) == plain(first)


async def test_values_of_a_legacy_template_are_not_evaluated_twice(tmp_path: Path) -> None:
    text = VALUES["text"].replace("{{d}}", "{{`{{d}}`}}")
    inputs = VariableInputs({}, [], [f"text={text}", f"hidden={VALUES['hidden']}"])
    first = await resolved(LEGACY, "t.json", inputs)
    kept = given(first, inputs)
    assert (kept.values, kept.secrets) == ({"text": VALUES["text"]}, {"hidden": "cmd"})
    path = tmp_path / kept.variables_name
    path.write_text(kept.variables_text)
    again = await resolved(
        LEGACY, "t.json", VariableInputs({}, [path], [f"hidden={VALUES['hidden']}"])
    )
    assert plain(again) == plain(first)


async def test_a_value_that_holds_a_secret_is_not_kept() -> None:
    inputs = VariableInputs(
        {}, [], ["text=it is hunter2hunter2", "many={}", "loose=", "hidden=x1y"]
    )
    kept = given(await resolved(HCL, "t.pkr.hcl", inputs), inputs)
    assert set(kept.secrets) == {"text", "hidden"}
    assert set(kept.values) == {"many", "loose"}


@pytest.mark.parametrize(
    ("origin", "environ", "file", "assignments", "missing"),
    [
        ("cmd", {}, "", [], True),
        ("cmd", {"PKR_VAR_s": "x"}, "", [], True),
        ("cmd", {}, "", ["s=x"], False),
        ("env", {}, "", [], True),
        ("env", {"PKR_VAR_s": ""}, "", [], False),
        ("varfile", {}, "there.pkrvars.hcl", [], False),
        ("varfile", {}, "gone.pkrvars.hcl", [], True),
        ("varfile", {}, "gone.pkrvars.hcl", ["s=x"], False),
    ],
)
def test_a_secret_is_asked_for_where_nothing_gives_it(
    tmp_path: Path, origin: str, environ: dict[str, str], file: str, assignments: list[str],
    missing: bool,
) -> None:  # fmt: skip
    (tmp_path / "there.pkrvars.hcl").touch()
    files = (file,) if file else ()
    kept = Given(template="t", folder=str(tmp_path), files=files, secrets={"s": origin})
    assert kept.missing(environ, assignments) == (["s"] if missing else [])
