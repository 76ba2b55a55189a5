"""What variables and locals come to, and where each problem with them sits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from oxtui.template.documents import Documents
from screens.compose.checking import Checked, check
from screens.compose.field_words import DOTS
from screens.compose.known import RUN_VALUE, with_values
from screens.compose.outline_lines import lines_of
from screens.compose.read import read_document
from screens.compose.reading import Reading, gathered
from tests.screens.compose.folder import with_folder

WHOLE = """\
packer {
  required_version = ">= 1.9"
  required_plugins {
    oxide = {
      source  = "github.com/oxidecomputer/oxide"
      version = ">= 0.1.0"
    }
  }
}

variable "size" {
  type    = number
  default = 2
  validation {
    condition     = var.size < 9
    error_message = "Too large."
  }
}

variable "word" {
  type      = string
  sensitive = true
}

variables {
  color = "green"
}

local "loud" {
  expression = upper(var.color)
}

locals {
  twice = var.size * 2
  told  = "say ${var.word}"
}

source "oxide-instance" "a" {
  project            = "web"
  boot_disk_image_id = "ubuntu-24-04"
  ssh_username       = "ubuntu"
}

build {
  name    = "first"
  sources = ["source.oxide-instance.a"]

  source "oxide-instance.a" {
    name = "b"
    cpus = 4
  }

  provisioner "sleep" {
    duration = "1s"
  }

  error-cleanup-provisioner "sleep" {
    duration = "1s"
  }
}

build {
  sources = ["source.oxide-instance.a"]
}
"""


def reading_of(path: Path) -> Reading:
    documents = Documents.open(path)
    return gathered([read_document(documents[name]) for name in documents.names], documents.folder)


async def checked(
    tmp_path: Path,
    text: str,
    values: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Checked:
    path = tmp_path / "t.pkr.hcl"
    path.write_text(text)
    return await check(reading_of(path), tmp_path, environ or {}, values or {})


def shown(found: Checked, values: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the outline and form show of variables and locals: value and origin."""
    reading = with_values(found.reading, values or {}, found.known)
    return {
        f"{part.kind}.{part.title}": f"{field.spec.default or '-'} {field.run}"
        for part in reading.of_kind("variable", "local")
        if (field := part.field(RUN_VALUE)) is not None
    }


def test_the_whole_template_is_a_tree(tmp_path: Path) -> None:
    (tmp_path / "t.pkr.hcl").write_text(WHOLE)
    lines = lines_of(reading_of(tmp_path / "t.pkr.hcl"))
    told = [line.text if line.part is None else f"{line.prefix}{line.part.title}" for line in lines]
    assert told == [
        "SOURCE", "a", "  SSH", "",
        "VARIABLES", "size", "word", "color", "",
        "LOCALS", "loud", "twice", "told", "",
        "BUILDS", "first", "  source oxide-instance.a", "  1 ● sleep", " on error sleep",
        "build", "  none: a adds one", "",
        "PACKER", "Packer", "  oxide",
    ]  # fmt: skip


async def test_values_come_with_their_origin_and_without_secrets(tmp_path: Path) -> None:
    found = await checked(
        tmp_path, WHOLE, {"size": "3", "gone": "x"}, {"PKR_VAR_word": "hush-hush"}
    )
    assert shown(found) == {
        "variable.size": "3 here",
        "variable.word": f"{DOTS} env",
        "variable.color": "green default",
        "local.loud": "GREEN computed",
        "local.twice": "6 computed",
        "local.told": f"{DOTS} computed",
    }
    assert "hush-hush" not in repr(found.known)
    assert not any("gone" in problem.text for problem in found.problems)


async def test_variable_files_of_a_folder_are_named(tmp_path: Path) -> None:
    found = await check(reading_of(with_folder(tmp_path)), tmp_path, {}, {})
    part = with_values(found.reading, {}, found.known).part("variable.greeting")
    assert part is not None
    field = part.field(RUN_VALUE)
    assert field is not None
    assert (field.spec.default, field.run) == ("hello", "file")
    assert "site.auto.pkrvars.hcl" in field.spec.help


PLACES = (
    ("wrong type of a default", ("default = 2", 'default = "two"'), {}, "variable.size", "default"),
    ("a default that is not allowed", ("default = 2", "default = 9"), {}, "variable.size", "default"),
    ("a given value that is not allowed", None, {"size": "9"}, "variable.size", RUN_VALUE),
    ("a given value of another type", None, {"size": "much"}, "variable.size", RUN_VALUE),
    ("no value", ("word", "word"), {"word": ""}, "variable.word", RUN_VALUE),
    ("unknown reference in a local", ("upper(var.color)", "upper(var.colour)"), {}, "local.loud", "expression"),
    ("unknown reference in a line", ("var.size * 2", "var.sise * 2"), {}, "local.twice", "twice"),
    ("a duplicate", ("locals {", 'local "loud" {\n  expression = 1\n}\n\nlocals {'), {}, "local.loud #2", ""),
    ("a version", (">= 1.9", "about 1"), {}, "packer", "required_version"),
    ("an unknown source", ('a"]\n}', 'b"]\n}'), {}, "build.1", "sources"),
)  # fmt: skip


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case[0])
async def test_each_problem_sits_at_its_field(
    case: tuple[str, tuple[str, str] | None, dict[str, str], str, str], tmp_path: Path
) -> None:
    _, change, values, part, field = case
    text = WHOLE.replace(*change) if change is not None else WHOLE
    given = {name: value for name, value in ({"word": "w"} | values).items() if value}
    found = await checked(tmp_path, text, given)
    assert [(problem.part, problem.field) for problem in found.problems if problem.is_error] == [
        (part, field)
    ]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("var.color)", "var.colour)"), ("var.size * 2", "var.sise * 2"), ("upper(", "uper(")],
)
async def test_a_mistyped_name_comes_with_the_right_one(
    right: str, wrong: str, tmp_path: Path
) -> None:
    found = await checked(tmp_path, WHOLE.replace(right, wrong), {"word": "w"})
    (text,) = [problem.text for problem in found.problems if problem.is_error]
    name = right.split(".")[-1].rstrip(")(* 2")
    assert f'Did you mean "{name}"?' in text


async def test_a_value_in_the_environment_that_does_not_fit_names_it(tmp_path: Path) -> None:
    found = await checked(tmp_path, WHOLE, {"word": "w"}, {"PKR_VAR_size": "much"})
    (problem,) = [problem for problem in found.problems if problem.is_error]
    assert (problem.part, problem.field) == ("variable.size", RUN_VALUE)
    assert problem.text.startswith("PKR_VAR_size: ")


async def test_only_what_is_declared_sensitive_is_hidden(tmp_path: Path) -> None:
    text = WHOLE.replace('color = "green"', 'color = "sensitive"')
    assert shown(await checked(tmp_path, text))["variable.color"] == "sensitive default"
