"""Templates are read into parts whose fields know where they stand, and messages find their fields."""

from __future__ import annotations

from pathlib import Path

from oxtui.examples import example
from oxtui.template.document import Document
from screens.compose.checking import check
from screens.compose.masking import masked
from screens.compose.read import read_document
from screens.compose.reading import Reading, gathered
from tests.screens.compose.stage import TEMPLATE
from tests.template.stores.recorded import Reply, recorded


def reading_of(text: str) -> Reading:
    return gathered([read_document(Document(text, "web.pkr.hcl"))])


def test_the_outline_of_the_example() -> None:
    reading = reading_of(example("demo.pkr.hcl"))
    assert [(part.kind, part.title, part.detail) for part in reading.parts] == [
        ("source", "hello", "oxide-instance"),
        ("ssh", "SSH", "ubuntu"),
        ("variable", "greeting", "Hello from an image that oxtui made."),
        ("packer", "Packer", ""),
        ("plugin", "oxide", ">= 0.9.0"),
        ("build", "build", "hello"),
        ("provisioner", "file", "content → greeting.txt"),
        ("provisioner", "shell", 'echo "Preparing $(hostname) as $(id -un)"'),
        (
            "provisioner",
            "breakpoint",
            "The page is in place: open a shell and look at /srv/www",
        ),
        ("provisioner", "shell", 'for step in fetch unpack check; do echo "$step:…'),
    ]
    assert all(part.has_form for part in reading.parts)


def test_every_field_that_is_set_knows_its_place() -> None:
    document = Document(TEMPLATE, "web.pkr.hcl")
    document.switch("build.0.provisioner.1", on=False)
    reading = gathered([read_document(document)])
    fields = [field for part in reading.parts for field in part.fields if field.span]
    assert len(fields) == 12
    for field in fields:
        assert field.span is not None
        assert reading.text[field.span.start : field.span.end].startswith(field.name)
    off = reading.part("build.0.provisioner.1")
    assert off is not None
    assert not off.enabled
    inline = off.field("inline")
    assert inline is not None
    assert list(reading.lines(off.file, inline.span)) == [26, 27, 28, 29]
    assert inline.text.startswith("set -eu\nfor name")


def test_a_part_that_oxtui_does_not_know_has_no_form_but_its_attributes() -> None:
    reading = reading_of('source "amazon-ebs" "a" {\n  region = "eu"\n}\n')
    (part,) = reading.parts
    assert not part.has_form
    assert [(field.name, field.text) for field in part.fields] == [("region", '"eu"')]


def test_a_source_without_a_rack_is_one_form_and_what_runs_here_has_its_own() -> None:
    reading = reading_of(
        'source "null" "a" {\n  communicator = "none"\n}\nbuild {\n  sources = ["null.a"]\n'
        '  provisioner "shell-local" {\n    command = "make"\n  }\n}\n'
    )
    source, local = (part for part in reading.parts if part.kind != "build")
    assert [(part.kind, part.title, part.detail) for part in (source, local)] == [
        ("source", "a", "null"),
        ("provisioner", "shell-local", "make"),
    ]
    communicator = source.field("communicator")
    assert communicator is not None
    assert (communicator.text, communicator.spec.choices) == ("none", ("ssh", "none"))
    assert source.field("ssh_host") is not None
    assert {"command", "only_on", "execute_command", "timeout"} <= {f.name for f in local.fields}
    assert all(field.spec.help for part in (source, local) for field in part.fields)
    assert all(field.spec.documentation for part in (source, local) for field in part.fields)


def test_what_is_made_without_a_machine_and_what_is_done_with_it_have_forms() -> None:
    reading = reading_of(
        'data "http" "v" {\n  url = "http://x"\n}\ndata "null" "n" {\n  input = "a"\n}\n'
        'source "file" "f" {\n  target = "x"\n}\nbuild {\n  sources = ["file.f"]\n'
        '  post-processor "compress" {\n    keep_input_artifact = true\n    output = "x.zip"\n  }\n'
        '  post-processor "artifice" {\n    files = ["a", "b"]\n  }\n'
        '  post-processor "shell-local" {\n    inline = ["make"]\n  }\n}\n'
    )
    parts = [part for part in reading.parts if part.kind != "build"]
    assert sorted((part.kind, part.title, part.detail) for part in parts) == [
        ("data", "n", "null"),
        ("data", "v", "http"),
        ("post-processor", "artifice", "a, b"),
        ("post-processor", "compress", "x.zip"),
        ("post-processor", "shell-local", "make"),
        ("source", "f", "file"),
    ]
    assert all(part.has_form for part in parts)
    for part in parts:
        assert all(field.known and field.spec.documentation for field in part.fields)
        common = {"name", "keep_input_artifact", "only", "except"}
        assert common <= {f.name for f in part.fields} or part.kind != "post-processor"


