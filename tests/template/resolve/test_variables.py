"""Variables take their value where Packer takes it: default, environment, files, command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oxtui.logs.redact import Redactor
from oxtui.template.hcl.diagnostic import render
from oxtui.template.load import load_template, parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.values import is_known, to_python
from oxtui.template.variables import VariableInputs

BUILD = '\nsource "null" "a" {}\nbuild { sources = ["null.a"] }\n'


async def resolved(text: str, **inputs: Any) -> Resolved:
    return await resolve(parse_template(text + BUILD, "x.pkr.hcl"), VariableInputs(**inputs))


def problems(found: Resolved) -> list[str]:
    return [problem.summary for problem in found.diagnostics]


def value(found: Resolved, name: str) -> object:
    return to_python(found.variables[name].value)


async def test_later_kinds_win_over_earlier_ones(tmp_path: Path) -> None:
    (tmp_path / "x.pkr.hcl").write_text(
        "variables {\n" + "".join(f'  v{n} = "default"\n' for n in range(7)) + "}\n" + BUILD
    )
    (tmp_path / "a.auto.pkrvars.json").write_text(
        '{"v2": "auto json", "v3": "auto json", "v4": "auto json", "v5": "auto json", "v6": "auto json"}'
    )
    (tmp_path / "b.auto.pkrvars.hcl").write_text('v1 = "auto hcl"\nv2 = "auto hcl"\n')
    (tmp_path / "one.pkrvars.hcl").write_text('v4 = "one"\nv5 = "one"\nv6 = "one"\n')
    (tmp_path / "two.pkrvars.json").write_text('{"v5": "two", "v6": "two"}')
    environ = {f"PKR_VAR_v{n}": "env" for n in range(1, 7)} | {"v0": "not this", "PKR_VAR_no": "x"}
    found = await resolve(
        load_template(tmp_path),
        VariableInputs(
            environ=environ,
            files=[tmp_path / "one.pkrvars.hcl", tmp_path / "two.pkrvars.json"],
            assignments=["v6=first", "v6=last"],
        ),
    )
    assert problems(found) == []
    assert [value(found, f"v{n}") for n in range(7)] == [
        "default",
        "auto hcl",
        "auto json",
        "auto json",
        "one",
        "two",
        "last",
    ]
    assert [found.variables[f"v{n}"].origin for n in (0, 3, 6)] == ["default", "varfile", "cmd"]


@pytest.mark.parametrize(
    ("declaration", "text", "expected"),
    [
        ("", "a,b", "a,b"),
        ("", '"x"', '"x"'),
        ("type = string", "7", "7"),
        ("type = number", "7", 7),
        ("default = 1", "7", 7),
        ('default = "x"', "[1]", "[1]"),
        ("type = bool", "true", True),
        ("type = list(string)", '["a", 1]', ["a", "1"]),
        ("type = map(number)", '{a = "1"}', {"a": 1}),
        ("default = [1]", "[2]", [2]),
        ("type = any", "[1]", "[1]"),
        ("type = object({a = string, b = optional(number, 3)})", '{a = "x"}', {"a": "x", "b": 3}),
    ],
)
async def test_text_is_taken_literally_or_as_an_expression_by_type(
    declaration: str, text: str, expected: object
) -> None:
    for given in ({"assignments": [f"v={text}"]}, {"environ": {"PKR_VAR_v": text}}):
        found = await resolved(f'variable "v" {{ {declaration} }}\n', **given)
        assert problems(found) == []
        assert value(found, "v") == expected


@pytest.mark.parametrize(
    ("declaration", "text"),
    [
        ("type = bool", "1"),
        ("type = bool", "yes"),
        ("type = number", "many"),
        ("type = list(string)", "a,b"),
        ("type = list(number)", '["a"]'),
        ("type = map(string)", "{"),
    ],
)
async def test_text_that_does_not_fit_its_type_is_an_error(declaration: str, text: str) -> None:
    found = await resolved(f'variable "v" {{ {declaration} }}\n', assignments=[f"v={text}"])
    assert len(found.diagnostics) >= 1
    assert "-var v" in str(found.diagnostics[0])
    assert not is_known(found.variables["v"].value)


async def test_a_secret_that_does_not_fit_is_not_shown() -> None:
    declaration = 'variable "v" {\n  type = list(string)\n  sensitive = true\n}\n'
    for text in ("hunter2", "{", '"hunter2"', "hunter2 +"):
        found = await resolved(declaration, assignments=[f"v={text}"])
        shown = "".join(
            str(problem) + (problem.file.text if problem.file else "")
            for problem in found.diagnostics
        )
        assert found.has_errors
        assert "hunter2" not in shown.replace(declaration, "")


async def test_unset_unknown_and_malformed_inputs_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "v.hcl").write_text('variable "v" {}\nstray = 1\nbad = [\n')
    (tmp_path / "v.yaml").write_text("v: 1\n")
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "broken.json").write_text('{"v": ')
    names = ("v.hcl", "v.yaml", "list.json", "broken.json", "missing.hcl")
    found = await resolved(
        'variable "needed" {}\n',
        files=[tmp_path / name for name in names],
        assignments=["neded=1", "noequals"],
        warn_undeclared=True,
    )
    assert sorted(problems(found)) == [
        "Could not guess format of variable file",
        "Failed to read file",
        "Invalid -var option",
        "Invalid JSON",
        "Invalid variable file",
        "Missing expression",
        "Undefined -var variable",
        "Undefined variable",
        "Unset variable needed",
        "Variable declaration in a .pkrvars file",
    ]
    assert any('Did you mean "needed"?' in str(problem) for problem in found.diagnostics)


async def test_defaults_may_ask_the_environment_and_nothing_else() -> None:
    found = await resolved(
        'variable "a" { default = env("HOME_OF_TEST") }\nvariable "b" { default = env("NONE") }\n',
        environ={"HOME_OF_TEST": "/x"},
    )
    assert (value(found, "a"), value(found, "b")) == ("/x", "")
    for default in ('upper("x")', "var.a", "local.a", "timestamp()"):
        wrong = await resolved(f'variable "v" {{ default = {default} }}\n')
        assert wrong.has_errors
    outside = await resolved('locals { a = env("HOME") }\n')
    assert problems(outside) == ["Call to unknown function"]


RULE = """
variable "v" {{
  default = {default}
  validation {{
    condition     = {condition}
    error_message = "{message}"
  }}
}}
"""


@pytest.mark.parametrize(
    ("default", "condition", "message", "expected"),
    [
        ('"abc"', "length(var.v) == 3", "Three letters.", []),
        ('"ab"', "length(var.v) == 3", "Three letters.", ["Invalid value for default variable"]),
        ('"ab"', "length(var.v) == 3", "three letters.", ["Invalid validation error message"]),
        ('"ab"', "length(var.v) == 3", "No stop", ["Invalid validation error message"]),
        ('"ab"', '"nonsense"', "Bad.", ["Invalid variable validation result"]),
        ('"ab"', "var.w == 1", "Bad.", ["Invalid reference in variable validation"]),
        ('"ab"', 'can(regex("^a", var.v))', "Starts with a.", []),
    ],
)
async def test_validation_rules_are_checked(
    default: str, condition: str, message: str, expected: list[str]
) -> None:
    found = await resolved(RULE.format(default=default, condition=condition, message=message))
    assert problems(found) == expected


async def test_only_the_winning_value_is_validated_and_named_by_its_origin() -> None:
    text = RULE.format(default='"bad"', condition='var.v == "good"', message="Must be good.")
    assert problems(await resolved(text, assignments=["v=good"])) == []
    wrong = await resolved(text, assignments=["v=worse"])
    assert problems(wrong) == ["Invalid value for cmd variable"]
    assert "Must be good." in wrong.diagnostics[0].detail


async def test_a_default_must_fit_its_type_and_fills_in_what_is_optional() -> None:
    kind = 'map(object({ a = string, b = optional(list(string), ["x"]) }))'
    found = await resolved(
        f'variable "v" {{\n type = {kind}\n default = {{ k = {{ a = 1 }} }}\n}}\n'
    )
    assert value(found, "v") == {"k": {"a": "1", "b": ["x"]}}
    wrong = await resolved('variable "v" {\n type = number\n default = "x"\n}\n')
    assert problems(wrong) == ["Invalid default value"]


SECRET = 'variable "s" {\n  type = number\n  sensitive = true\n  default = "canary-default"\n}\n'


async def test_a_secret_is_hidden_also_where_another_value_wins_or_it_does_not_fit(
    tmp_path: Path,
) -> None:
    file = tmp_path / "x.pkrvars.hcl"
    file.write_text('s = "canary-file"\n')
    found = await resolved(
        SECRET, environ={"PKR_VAR_s": "canary-environ"}, files=[file], assignments=["s=canary-word"]
    )
    assert {f"canary-{each}" for each in ("default", "environ", "file", "word")} <= found.secrets()
    redactor = Redactor(found.secrets())
    assert "canary" not in "".join(redactor.text(render(each)) for each in found.diagnostics)
    assert found.has_errors


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.pkrvars.hcl", 's = "canary-file\n'),
        ("x.pkrvars.hcl", "s = canary-file\n"),
        ("x.pkrvars.json", '{"s": "canary-file, '),
    ],
)
async def test_a_file_that_cannot_be_read_is_quoted_without_its_secrets(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    found = await resolved(SECRET, files=[tmp_path / name])
    redactor = Redactor(found.secrets())
    assert found.has_errors
    assert "canary" not in "".join(redactor.text(render(each)) for each in found.diagnostics)
