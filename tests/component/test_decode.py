"""From text to options: what the operator is told, and where."""

from __future__ import annotations

from typing import Any

import pytest

from oxtui.builders.oxide.options import OxideInstanceOptions
from oxtui.component.decode import decode
from oxtui.component.options import Options, option_specs, parse_duration
from oxtui.provisioners.shell.options import ShellOptions
from oxtui.template.hcl.diagnostic import Diagnostic
from oxtui.template.load import parse_template
from oxtui.template.resolve import resolve
from oxtui.template.resolve.context import UNKNOWN
from oxtui.template.variables import VariableInputs

SOURCE = 'project = "web"\nboot_disk_image_id = "ubuntu"\nssh_username = "ubuntu"\n'


async def source(text: str) -> tuple[OxideInstanceOptions | None, list[Diagnostic]]:
    whole = (
        f'source "oxide-instance" "t" {{\n{text}\n}}\nbuild {{\nsources = ["oxide-instance.t"]\n}}'
    )
    resolved = await resolve(parse_template(whole, "t.pkr.hcl"), VariableInputs({}))
    return decode(resolved.builds[0].body.evaluate(), OxideInstanceOptions)


async def test_options_get_the_values_and_types_of_the_text() -> None:
    options, problems = await source(
        SOURCE
        + 'cpus = "4"\nmemory = 4 * 1073741824\nssh_timeout = "1m30s"\nssh_public_keys = ["a"]'
    )
    assert not problems
    assert options is not None
    assert (options.cpus, options.memory, options.ssh_timeout) == (4, 4 << 30, 90.0)
    assert options.ssh_public_keys == ["a"]
    assert "vpc" not in options.model_fields_set


@pytest.mark.parametrize(
    ("line", "summary", "detail", "column_of"),
    [
        ("cpu = 2", "Unsupported argument", 'Did you mean "cpus"?', "cpu"),
        ("cpus = 300", "Invalid value", "must be at most 254", "300"),
        ("cpus = true", "Incorrect attribute value type", '"cpus" must be a number', "true"),
        ('ssh_timeout = "soon"', "Invalid value", '"soon" is no duration', '"soon"'),
        ("memory = 5", "Invalid configuration", "Memory", ""),
        ('name = "a-{{timestamp"', "Invalid template", '"name": At line 1, column 3', '"a-{{'),
        ('name = "{{tiemstamp}}"', "Invalid template", '"name": ', '"{{tiem'),
        ("disks {\n}", "Unsupported block type", '"disks" are not expected', "disks"),
    ],
)
async def test_what_is_wrong_is_told_at_its_place(
    line: str, summary: str, detail: str, column_of: str
) -> None:
    options, (problem, *more) = await source(SOURCE + line)
    assert (options, more) == (None, [])
    assert problem.summary == summary
    assert detail in problem.detail
    assert problem.file is not None
    assert problem.span is not None
    if column_of:
        text = problem.file.text[problem.span.start : problem.span.end]
        assert text.startswith(column_of)


@pytest.mark.parametrize("lines", [0, 1])
async def test_an_older_name_of_an_option_wins_wherever_it_stands(lines: int) -> None:
    given = ['ssh_timeout = "1m"', 'ssh_wait_timeout = "2m"']
    options, problems = await source(SOURCE + "\n".join(given[lines:] + given[:lines]))
    assert not problems
    assert options is not None
    assert options.ssh_timeout == 120.0


async def test_what_is_wrong_with_an_older_name_is_told_where_it_stands() -> None:
    _, (problem,) = await source(SOURCE + 'ssh_wait_timeout = "soon"')
    assert problem.file is not None
    assert problem.span is not None
    assert problem.file.text[problem.span.start : problem.span.end] == '"soon"'


async def test_a_function_of_a_builder_is_known_while_reading() -> None:
    _, problems = await source(SOURCE + 'name = "{{ clean_resource_name `A b` }}-{{ .Other }}"')
    assert problems == []


async def test_every_missing_option_is_told_at_once() -> None:
    options, problems = await source("")
    assert options is None
    told = [problem.detail for problem in problems]
    assert any('"project" is needed' in detail for detail in told)
    assert any('"boot_disk_image_id" is needed' in detail for detail in told)


async def test_values_that_only_the_build_knows_are_stood_in_for() -> None:
    whole = (
        f'source "oxide-instance" "t" {{\n{SOURCE}}}\nbuild {{\nsources = ["oxide-instance.t"]\n'
        'provisioner "shell" {\ninline = ["echo ${build.ID}"]\n}\n}'
    )
    resolved = await resolve(parse_template(whole, "t.pkr.hcl"), VariableInputs({}))
    options, problems = decode(resolved.builds[0].provisioners[0].evaluate(), ShellOptions)
    assert not problems
    assert options is not None
    assert options.inline == [UNKNOWN]


async def test_a_list_that_only_the_build_knows_does_not_hide_the_build() -> None:
    whole = (
        f'source "oxide-instance" "t" {{\n{SOURCE}}}\nbuild {{\nsources = ["oxide-instance.t"]\n'
        'provisioner "shell" {\nenvironment_vars = ["KEY=${build.SSHPublicKey}"]\ninline = ["a"]\n}\n}'
    )
    resolved = await resolve(parse_template(whole, "t.pkr.hcl"), VariableInputs({}))
    options, problems = decode(resolved.builds[0].provisioners[0].evaluate(), ShellOptions)
    assert problems == []
    assert options is not None
    assert options.inline == ["a"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("1h30m", 5400), ("1.5s", 1.5), ("100ms", 0.1), ("0", 0), (7, 7)],
)
def test_go_durations_are_read(text: Any, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "5", "5 m", "m", "5m3", "five"])
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        parse_duration(text)


@pytest.mark.parametrize("options", [OxideInstanceOptions, ShellOptions])
def test_every_option_explains_itself_in_a_sentence(options: type[Options]) -> None:
    for spec in option_specs(options):
        assert spec.help.endswith("."), spec.name
        assert spec.help[0].isupper() or spec.help[0] == "{", spec.name


def test_secrets_units_and_lookups_are_declared() -> None:
    specs = {spec.name: spec for spec in option_specs(OxideInstanceOptions)}
    assert specs["token"].secret
    assert specs["ssh_password"].secret
    assert specs["memory"].type == "bytes"
    assert specs["ssh_timeout"].type == "duration"
    assert specs["boot_disk_image_id"].lookup == "images"
    assert specs["ssh_public_keys"].items == "string"
    assert specs["temporary_key_pair_type"].choices == ("ed25519", "rsa", "ecdsa", "dsa")
