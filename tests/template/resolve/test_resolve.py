"""A template with its variables becomes builds, whose parts are evaluated when they are needed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.load import parse_template
from oxtui.template.resolve import DataSourceError, Resolved, resolve
from oxtui.template.values import Value, from_python, is_known, is_sensitive, to_python
from oxtui.template.variables import VariableInputs

if TYPE_CHECKING:
    from oxtui.template.component_body import ComponentBody, DecodedBody
    from oxtui.template.resolve import DataResolver

BUILD = '\nsource "null" "a" {}\nbuild { sources = ["null.a"] }\n'


async def resolved(text: str, ask: DataResolver | None = None, *assignments: str) -> Resolved:
    inputs = VariableInputs(assignments=assignments)
    return await resolve(parse_template(text, "x.pkr.hcl"), inputs, ask)


def problems(found: Resolved) -> list[str]:
    return [problem.summary for problem in found.diagnostics]


def plain(body: DecodedBody) -> dict[str, object]:
    assert list(body.diagnostics) == []
    return {name: to_python(a.value) for name, a in body.attributes.items() if is_known(a.value)}


async def test_locals_are_evaluated_in_any_order() -> None:
    found = await resolved(
        'locals {\n  c = "${local.b}!"\n  b = upper(local.a)\n  a = var.x\n}\nvariable "x" {}\n'
        + BUILD,
        None,
        "x=hi",
    )
    assert problems(found) == []
    assert {name: to_python(value) for name, value in found.locals.items()} == {
        "a": "hi",
        "b": "HI",
        "c": "HI!",
    }


async def test_circles_are_told_once_and_the_rest_has_values() -> None:
    found = await resolved(
        "locals {\n  a = local.b\n  b = [local.c]\n  c = local.a\n  d = local.d\n  e = 5\n"
        "  f = local.a\n}\n" + BUILD
    )
    assert problems(found) == ["Cycle in references", "Cycle in references"]
    assert "local.d → local.d" in found.diagnostics[1].detail
    assert to_python(found.locals["e"]) == 5
    assert not is_known(found.locals["f"])


async def test_a_long_chain_of_locals_is_evaluated() -> None:
    lines = "".join(f"  l{n} = local.l{n + 1} + 1\n" for n in range(2000))
    found = await resolved(f"locals {{\n{lines}  l2000 = 0\n}}\n" + BUILD)
    assert problems(found) == []
    assert to_python(found.locals["l0"]) == 2000


async def test_locals_that_double_without_end_are_an_error() -> None:
    lines = "".join(f'  l{n} = "${{local.l{n + 1}}}${{local.l{n + 1}}}"\n' for n in range(60))
    found = await resolved(f'locals {{\n{lines}  l60 = "x"\n}}\n' + BUILD)
    assert problems(found) == ["Value too large"]


async def test_data_sources_are_asked_side_by_side_and_feed_locals() -> None:
    both = asyncio.Barrier(2)
    asked: list[tuple[str, str, dict[str, object]]] = []

    async def ask(kind: str, name: str, body: DecodedBody) -> Value:
        asked.append((kind, name, plain(body)))
        if name in ("a", "b"):
            await both.wait()
        return from_python({"image_id": f"id-{name}"})

    found = await resolved(
        'data "oxide-image" "a" { name = local.n }\ndata "oxide-image" "b" { name = "b" }\n'
        'data "oxide-image" "c" { name = data.oxide-image.a.image_id }\n'
        'locals {\n  n = "one"\n  all = [data.oxide-image.c.image_id, data["oxide-image"].b.image_id]\n}\n'
        + BUILD,
        ask,
    )
    assert problems(found) == []
    assert sorted(name for _, name, _ in asked[:2]) == ["a", "b"]
    assert ("oxide-image", "a", {"name": "one"}) in asked
    assert asked[2] == ("oxide-image", "c", {"name": "id-a"})
    assert to_python(found.locals["all"]) == ["id-c", "id-b"]


async def test_data_without_a_resolver_or_with_a_failing_one_stays_unknown() -> None:
    text = 'data "http" "x" {\n  url = "http://x"\n}\nlocals { a = data.http.x.body }\n' + BUILD
    found = await resolved(text)
    assert problems(found) == []
    assert not is_known(found.locals["a"])

    async def fail(*_: object) -> Value:
        raise DataSourceError("http://x gave 404")

    failed = await resolved(text, fail)
    assert problems(failed) == ["Data source http.x failed"]
    assert (failed.diagnostics[0].line, failed.diagnostics[0].detail) == (1, "http://x gave 404")


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("locals { a = var.nosuch }", "Unsupported attribute"),
        ("locals { a = locl.b }", "Unknown variable"),
        ("locals { a = build.ID }", "Unknown variable"),
        ('data "a" "b" { c = 1 + true }', "Invalid operand"),
    ],
)
async def test_errors_of_locals_and_data_are_told(text: str, summary: str) -> None:
    assert problems(await resolved(text + "\n" + BUILD)) == [summary]


BUILDS = """
variable "names" { default = ["x", "y"] }
source "oxide-instance" "base" {
  project = source.name
  note    = "${build.ID} ${packer.version} ${path.root}"
}
source "null" "b" {}
build {
  name        = "web"
  description = "Both."
  sources     = ["source.oxide-instance.base", "null.b"]
  source "oxide-instance.base" {
    name = "second"
    more = build.name
  }
  provisioner "shell" {
    name         = "first"
    inline       = ["echo ${build.ID} ${source.type}"]
    only         = ["oxide-instance.base"]
    pause_before = "1m30s"
    timeout      = "500ms"
    max_retries  = 2
  }
  provisioner "shell" {
    except            = ["null.b"]
    continue_on_error = true
    inline            = ["a"]
    override = {
      second = { inline = ["b"], extra = 1 }
    }
  }
  dynamic "provisioner" {
    for_each = var.names
    labels   = ["file"]
    content {
      source = provisioner.value
      dynamic "part" {
        for_each = { a = 1, b = 2 }
        iterator = it
        content { key = "${it.key}${it.value}${provisioner.key}" }
      }
    }
  }
  error-cleanup-provisioner "shell" { inline = ["clean"] }
  post-processor "manifest" { keep_input_artifact = false }
  post-processors {
    post-processor "compress" { only = ["null.b"] }
    post-processor "checksum" { name = "sums" }
  }
}
"""


async def test_a_build_for_each_source_with_what_is_meant_for_it() -> None:
    found = await resolved(BUILDS)
    assert problems(found) == []
    first, second, third = found.builds
    assert [build.name for build in found.builds] == [
        "web.oxide-instance.base",
        "web.null.b",
        "web.oxide-instance.second",
    ]
    assert [build.source_name for build in found.builds] == ["base", "b", "base"]
    assert [len(build.provisioners) for build in found.builds] == [4, 2, 3]
    assert [[member.type for member in chain] for chain in first.post_processors] == [
        ["manifest"],
        ["checksum"],
    ]
    assert [[member.type for member in chain] for chain in second.post_processors] == [
        ["manifest"],
        ["compress", "checksum"],
    ]
    assert first.post_processors[0][0].common.keep_input_artifact is False
    assert first.post_processors[1][0].name == "sums"
    assert first.error_cleanup is not None
    assert third.description == "Both."


async def test_a_name_that_no_source_of_the_build_has_is_warned_of_once() -> None:
    text = BUILDS.replace('only         = ["oxide', 'only         = ["oxide-instance.bse", "oxide')
    found = await resolved(text)
    told = [problem for problem in found.diagnostics if not problem.is_error]
    assert {problem.summary for problem in told} == {"Unknown source"}
    assert told[0].detail.endswith('Did you mean "oxide-instance.base"?')
    assert len(set(told)) == 1


async def test_common_options_are_taken_out_of_the_body() -> None:
    build = (await resolved(BUILDS)).builds[0]
    shell = build.provisioners[0]
    assert (shell.common.name, shell.common.pause_before, shell.common.timeout) == (
        "first",
        90.0,
        0.5,
    )
    assert (shell.common.max_retries, shell.common.continue_on_error) == (2, False)
    assert build.provisioners[1].common.continue_on_error
    assert shell.attributes() == ["inline"]


async def test_build_values_are_known_only_when_it_runs() -> None:
    found = await resolved(BUILDS)
    first, _, third = found.builds
    shell = first.provisioners[0]
    assert not is_known(shell.evaluate().attributes["inline"].value)
    running = shell.evaluate({"build": from_python({"ID": "i-1"})})
    assert plain(running) == {"inline": ["echo i-1 oxide-instance"]}
    assert plain(third.body.evaluate()) == {"project": "second", "more": "web"}
    late = third.body.evaluate({"build": from_python({"ID": "i", "name": "web"})})
    assert plain(late)["note"] == "i 1.16.0 ."


async def test_a_mistyped_build_value_is_told_while_planning() -> None:
    (build,) = (
        await resolved(
            'source "null" "a" {}\nbuild {\n  sources = ["null.a"]\n'
            '  provisioner "x" { a = build.Hots }\n}\n'
        )
    ).builds
    decoded = build.provisioners[0].evaluate()
    assert [problem.summary for problem in decoded.diagnostics] == ["Unsupported attribute"]
    assert 'Did you mean "Host"?' in decoded.diagnostics[0].detail


async def test_overrides_are_merged_for_their_source_and_know_their_place() -> None:
    found = await resolved(BUILDS)
    first, _, third = found.builds
    assert plain(first.provisioners[1].evaluate()) == {"inline": ["a"]}
    changed = third.provisioners[0]
    assert plain(changed.evaluate()) == {"inline": ["b"], "extra": 1}
    assert changed.attributes() == ["inline", "extra"]
    span = changed.evaluate().attributes["extra"].span
    assert changed.file.text[span.start : span.end] == "1"


async def test_dynamic_blocks_stand_at_every_level() -> None:
    found = await resolved(BUILDS)
    files = [member for member in found.builds[1].provisioners if member.type == "file"]
    bodies = [member.evaluate() for member in files]
    assert [plain(body) for body in bodies] == [{"source": "x"}, {"source": "y"}]
    keys = [to_python(block.body.attributes["key"].value) for block in bodies[1].blocks]
    assert keys == ["a11", "b21"]


def dynamic(inside: str) -> str:
    """A build with a dynamic provisioner."""
    block = f'dynamic "provisioner" {{\n for_each = ["a"]\n {inside}\n content {{}}\n }}'
    return f'sources = ["null.a"]\n  {block}'


@pytest.mark.parametrize(
    ("inside", "summary"),
    [
        ("", "Missing source reference"),
        ('sources = ["null.nosuch"]', "Unknown source"),
        ('sources = ["a"]', "Invalid source reference"),
        ("sources = 1", "Unsuitable value type"),
        ('sources = ["null.a", "source.null.a"]', "Duplicate build name"),
        (
            'sources = ["null.a"]\n  provisioner "x" {\n only = ["a"]\n except = ["b"]\n }',
            "Conflicting arguments",
        ),
        ('sources = ["null.a"]\n  provisioner "x" { timeout = "5 m" }', "Failed to parse timeout"),
        ('sources = ["null.a"]\n  provisioner "x" { timeout = "-1s" }', "Invalid timeout"),
        (
            'sources = ["null.a"]\n  provisioner "x" { pause_before = "-2m" }',
            "Invalid pause_before",
        ),
        ('sources = ["null.a"]\n  provisioner "x" { max_retries = -1 }', "Invalid max_retries"),
        ('sources = ["null.a"]\n  provisioner "x" { timeout = build.ID }', "Value not known yet"),
        ('sources = ["null.a"]\n  provisioner "x" { override = 1 }', "Invalid override"),
        (
            'sources = ["null.a"]\n  dynamic "post-processors" {\n for_each = []\n }',
            "Invalid dynamic block",
        ),
        (
            'sources = ["null.a"]\n  dynamic "nope" {\n for_each = []\n content {}\n }',
            "Unsupported block type",
        ),
        (dynamic("labels = []"), "Insufficient dynamic block labels"),
        (dynamic('labels = ["x", "y"]'), "Extraneous dynamic block labels"),
        (dynamic(""), "Missing required argument"),
        (dynamic('labels = ["x"]\n foo = 1'), "Unsupported argument"),
        (dynamic('labels = ["x"]\n foo {}'), "Unsupported block type"),
        (
            'sources = ["null.a"]\n  dynamic "provisioner" {\n for_each = 1\n labels = ["x"]\n content {}\n }',
            "Invalid dynamic for_each value",
        ),
    ],
)
async def test_what_is_wrong_with_a_build_is_told(inside: str, summary: str) -> None:
    found = await resolved(f'source "null" "a" {{}}\nbuild {{\n  {inside}\n}}\n')
    assert problems(found) == [summary]


async def test_a_template_without_a_build_is_told() -> None:
    assert problems(await resolved('source "null" "a" {}\n')) == ["Missing build block"]


async def test_an_option_set_twice_over_two_blocks_is_told() -> None:
    found = await resolved(
        'source "null" "a" { x = 1 }\nbuild {\n  source "null.a" {\n    x = 2\n    name = "b"\n  }\n}\n'
    )
    decoded = found.builds[0].body.evaluate()
    assert [problem.summary for problem in decoded.diagnostics] == ["Duplicate argument"]
    assert to_python(decoded.attributes["x"].value) == 1


def first_provisioner(found: Resolved) -> ComponentBody:
    return found.builds[0].provisioners[0]


async def test_secrets_are_collected_with_what_is_made_of_them() -> None:
    found = await resolved(
        'variable "pw" { sensitive = true }\n'
        'local "made" {\n  expression = { a = ["${var.pw}!"] }\n  sensitive = true\n}\n'
        "locals { safe = 1 }\n"
        'source "null" "a" {}\nbuild {\n  sources = ["null.a"]\n'
        '  provisioner "shell" { inline = ["echo ${base64encode(var.pw)}"] }\n}\n',
        None,
        "pw=hunter2",
    )
    assert problems(found) == []
    assert found.secrets() == {"hunter2", "hunter2!"}
    decoded = first_provisioner(found).evaluate()
    assert is_sensitive(decoded.attributes["inline"].value)
    assert "aHVudGVyMg==" in found.secrets()
    assert "hunter2" not in repr(found.variables["pw"].value)


async def test_a_resolver_may_answer_with_diagnostics_of_its_own() -> None:
    from oxtui.template.hcl.diagnostic import TemplateError

    file = SourceFile("other", "x")

    async def ask(*_: object) -> Value:
        raise TemplateError([error("Wrong option", "It is.", Span(0, 1), file)])

    found = await resolved('data "http" "x" {}\n' + BUILD, ask)
    assert problems(found) == ["Wrong option"]


async def test_a_large_template_resolves_whole() -> None:
    sources = "".join(f'source "null" "s{n}" {{ x = local.l{n} }}\n' for n in range(200))
    names = ", ".join(f'"null.s{n}"' for n in range(200))
    lines = "".join(f'  l{n} = "${{upper("a")}}{n}"\n' for n in range(200))
    provisioners = '  provisioner "shell" { inline = ["${source.name}"] }\n' * 20
    found = await resolved(
        f"locals {{\n{lines}}}\n{sources}build {{\n  sources = [{names}]\n{provisioners}}}\n"
    )
    assert problems(found) == []
    assert plain(found.builds[199].provisioners[19].evaluate()) == {"inline": ["s199"]}
    assert plain(found.builds[7].body.evaluate()) == {"x": "A7"}


async def test_what_python_shows_of_a_resolved_template_is_short_and_holds_no_secret() -> None:
    found = await resolved(
        'variable "pw" { sensitive = true }\nlocals { a = "x-${var.pw}" }\n' + BUILD,
        None,
        "pw=hunter2",
    )
    shown = repr([found, found.template, found.builds, found.builds[0].body, found.diagnostics])
    shown += repr([found.locals, found.variables["pw"].value, found.scope.lookup("local")])
    assert "hunter2" not in shown
    assert len(shown) < 600


MADE = """
variable "names" { default = ["x", "y"] }
dynamic "source" {
  for_each = var.names
  labels   = ["null", source.value]
  content {
    ssh_host     = source.value
    ssh_username = "u"
  }
}
build { sources = ["null.x", "null.y"] }
"""


async def test_sources_are_made_by_dynamic_blocks_at_the_top() -> None:
    found = await resolved(MADE)
    assert problems(found) == []
    hosts = [
        to_python(build.body.evaluate().attributes["ssh_host"].value) for build in found.builds
    ]
    assert hosts == ["x", "y"]


async def test_a_build_uses_a_source_for_each_element() -> None:
    found = await resolved(
        """
source "null" "a" {}
build {
  dynamic "source" {
    for_each = { x = "one", y = "two" }
    labels   = ["null.a"]
    content {
      name     = source.key
      ssh_host = source.value
    }
  }
}
"""
    )
    assert problems(found) == []
    bodies = {build.name: build.body.evaluate().attributes["ssh_host"] for build in found.builds}
    assert {name: to_python(each.value) for name, each in bodies.items()} == {
        "null.x": "one",
        "null.y": "two",
    }


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (MADE.replace('["x", "y"]', '["x", "x"]'), "Duplicate source block"),
        (MADE.replace('dynamic "source"', 'dynamic "variable"'), "Unsupported block type"),
        (MADE.replace('"null", source', "source"), "Insufficient dynamic block labels"),
    ],
)
async def test_what_is_wrong_with_made_sources_is_told(text: str, summary: str) -> None:
    assert problems(await resolved(text))[0] == summary
