"""An export never holds a secret: a sensitive variable without a value stands in its place."""

from __future__ import annotations

import pytest

from oxtui.export.exported import ExportError, ExportOptions
from oxtui.template.variables import VariableInputs
from tests.export.sessions import Told, added, shell, template

MARK = "<sensitive>"
STEP = shell("true")


def asked_for(text: str, name: str) -> bool:
    """Whether a text declares a sensitive variable of that name without a default."""
    block = text.partition(f'variable "{name}" {{')[2].partition("}")[0]
    return "sensitive" in block and "default" not in block


@pytest.mark.parametrize("default", [MARK, "not masked, because another value was given", "x"])
async def test_a_sensitive_variable_loses_its_default(default: str) -> None:
    head = (
        "# the password\n"
        f'variable "pw" {{\n  default   = "{default}" # secret\n  sensitive = true\n}}\n\n'
    )
    step = shell("true", more='environment_vars = ["PW=${var.pw}"]')
    exported = await Told().build("shell").export(template(step, head=head))
    assert exported.problems == ()
    assert asked_for(exported.text, "pw")
    assert "# the password" in exported.text
    assert f'"{default}"' not in exported.text
    assert default == MARK or f'"{default}"' not in exported.diff + exported.began
    assert any("pw" in note and "PKR_VAR_" in note for note in exported.notes)


@pytest.mark.parametrize("default", ['""', 'env("PW")', "null"])
async def test_a_default_that_is_no_secret_stays(default: str) -> None:
    head = f'variable "pw" {{\n  type      = string\n  default   = {default}\n  sensitive = true\n}}\n\n'
    exported = await Told().build("shell").export(template(STEP, head=head))
    assert exported.problems == ()
    assert f"default   = {default}\n" in exported.text


async def test_a_secret_number_leaves_a_mask_that_can_be_read() -> None:
    head = (
        f'variable "pin" {{\n  type      = number\n  default   = {MARK}\n  sensitive = true\n}}\n\n'
    )
    step = shell("true", more='environment_vars = ["PIN=${var.pin}"]')
    exported = await Told().build("shell").export(template(step, head=head))
    assert exported.problems == ()
    assert asked_for(exported.text, "pin")


async def test_each_of_several_masked_defaults_is_left_out() -> None:
    head = "".join(
        f'variable "{name}" {{\n  type = {kind}\n  sensitive = true\n  default = {MARK}\n}}\n'
        for name, kind in (("one", "string"), ("two", "string"), ("three", "number"))
    )
    head += f'variables {{\n  four = "{MARK}"\n  five = "{MARK}"\n}}\n'
    words = " ".join(f"${{var.{name}}}" for name in ("one", "two", "three", "four", "five"))
    exported = await Told().build("shell").export(template(shell(f"echo {words}"), head=head))
    assert exported.problems == ()
    assert all(asked_for(exported.text, name) for name in ("one", "two", "three", "four", "five"))
    assert MARK not in exported.text


async def test_a_variable_that_is_declared_twice_is_refused() -> None:
    head = f'variable "a" {{\n  default = "{MARK}"\n}}\n' * 2
    with pytest.raises(ExportError):
        await Told().build("shell").export(template(STEP, head=head))


async def test_options_that_are_secret_by_nature_become_variables() -> None:
    text = template(STEP, source='ssh_password = "hunter2"')
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert "hunter2" not in exported.text + exported.diff + exported.began
    assert "ssh_password = var.ssh_password\n" in exported.text
    assert asked_for(exported.text, "ssh_password")


async def test_a_secret_option_is_followed_to_where_its_value_stands() -> None:
    head = 'variable "pw" {\n  default = "hunter2"\n}\n\nlocals {\n  same = "x-hunter2"\n}\n\n'
    text = template(shell("echo ${local.same}"), head=head, source="ssh_password = var.pw")
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert "hunter2" not in exported.text + exported.diff + exported.began
    assert asked_for(exported.text, "pw")
    assert 'same = "x-${var.same}"' in exported.text


