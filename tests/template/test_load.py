"""Templates are read from a file, a folder or text, with every problem told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.template.hcl.diagnostic import render
from oxtui.template.hcl.values.types import spell
from oxtui.template.load import load_template, parse_template, parse_texts
from oxtui.template.model import ComponentKey, Template


def problems(template: Template) -> list[tuple[str, int | None]]:
    return [(found.summary, found.line) for found in template.diagnostics]


def test_a_template_has_its_parts() -> None:
    template = parse_template(
        """
packer {
  required_version = ">= 1.9"
  required_plugins {
    oxide = { source = "github.com/oxidecomputer/oxide", version = ">= 0.1" }
  }
}
variable "sizes" {
  type        = map(object({ cpus = number, disk = optional(number, 20) }))
  description = "By name."
  sensitive   = true
  validation {
    condition     = length(var.sizes) > 0
    error_message = "At least one."
  }
}
variable bare { default = [1, "a"] }
variables {
  a = 1
  b = env("B")
}
locals { c = var.a }
local "d" {
  expression = "x"
  sensitive  = true
}
data "oxide-image" "ubuntu" { name = "ubuntu" }
source "oxide-instance" "base" { project = "web" }
build {
  name    = "web"
  sources = ["source.oxide-instance.base"]
  provisioner "shell" { inline = ["true"] }
  post-processors {
    post-processor "manifest" {}
    post-processor "checksum" {}
  }
  post-processor "compress" {}
}
""",
        "folder/web.pkr.hcl",
    )
    assert problems(template) == []
    assert template.folder == Path("folder")
    assert [found.constraints for found in template.required_versions] == [">= 1.9"]
    assert [plugin.name for plugin in template.required_plugins] == ["oxide"]
    assert list(template.variables) == ["sizes", "bare", "a", "b"]
    sizes = template.variables["sizes"]
    assert sizes.type is not None
    assert spell(sizes.type) == "map(object({cpus=number,disk=optional(number)}))"
    assert (sizes.description, sizes.sensitive, len(sizes.validations)) == ("By name.", True, 1)
    assert [(local.name, local.sensitive) for local in template.locals.values()] == [
        ("c", False),
        ("d", True),
    ]
    assert list(template.data) == [ComponentKey("oxide-image", "ubuntu")]
    assert [str(key) for key in template.sources] == ["oxide-instance.base"]
    (build,) = template.builds
    assert [block.labels[0].value for block in build.provisioners()] == ["shell"]
    chains = [[block.labels[0].value for block in chain] for chain in build.chains()]
    assert chains == [["manifest", "checksum"], ["compress"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sorce "a" "b" {}\n', ("Unsupported block type", 1)),
        ("a = 1\n", ("Unsupported argument", 1)),
        ('source "a" {}\n', ("Missing name for source", 1)),
        ("variable {}\n", ("Missing name for variable", 1)),
        ('build "x" {}\n', ("Extraneous label for build", 1)),
        ('source "a" "b" {}\nsource "a" "b" {}\n', ("Duplicate source block", 2)),
        ('data "a" "b" {}\ndata "a" "b" {}\n', ("Duplicate data block", 2)),
        ('variable "a" {}\nvariables { a = 1 }\n', ("Duplicate variable", 2)),
        ("locals {\n  a = 1\n}\nlocals {\n  a = 2\n}\n", ("Duplicate local definition", 5)),
        ('variable "1a" {}\n', ("Invalid variable name", 1)),
        ('variable "a" { type = strin }\n', ("Invalid type specification", 1)),
        ('variable "a" { type = "string" }\n', ("Invalid type specification", 1)),
        ('variable "a" { type = list(optional(string)) }\n', ("Invalid type specification", 1)),
        ('variable "a" { defalt = 1 }\n', ("Unsupported argument", 1)),
        ('variable "a" { sensitive = "maybe" }\n', ("Unsuitable value type", 1)),
        ('variable "a" {\n  validation {}\n}\n', ("Missing required argument", 2)),
        ('local "a" {}\n', ("Missing required argument", 1)),
        (
            "packer {\n  required_plugins {\n    a = 1\n  }\n}\n",
            ("Invalid required_plugins entry", 3),
        ),
        ('build {\n  provisoner "shell" {}\n}\n', ("Unsupported block type", 2)),
        ("build {\n  provisioner {}\n}\n", ("Missing type for provisioner", 2)),
        ("build {\n  sources {}\n}\n", ("Unsupported block type", 2)),
        (
            'build {\n  error-cleanup-provisioner "a" {}\n  error-cleanup-provisioner "b" {}\n}\n',
            ("Only one error-cleanup-provisioner is allowed", 3),
        ),
        ("hcp_packer_registry {}\n", ("HCP Packer is not used", 1)),
    ],
)
def test_what_does_not_belong_is_told_at_its_line(text: str, expected: tuple[str, int]) -> None:
    assert expected in problems(parse_template(text, "x.pkr.hcl"))


def test_every_error_is_told_at_once_and_names_what_was_meant() -> None:
    template = parse_template(
        'sorce "a" "b" {}\nvariable "x" {\n  defalt = [1,,]\n  typ = string\n}\nbuild {\n  a = (\n}\n',
        "x.pkr.hcl",
    )
    assert [line for _, line in problems(template)] == [3, 8, 1, 4]
    shown = render(template.diagnostics[2])
    assert 'on x.pkr.hcl line 1, in sorce "a" "b":' in shown
    assert 'Did you mean "source"?' in shown


def test_a_folder_is_one_template_with_its_variable_files(tmp_path: Path) -> None:
    (tmp_path / "b.pkr.hcl").write_text('variable "b" {}\n')
    (tmp_path / "a.pkr.hcl").write_text('variable "a" {}\nvariable "b" {}\n')
    (tmp_path / "z.auto.pkrvars.hcl").write_text("a = 1\n")
    (tmp_path / "a.auto.pkrvars.json").write_text('{"a": 2}\n')
    (tmp_path / "other.pkrvars.hcl").write_text("a = 3\n")
    (tmp_path / "notes.txt").write_text("nothing\n")
    template = load_template(tmp_path)
    assert list(template.variables) == ["a", "b"]
    assert problems(template) == [("Duplicate variable", 1)]
    assert [path.name for path in template.auto_var_files] == [
        "z.auto.pkrvars.hcl",
        "a.auto.pkrvars.json",
    ]


def test_a_file_alone_brings_no_variable_files_and_no_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text('variable "a" {}\n')
    (tmp_path / "b.pkr.hcl").write_text('variable "b" {}\n')
    (tmp_path / "z.auto.pkrvars.hcl").write_text("a = 1\n")
    template = load_template(tmp_path / "a.pkr.hcl")
    assert list(template.variables) == ["a"]
    assert template.auto_var_files == []
    assert template.folder == tmp_path


def test_several_files_are_one_template(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.pkr.hcl").write_text(f'variable "{name}" {{}}\n')
    template = load_template([tmp_path / "b.pkr.hcl", tmp_path / "a.pkr.hcl"])
    assert list(template.variables) == ["b", "a"]


def test_what_cannot_be_read_is_a_message_with_its_reason(tmp_path: Path) -> None:
    assert "Could not find any config file" in str(load_template(tmp_path).diagnostics[0])
    missing = load_template(tmp_path / "no.pkr.hcl")
    assert "No such file" in str(missing.diagnostics[0])
    (tmp_path / "latin.pkr.hcl").write_bytes(b'variable "a" {}\n# caf\xe9\n')
    latin = load_template(tmp_path / "latin.pkr.hcl")
    assert problems(latin) == [("Invalid character encoding", 2)]
    (tmp_path / "old.txt").write_text('variable "a" {}\n')
    assert "HCL is read from files" in str(load_template(tmp_path / "old.txt").diagnostics[0])


SOURCE = """\
packer {
  required_version = ">= 1.9"
}
source "oxide-instance" "base" {
  project  = "web"
  hostname = "base"
}
build {
  sources = ["source.oxide-instance.base"]
  provisioner "shell" {
    inline = ["true"]
  }
}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('"web"', '"web', [("Invalid multi-line string", 5)]),
        ('"web"', 'web"', [("Missing newline after argument", 5)]),
        ('"web"', '"${var.web"', [("Extra characters after interpolation expression", 5)]),
        ('["true"]', '["true]', [("Invalid multi-line string", 11)]),
        ('"base" {', '"base {', [("Invalid multi-line string", 4)]),
        ('"web"', "<<EOT\nweb", [("Unterminated template string", 15)]),
        # What is wrong before the open string has nothing to do with it.
        ('">= 1.9"', "1.9 2.0", [("Missing newline after argument", 2)]),
    ],
)
def test_what_follows_from_a_string_that_is_not_closed_is_not_told(
    right: str, wrong: str, told: list[tuple[str, int]]
) -> None:
    text = SOURCE.replace(right, wrong, 1)
    template = parse_template(text, "web.pkr.hcl")
    assert problems(template) == told
    both = parse_template(text.replace("packer {", "packer {\n  a b", 1), "web.pkr.hcl")
    assert 2 in {line for _, line in problems(both)}
    assert len(problems(both)) == len(told) + 1


def test_a_heredoc_that_is_not_closed_is_told_with_the_line_it_begins_in() -> None:
    template = parse_template(SOURCE.replace('"web"', "<<EOT\nweb"), "web.pkr.hcl")
    assert "begins in line 5" in template.diagnostics[0].detail


def test_texts_are_read_in_place_of_what_is_in_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text('variable "old" {}\n')
    (tmp_path / "x.auto.pkrvars.hcl").write_text("new = 1\n")
    name = str(tmp_path / "a.pkr.hcl")
    texts = {name: 'variable "new" {}\n', str(tmp_path / "b.pkr.hcl"): "locals {\n  b = 1\n}\n"}
    template = parse_texts(texts, tmp_path)
    assert template.diagnostics == []
    assert list(template.variables) == ["new"]
    assert list(template.locals) == ["b"]
    assert template.folder == tmp_path
    assert [path.name for path in template.auto_var_files] == ["x.auto.pkrvars.hcl"]
    assert parse_texts({name: texts[name]}).auto_var_files == []


def test_a_text_in_another_language_is_not_read_as_hcl() -> None:
    (problem,) = parse_texts({"a.txt": "a = 1"}).diagnostics
    assert problem.summary == "Unsupported template format"