def test_a_name_that_an_option_had_before_is_said_to_be_one() -> None:
    (part,) = reading_of('source "null" "a" {\n  ssh_wait_timeout = "1m"\n  nope = 1\n}\n').parts
    fields = {field.name: field for field in part.fields}
    assert fields["ssh_wait_timeout"].spec.help == "An older name of ssh_timeout."
    assert (fields["ssh_wait_timeout"].known, fields["nope"].known) == (True, False)


def test_variables_are_typed_as_they_say() -> None:
    text = (
        'variable "n" {\n  type    = number\n  default = 3\n}\n'
        'variable "l" {\n  type    = list(string)\n  default = ["a", "b"]\n}\n'
        'variable "o" {\n  type    = object({ a = string })\n  default = { a = "x" }\n}\n'
        'variable "s" {\n  sensitive = true\n  default   = "hush"\n}\n'
    )
    reading = reading_of(text)
    assert [part.value("default") for part in reading.parts] == [
        "3",
        "a\nb",
        '{ a = "x" }',
        "hush",
    ]
    assert [part.value("type") for part in reading.parts][2] == "object({ a = string })"
    assert "hush" not in masked(reading, "web.pkr.hcl")
    assert reading.parts[3].detail == "sensitive"


def test_secrets_are_masked_line_by_line() -> None:
    text = 'source "oxide-instance" "a" {\n  token = <<EOT\nsword\nfish\nEOT\n  host = "h"\n}\n'
    shown = masked(reading_of(text), "web.pkr.hcl")
    assert "sword" not in shown
    assert shown.count("\n") == text.count("\n")
    assert '  host = "h"' in shown.split("\n")


async def test_each_message_finds_its_part_and_field(tmp_path: Path) -> None:
    text = (
        TEMPLATE.replace("  ssh_username ", "  ssh_user ")
        .replace("cpus               = 2", "cpus               = 0")
        .replace('"${var.greeting}\\n"', "var.gone")
        .replace("note =", "nte  =")
    )
    checked = await check(reading_of(text), tmp_path, {}, {})
    assert checked.plan is None
    places = {(problem.part, problem.field) for problem in checked.problems}
    assert {
        ("source.oxide-instance.web", "cpus"),
        ("build.0.provisioner.0", "content"),
        ("build.0.provisioner.2", "nte"),
    } <= places
    assert all(problem.line for problem in checked.problems)


async def test_a_right_template_gives_a_plan(tmp_path: Path) -> None:
    checked = await check(reading_of(TEMPLATE), tmp_path, {}, {"greeting": "hi"})
    assert checked.problems == ()
    assert checked.plan is not None


async def test_no_store_is_asked_while_somebody_types(tmp_path: Path) -> None:
    text = TEMPLATE + '\nlocals {\n  word = consul_key("a/b")\n}\n'
    with recorded(lambda _: Reply(500, "")) as server:
        environ = {"CONSUL_HTTP_ADDR": server.address}
        checked = await check(reading_of(text), tmp_path, environ, {"greeting": "hi"})
        assert server.requests == []
    assert checked.problems == ()
    assert checked.plan is not None


async def test_a_message_does_not_quote_a_secret(tmp_path: Path) -> None:
    head = 'variable "word" {\n  sensitive = true\n  default = "WORD"\n}\n'
    text = head + TEMPLATE.replace("note =", "pause_before = var.word\n    note =")
    for word in ("canary-word", "canary-" + "word" * 20):
        checked = await check(reading_of(text.replace("WORD", word)), tmp_path, {}, {})
        assert "duration" in str(checked.problems)
        assert "canary" not in str(checked.problems)


async def test_a_script_that_is_missing_is_told_at_its_field(tmp_path: Path) -> None:
    text = TEMPLATE.rstrip().removesuffix("}") + (
        '  provisioner "shell" {\n    scripts = [\n      "gone.sh",\n    ]\n  }\n}\n'
    )
    (problem,) = (await check(reading_of(text), tmp_path, {}, {"greeting": "hi"})).problems
    assert problem.text.startswith("Script gone.sh is not there")
    assert problem.field == "scripts"
    assert problem.line == text[: text.index("scripts")].count("\n") + 1
