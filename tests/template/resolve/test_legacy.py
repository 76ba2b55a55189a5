"""What a legacy template comes to: user variables, builds, and each component's options as Packer renders them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oxtui.component.decode import decode
from oxtui.component.options import Options, option
from oxtui.template.load import load_template, parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.values import from_python, to_python
from oxtui.template.variables import VariableInputs


class _Example(Options):
    text: str = option("", help="A text.")
    run: str = option("", help="Rendered by the component.", template=True)
    number: int = option(0, help="A number.")
    truth: bool = option(False, help="True or false.")
    items: list[str] = option(list, help="A list.")
    pairs: dict[str, str] = option(dict, help="A map.")


async def _resolved(data: dict[str, Any], inputs: VariableInputs | None = None) -> Resolved:
    data = {"builders": [{"type": "null"}], **data}
    return await resolve(parse_template(json.dumps(data), "t.json"), inputs or VariableInputs())


async def _options(given: dict[str, Any], **more: Any) -> Any:
    resolved = await _resolved({"provisioners": [{"type": "x", **given}], **more})
    assert [str(each) for each in resolved.diagnostics] == []
    made, problems = decode(resolved.builds[0].provisioners[0].evaluate(), _Example)
    assert [str(each) for each in problems] == []
    return made


def _values(resolved: Resolved) -> dict[str, Any]:
    return {name: to_python(each.value) for name, each in resolved.variables.items()}


async def test_user_variables_may_be_made_of_each_other_in_any_order() -> None:
    variables = {"c": "{{user `b`}}-c", "b": "{{ user `a` | upper }}-b", "a": "x{{env `WHO`}}"}
    inputs = VariableInputs({"WHO": "me", "PKR_VAR_a": "no"})
    resolved = await _resolved({"variables": variables}, inputs)
    assert resolved.diagnostics == []
    assert _values(resolved) == {"a": "xme", "b": "XME-b", "c": "XME-b-c"}


async def test_given_values_win_in_packers_order(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    first.write_text('{"a": "file 1", "b": "file 1", "extra": "e"}')
    second.write_text('{"b": "file 2"}')
    inputs = VariableInputs({}, (first, second), ("a=given {{user `b`}}", "unknown=1"))
    variables = {"a": "A", "b": "B", "c": "{{user `extra`}}{{user `unknown`}}"}
    resolved = await _resolved({"variables": variables}, inputs)
    assert resolved.diagnostics == []
    assert _values(resolved) == {"a": "given file 2", "b": "file 2", "c": "e1"}
    assert {n: v.origin for n, v in resolved.variables.items()} == {
        "a": "cmd", "b": "varfile", "c": "default",
    }  # fmt: skip
    assert resolved.variables["b"].where == str(second)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"must": None}, "Set it with -var 'must=…'"),
        ({"a": "{{user `b`}}", "b": "{{user `a`}}"}, "user variable b is not set"),
        ({"a": "{{user `nope`}}"}, "user variable nope is not set"),
        ({"a": "{{nofunc}}"}, "no function nofunc"),
        ({"a": "{{user"}, "cannot be evaluated"),
    ],
)
async def test_a_variable_without_a_value_is_told(variables: dict[str, Any], told: str) -> None:
    resolved = await _resolved({"variables": variables})
    assert any(told in each.detail for each in resolved.diagnostics)
    assert all(each.span is not None for each in resolved.diagnostics)


async def test_values_in_files_are_strings(tmp_path: Path) -> None:
    path = tmp_path / "v.json"
    path.write_text('{"a": 5}')
    resolved = await _resolved({"variables": {"a": "A"}}, VariableInputs({}, (path,)))
    [problem] = resolved.diagnostics
    assert problem.file is not None
    assert (problem.file.name, problem.line) == (str(path), 1)


async def test_sensitive_values_are_known_as_secrets() -> None:
    data = {"variables": {"pw": "{{user `b`}}!", "b": "s3cret"}, "sensitive-variables": ["pw"]}
    resolved = await _resolved(data, VariableInputs({}, (), ("pw=given-{{user `b`}}",)))
    assert {"given-s3cret"} <= resolved.secrets()
    assert "s3cret" not in resolved.secrets()


async def test_builds_are_named_as_packer_names_them() -> None:
    builders = [{"type": "null"}, {"type": "null", "name": "b-{{user `v`}}"}]
    provisioners = [
        {"type": "x", "only": ["null"]}, {"type": "y", "except": ["null"]},
        {"type": "z", "override": {"null": {"text": "o"}}},
    ]  # fmt: skip
    resolved = await _resolved(
        {"builders": builders, "provisioners": provisioners, "variables": {"v": "1"}}
    )
    assert resolved.diagnostics == []
    assert [build.name for build in resolved.builds] == ["null", "null.b-1"]
    assert [build.selector for build in resolved.builds] == ["null", "b-1"]
    kinds = [[each.type for each in build.provisioners] for build in resolved.builds]
    assert kinds == [["x", "z"], ["y", "z"]]
    overridden = [
        decode(build.provisioners[1].evaluate(), _Example)[0] for build in resolved.builds
    ]
    assert [made.text for made in overridden if made is not None] == ["o", ""]


async def test_strings_are_rendered_but_for_options_that_are_templates() -> None:
    given = {
        "text": "{{user `v`}} {{build_name}} {{build_type}} {{.Path}}", "run": "{{user `v`}} {{.Path}}",
        "items": ["{{upper `x`}}"], "pairs": {"{{user `v`}}": "{{user `nope`}}."},
    }  # fmt: skip
    made = await _options(given, variables={"v": "V"})
    assert made.text == "V null null <no value>"
    assert made.run == "{{user `v`}} {{.Path}}"
    assert made.items == ["X"]
    assert made.pairs == {"V": "."}


async def test_what_a_component_renders_itself_knows_the_user_variables() -> None:
    resolved = await _resolved(
        {"variables": {"v": "V"}, "builders": [{"type": "null", "name": "n"}]}
    )
    [build] = resolved.builds
    assert build.interpolation is not None
    text = "{{user `v`}} {{build_name}} {{.Path}} {{template_dir}}"
    assert build.interpolation.render(text, Path="/p") == f"V n /p {Path().resolve()}"


async def test_values_of_the_build_wait_for_it() -> None:
    resolved = await _resolved({"provisioners": [{"type": "x", "text": "{{build `Host`}}!"}]})
    body = resolved.builds[0].provisioners[0]
    planned, _ = decode(body.evaluate(), _Example)
    late, _ = decode(body.evaluate({"build": from_python({"Host": "10.0.0.1"})}), _Example)
    assert planned is not None
    assert late is not None
    assert (planned.text, late.text) == ("{{build `Host`}}!", "10.0.0.1!")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"number": "{{user `n`}}"}, {"number": 7}),
        ({"truth": "true"}, {"truth": True}),
        ({"truth": "0"}, {"truth": False}),
        ({"truth": 1}, {"truth": True}),
        ({"text": 5}, {"text": "5"}),
        ({"text": True}, {"text": "1"}),
        ({"items": "a,b"}, {"items": ["a", "b"]}),
        ({"items": ""}, {"items": []}),
        ({"items": [1, True]}, {"items": ["1", "1"]}),
        ({"items": 3}, {"items": ["3"]}),
    ],
)
async def test_values_are_taken_loosely(given: dict[str, Any], expected: dict[str, Any]) -> None:
    made = await _options(given, variables={"n": "7"})
    assert made.model_dump(include=set(expected)) == expected


async def test_common_options_are_rendered_too() -> None:
    given = {
        "type": "x",
        "pause_before": "{{user `n`}}s",
        "max_retries": "{{user `n`}}",
        "timeout": "1m",
    }
    resolved = await _resolved({"variables": {"n": "2"}, "provisioners": [given]})
    common = resolved.builds[0].provisioners[0].common
    assert (common.pause_before, common.max_retries, common.timeout) == (2.0, 2, 60.0)


async def test_env_is_for_variables_alone() -> None:
    resolved = await _resolved({"provisioners": [{"type": "x", "text": "{{env `HOME`}}"}]})
    _, [problem] = decode(resolved.builds[0].provisioners[0].evaluate(), _Example)
    assert "only in the values of variables" in problem.detail
    assert problem.span is not None


async def test_times_and_places_are_those_of_the_start() -> None:
    before = datetime.now(UTC)
    made = await _options({"text": "{{timestamp}} {{isotime `2006-01-02`}} {{pwd}}"})
    moment, day, folder = made.text.split(" ", 2)
    assert int(before.timestamp()) <= int(moment) <= int(datetime.now(UTC).timestamp())
    assert day in (before.strftime("%Y-%m-%d"), datetime.now(UTC).strftime("%Y-%m-%d"))
    assert folder == os.getcwd()


async def test_builds_with_all_that_is_done_to_them_are_bounded() -> None:
    builders = [{"type": "null", "name": f"b{number}"} for number in range(1000)]
    resolved = await _resolved({"builders": builders, "provisioners": [{"type": "x"}] * 1000})
    assert [each.summary for each in resolved.diagnostics] == ["Evaluation takes too long"]
    assert resolved.builds == []


async def test_user_variables_that_double_each_other_are_bounded() -> None:
    variables = {f"v{n}": f"{{{{user `v{n + 1}`}}}}" * 2 for n in range(64)} | {"v64": "x"}
    resolved = await _resolved({"variables": variables})
    assert any("more than 16,777,216 characters" in each.detail for each in resolved.diagnostics)


async def test_a_long_chain_of_user_variables_has_its_value() -> None:
    variables = {f"v{n}": f"{{{{user `v{n + 1}`}}}}" for n in range(1000)} | {"v1000": "x"}
    resolved = await _resolved({"variables": variables})
    assert resolved.diagnostics == []
    assert to_python(resolved.variables["v0"].value) == "x"


def test_a_file_of_another_suffix_is_legacy_if_it_is_json(tmp_path: Path) -> None:
    (tmp_path / "t").write_text('\n {"builders": [{"type": "null"}]}')
    assert load_template(tmp_path / "t").legacy is not None
    (tmp_path / "u.tf").write_text("resource {}")
    [problem] = load_template(tmp_path / "u.tf").diagnostics
    assert "no legacy template" in problem.detail


async def test_only_and_except_name_builders_as_these_are_written() -> None:
    """As in Packer, which compares them before it evaluates a builder's name."""
    resolved = await _resolved(
        {
            "variables": {"n": "name"},
            "builders": [{"type": "null", "name": "{{user `n`}}-1"}, {"type": "null"}],
            "provisioners": [
                {"type": "x", "only": ["{{user `n`}}-1"]},
                {"type": "y", "except": ["{{user `n`}}-1"]},
            ],
        }
    )
    assert {
        build.local_name: [each.type for each in build.provisioners] for build in resolved.builds
    } == {
        "name-1": ["x"],
        "null": ["y"],
    }
