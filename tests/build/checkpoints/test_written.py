"""What a template's steps are made of: by value, by stand-in, by content of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.checkpoints.contents import Contents
from oxtui.build.checkpoints.digests import Digests
from oxtui.build.checkpoints.written import step_contents
from oxtui.build.plan import PlannedBuild, PlannedProvisioner
from oxtui.build.planner import make_plan
from oxtui.logs.redact import Redactor
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs
from tests.sessions import shell, template

DIGESTS = Digests(b"k" * 32)


async def planned(text: str, name: str = "t.pkr.hcl", **values: str) -> PlannedBuild:
    inputs = VariableInputs({}, (), [f"{name}={value}" for name, value in values.items()])
    planning = await make_plan(
        parse_template(text, name), inputs, name=name, text=text, folder=Path.cwd(), data=None
    )
    assert planning.plan is not None, planning.diagnostics
    return planning.plan.builds[0]


async def contents(
    text: str, *, digests: Digests = DIGESTS, folder: Path | None = None, **values: str
) -> list[Contents]:
    """Of each provisioner of a template."""

    def of(each: PlannedProvisioner) -> Contents:
        assert each.written is not None
        inputs = each.component.inputs(each.options)
        return step_contents(each.written, inputs, digests, Redactor(), folder or Path.cwd())

    return [of(each) for each in (await planned(text, **values)).provisioners]


async def parts(text: str, **values: str) -> dict[str, str]:
    """Of the first provisioner."""
    return dict((await contents(text, **values))[0].parts)


@pytest.mark.parametrize(
    "expression",
    [
        "timestamp()",
        "uuidv4()",
        'formatdate("YYYY", timestamp())',
        'legacy_isotime("2006-01-02T15:04:05.000000")',
        'bcrypt("word")',
        "local.when",
        "local.later",
        "build.ID",
        "build.Host",
        "build.SSHPublicKey",
    ],
)
async def test_values_that_change_with_each_run_count_by_their_expression(expression: str) -> None:
    local = 'locals {\n when = "x-${uuidv4()}"\n later = "${local.when}-y"\n}\n'

    def text(command: str, of: str = expression) -> str:
        block = f'provisioner "shell" {{\n inline = ["{command} ${{{of}}}"]\n}}'
        return local + template(block)

    same = await parts(text("echo"))
    assert same == await parts(text("echo"))
    assert same != await parts(text("touch"))
    assert same != await parts(text("echo", "build.Port"))


async def test_the_rest_of_such_a_value_counts_by_its_value() -> None:
    declared = 'variable "v" {\n default = "1"\n}\nlocals {\n name = "${var.v}-${timestamp()}"\n}\n'
    text = declared + template(shell("echo ${local.name}"))
    assert await parts(text, v="1") == await parts(text, v="1")
    assert await parts(text, v="1") != await parts(text, v="2")


async def test_a_value_is_the_same_however_it_is_written() -> None:
    declared = 'variable "v" {\n default = "a"\n}\n'
    one = await parts(declared + template(shell("echo ${var.v}")))
    other = await parts(declared + template(f"# a comment\n{shell('echo a', more='# more')}"))
    assert one == other


@pytest.mark.parametrize(
    "more",
    ["pause_before = \"1s\"", "max_retries = 3", "timeout = \"9m\"", "pause_after = \"1s\"",
     "start_retry_timeout = \"1m\""],
)  # fmt: skip
async def test_what_leaves_no_trace_on_the_disk_does_not_count(more: str) -> None:
    assert await parts(template(shell("true"))) == await parts(template(shell("true", more=more)))


@pytest.mark.parametrize(
    "more", ['env = { A = "1" }', 'remote_folder = "/srv"', "continue_on_error = true"]
)
async def test_what_may_leave_one_counts(more: str) -> None:
    assert await parts(template(shell("true"))) != await parts(template(shell("true", more=more)))


async def test_a_secret_counts_by_a_keyed_digest_and_only_it_does() -> None:
    declared = 'variable "w" {\n type = string\n sensitive = true\n}\n'
    text = declared + template(shell("true", more="env = { W = upper(var.w) }"))
    one = await parts(text, w="hush")
    other = dict((await contents(text, digests=Digests(b"o" * 32), w="hush"))[0].parts)
    assert one["env"].startswith("keyed:")
    assert {name for name in one if one[name] != other[name]} == {"env"}
    assert one["env"] != (await parts(text, w="other"))["env"]


async def test_files_count_by_content_wherever_they_lie(tmp_path: Path) -> None:
    def block(folder: Path) -> str:
        return template(
            f'provisioner "file" {{\n source = "{folder}/app.conf"\n destination = "/tmp/"\n}}'
        )

    found = []
    for name, text in (("one", "x"), ("two", "x"), ("three", "y")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "app.conf").write_text(text)
        found.append((await contents(block(folder), folder=folder))[0].parts)
    assert found[0] == found[1]
    assert {n for n in found[0] if found[0][n] != found[2][n]} == {"file app.conf"}


async def test_a_file_that_cannot_be_read_is_a_reason(tmp_path: Path) -> None:
    text = template(
        'provisioner "file" {\n source = "later"\n generated = true\n destination = "/tmp/x"\n}'
    )
    (found,) = await contents(text, folder=tmp_path)
    assert found.problem == "later cannot be read: No such file or directory"


async def test_directives_stand_right_above_the_block_and_mistakes_in_them_are_told() -> None:
    text = template(
        f'# oxtui: cache = false\n# why\n// oxtui: cache_ttl = "24h"\n{shell("true")}',
        f"# oxtui: cache = false\n\n{shell('true')}",
        f'# oxtui: cache_key = "2"\n{shell("true")}',
    )
    first, second, third = (await planned(text)).provisioners
    assert first.written is not None
    assert (first.written.directives.cache, first.written.directives.ttl) == (False, 86400.0)
    assert second.written is not None
    assert second.written.directives.cache is None
    found = await contents(text)
    assert set(found[2].parts) - set(found[1].parts) == {"cache_key"}
    assert third.written is not None

    wrong = template(
        f"# oxtui: cash = false\n{shell('true')}", f"# oxtui: cache = no\n{shell('true')}"
    )
    planning = await make_plan(
        parse_template(wrong, "t.pkr.hcl"), VariableInputs({}, (), []), name="t", text=wrong,
        folder=Path.cwd(), data=None,
    )  # fmt: skip
    told = [str(each) for each in planning.diagnostics]
    assert planning.plan is not None
    assert any('there is no "cash"' in each for each in told)
    assert any("cache is true or false" in each for each in told)


async def test_steps_that_leave_this_machine_or_change_nothing_are_told_apart() -> None:
    text = template(
        shell("true"), 'provisioner "shell-local" {\n inline = ["true"]\n}',
        'provisioner "breakpoint" {}',
        'provisioner "file" {\n direction = "download"\n source = "/x"\n destination = "x"\n}',
    )  # fmt: skip
    found = [each.inputs for each in await contents(text)]
    assert [bool(each.outside) for each in found] == [False, True, False, True]
    assert [each.changes_nothing for each in found] == [False, False, True, False]


async def test_files_that_are_templates_count_by_what_does_not_change(tmp_path: Path) -> None:
    (tmp_path / "motd.tpl").write_text("made ${timestamp()} for ${who} ${uuidv4()}\n")
    file = tmp_path / "motd.tpl"

    def text(who: str) -> str:
        made = f'locals {{\n motd = templatefile("{file}", {{ who = "{who}" }})\n}}\n'
        block = 'provisioner "file" {\n content = local.motd\n destination = "/etc/motd"\n}'
        return made + template(block)

    one = await parts(text("a"))
    assert one == await parts(text("a"))
    assert one != await parts(text("b"))
    file.write_text("another\n")
    assert one != await parts(text("a"))


LEGACY = """{
  "variables": {"stamp": "{{timestamp}}-{{uuid}}", "word": "x"},
  "builders": [{"type": "oxide-instance", "name": "t", "project": "web", "ssh_username": "u",
                "boot_disk_image_id": "i"}],
  "provisioners": [{"type": "shell", "inline": ["echo {{user `WHICH`}} {{uuid}} {{isotime}} {{build `ID`}}"]}]
}"""


async def test_legacy_templates_count_in_the_same_way() -> None:
    async def of(which: str, **values: str) -> dict[str, str]:
        build = await planned(LEGACY.replace("WHICH", which), "t.json", **values)
        (each,) = build.provisioners
        assert each.written is not None
        return each.written.parts(DIGESTS, Redactor())

    assert await of("stamp") == await of("stamp")
    assert await of("word") == await of("word")
    assert await of("word") != await of("stamp")
