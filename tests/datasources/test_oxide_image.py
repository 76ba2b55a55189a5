"""The oxide-image data source in a template, against a simulated rack."""

from __future__ import annotations

from pathlib import Path

from tests.sessions import bench, template

DATA = 'data "oxide-image" "base" {{\n name = "{name}"\n {more}\n}}\n'


def using(name: str, more: str = "") -> str:
    text = template().replace('"ubuntu-24-04"', "data.oxide-image.base.image_id")
    return DATA.format(name=name, more=more) + text


async def test_an_images_id_is_looked_up_by_name(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        image = await there.client.images.view("ubuntu-24-04")
        planning = await there.plan(using("ubuntu-24-04"))
        assert planning.plan is not None
        options = planning.plan.builds[0].options
        assert options.model_dump()["boot_disk_image_id"] == image.id


async def test_an_image_that_is_not_there_is_an_error_at_the_block(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        planning = await there.plan(using("ubuntu-99"))
        assert planning.plan is None
        (problem,) = planning.diagnostics
        assert 'the silo has no image "ubuntu-99". Choose one that it lists' in str(problem)
        (elsewhere,) = (await there.plan(using("ubuntu-99", 'project = "web"'))).diagnostics
        assert 'the project "web" has no image "ubuntu-99". Choose one' in str(elsewhere)
        assert problem.line == 1


async def test_a_wrong_option_is_told_with_the_right_one(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        planning = await there.plan(using("ubuntu-24-04", 'projekt = "web"'))
        assert planning.plan is None
        assert 'Did you mean "project"?' in str(planning.diagnostics[0])
