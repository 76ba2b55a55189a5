"""What is said of names on a rack that are not there, at the field that has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.compose.stage import TEMPLATE, compose_of, composing, settled, with_template

SOURCE = "source.oxide-instance.web"


@pytest.mark.parametrize(
    ("line", "written", "field", "text"),
    [
        (
            '"web" # everybody\'s', '"wep"', "project",
            'The rack has no project "wep". Did you mean web?',
        ),
        pytest.param(
            '"ubuntu-24-04"', '"ubuntu-24-40"', "boot_disk_image_id",
            'The rack has no image "ubuntu-24-40", neither in the silo nor in web. Did you mean ',
            marks=pytest.mark.slow,
        ),
        (
            '"ubuntu"', '"ubuntu"\n  vpc = "defalt"', "vpc",
            'The rack has no VPC "defalt" in web. Did you mean default?',
        ),
        pytest.param(
            '"ubuntu"', '"ubuntu"\n  subnet = "defalt"', "subnet",
            'The rack has no subnet "defalt" in default. Did you mean default?',
            marks=pytest.mark.slow,
        ),
    ],
)  # fmt: skip
async def test_the_near_ones_are_named(
    line: str,
    written: str,
    field: str,
    text: str,
    tmp_path: Path,
    pictured_rack: tuple[str, str],
) -> None:
    path = await with_template(tmp_path, TEMPLATE.replace(line, written))
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        (problem,) = compose_of(pilot).errors
        assert (problem.part, problem.field) == (SOURCE, field)
        assert problem.text.startswith(text)


async def test_a_variable_is_what_it_comes_to(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    text = TEMPLATE.replace('"web" # everybody\'s', "var.project").replace(
        'variable "greeting"', 'variable "project" { default = "web" }\nvariable "greeting"'
    )
    path = await with_template(tmp_path, text)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        for field, told in {"project": "project has ", "vpc": "VPC has 1 subnet"}.items():
            screen.focus_row(field)
            await settled(pilot)
            assert screen.form.row is not None
            assert screen.form.row.answer.text.startswith(told)