async def test_tokens_of_the_rack_are_known_wherever_they_stand() -> None:
    token = "oxide-token-0123456789abcdef"
    source = f'host = "https://rack.test"\n  token = "{token}"'
    exported = (
        await Told()
        .build("shell")
        .export(template(shell(f"OXIDE_TOKEN={token} oxide image list"), source=source))
    )
    assert exported.problems == ()
    assert token not in exported.text + exported.diff + exported.began
    assert "token = var.token\n" in exported.text
    assert "OXIDE_TOKEN=${var.oxide_token} oxide image list" in exported.text


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("DB_PASSWORD='<sensitive>' run", "db_password"),
        ("run --api-key=<sensitive>", "api_key"),
        ("mysql -p<sensitive>", "shell_secret"),
        ('{"key": "<sensitive>"}', "key"),
    ],
)
async def test_the_variable_is_named_for_what_the_secret_is_used_for(line: str, name: str) -> None:
    exported = await Told().build("shell").export(template(shell(line)))
    assert exported.problems == ()
    assert asked_for(exported.text, name)
    assert f"${{var.{name}}}" in exported.text


async def test_heredocs_maps_and_edits_are_searched_too() -> None:
    step = (
        '  provisioner "shell" {\n    env = {\n      API_KEY = "<sensitive>"\n    }\n'
        '    inline = [\n      "a",\n    ]\n  }'
    )
    heredoc = '  provisioner "file" {\n    content     = <<EOT\nkey = <sensitive>\nEOT\n    destination = "k"\n  }'
    told = Told().build("shell", "file").edit(1, {"inline": ["login <sensitive>"]})
    exported = await told.export(template(step, heredoc))
    assert exported.problems == ()
    assert MARK not in exported.text
    assert "API_KEY = var.api_key\n" in exported.text
    assert "\nkey = ${var.key}\n" in exported.text
    assert '"login ${var.shell_secret}"' in exported.text


async def test_names_that_are_taken_are_not_used_again() -> None:
    head = 'variable "ssh_password" {\n  default = "something else"\n}\n\n'
    text = template(STEP, head=head, source='ssh_password = "hunter2"')
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert "ssh_password = var.ssh_password_2\n" in exported.text


async def test_a_comment_may_keep_its_mask() -> None:
    exported = await Told().build("shell").export(template(STEP) + "# was <sensitive>\n")
    assert exported.problems == ()
    assert "# was <sensitive>\n" in exported.text
    assert not any("variable" in line for line in added(exported))


async def test_a_mask_where_no_variable_can_stand_is_a_problem() -> None:
    text = template(STEP).replace("sources = [", 'name = "x"\n  sources = [')
    text = text.replace('"source.oxide-instance.t"]', '"source.oxide-instance.<sensitive>"]')
    text = text.replace('"oxide-instance" "t"', '"oxide-instance" "<sensitive>"')
    told = Told().build("shell", name="x.oxide-instance.<sensitive>")
    exported = await told.export(text)
    assert exported.problems


@pytest.mark.parametrize("validated", [False, True])
async def test_a_line_that_stays_keeps_its_variable_though_the_secret_is_known(
    validated: bool,
) -> None:
    rule = (
        "  validation {\n    condition     = length(var.pw) == 4\n"
        '    error_message = "Four letters."\n  }\n'
    )
    head = f'variable "pw" {{\n  sensitive = true\n{rule if validated else ""}}}\n\n'
    text = template(shell("mysql -p${var.pw}", "false"), head=head)
    inputs = VariableInputs({"PKR_VAR_pw": "abcd"})
    told = Told().build("shell").edit(1, {"inline": ["mysql -p<sensitive>", "true"]})
    exported = await told.export(text, ExportOptions(inputs=inputs))
    assert "abcd" not in exported.text + exported.diff + "".join(exported.problems)
    if not validated:  # the rule refuses what stands for the secret, so nothing can be compared
        assert exported.problems == ()
        assert 'inline = ["mysql -p${var.pw}", "true"]' in exported.text


async def test_a_secret_that_is_given_is_found_in_the_text() -> None:
    head = 'variable "pw" {\n  sensitive = true\n}\n\n'
    text = template(shell("echo known-secret ${var.pw}"), head=head)
    inputs = VariableInputs({}, (), ["pw=known-secret"])
    exported = await Told().build("shell").export(text, ExportOptions(inputs=inputs))
    assert exported.problems == ()
    assert 'inline = ["echo ${var.shell_secret} ${var.pw}"]' in exported.text
    assert "known-secret" not in exported.diff
