"""The name of the new image, and the old image of that name, on a real simulated rack."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.events import ResourceDeleted, ResourceLeft
from tests.sessions import bench, shell, template

pytestmark = pytest.mark.slow


async def test_with_force_a_create_that_fails_inside_of_the_rack_is_tried_again(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, "--fault", "image_create:500:after=1:times=2") as there:
        await there.run(template())
        first = await there.client.images.view("made", project="web")
        finished = await there.run(template(), force=True)
        assert finished.status == "succeeded", there.build.error
        assert (await there.client.images.view("made", project="web")).id != first.id
        assert await there.left_on_rack() == []
        assert await there.records() == []


async def test_with_force_the_snapshot_stays_where_the_new_image_cannot_be_made(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, "--fault", "image_create:500:after=1") as there:
        await there.run(template())
        finished = await there.run(template(), force=True)
        assert finished.status == "failed"
        (snapshot,) = await there.left_on_rack()
        (record,) = await there.records()
        assert (record.kind, record.name, record.kept) == ("oxide.snapshot", snapshot, True)
        assert record.id in there.build.error
        assert "only copy" in record.reason
        (left,) = [event for event in there.events if isinstance(event, ResourceLeft)]
        assert left.command


async def test_with_force_an_old_image_that_cannot_be_deleted_stays_and_the_rest_goes(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, "--fault", "image_delete:403") as there:
        await there.run(template())
        first = await there.client.images.view("made", project="web")
        finished = await there.run(template(), force=True)
        assert finished.status == "failed"
        assert (await there.client.images.view("made", project="web")).id == first.id
        assert await there.left_on_rack() == []
        assert await there.records() == []


TWO = """
source "oxide-instance" "t2" {
  project            = "web"
  boot_disk_image_id = "ubuntu-24-04"
  ssh_username       = "ubuntu"
  artifact_name      = "made"
}
"""


def two(name: str) -> str:
    """Two sources from one image whose new images have this name; the default one if empty."""
    both = template(shell("true")).replace(
        'sources = ["source.oxide-instance.t"]',
        'sources = ["source.oxide-instance.t", "source.oxide-instance.t2"]',
    )
    return (both + TWO).replace('"made"', f'"{name}"')


async def test_two_sources_of_one_image_make_images_of_different_names(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(two(""))
        states = there.sessions[-1].state.builds.values()
        assert finished.status == "succeeded", [state.error for state in states]
        names = {state.artifact.name for state in states if state.artifact}
        assert len(names) == 2
        assert all(name.startswith("ubuntu-24-04-") for name in names)


async def test_two_builds_of_one_artifact_name_are_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(two("Same"), force=True)
        errors = sorted(state.error for state in there.sessions[-1].state.builds.values())
        assert finished.status == "failed"
        assert errors[0] == ""
        assert errors[1].startswith("preflight: artifact_name: build")
        assert (await there.client.images.view("same", project="web")).name == "same"


@pytest.mark.parametrize("status", [403, 500])
async def test_what_was_never_made_is_not_told_as_deleted(tmp_path: Path, status: int) -> None:
    async with bench(tmp_path, "--fault", f"image_create:{status}") as there:
        finished = await there.run(template())
        assert finished.status == "failed"
        deleted = {e.kind: e.made for e in there.events if isinstance(e, ResourceDeleted)}
        assert deleted["oxide.image"] is False
        assert deleted["oxide.snapshot"] is True
        assert "Deleted snapshot" in there.log("cleanup")
        assert "oxide.image" not in there.log("cleanup")


async def test_upper_case_in_the_name_of_the_image_becomes_lower_case(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        await there.run(template().replace('"made"', '"Made-It"'))
        assert (await there.client.images.view("made-it", project="web")).name == "made-it"


async def test_a_network_may_be_given_by_its_ids(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        vpc = await there.client.vpcs.view("default", project="web")
        subnet = await there.client.subnets.view("default", vpc=vpc.id)
        source = f'vpc = "{vpc.id}"\nsubnet = "{subnet.id}"\nskip_create_image = true'
        finished = await there.run(template(source=source))
        assert finished.status == "succeeded", there.build.error


async def test_the_name_is_made_of_what_braces_can_name(tmp_path: Path) -> None:
    name = '"{{ printf `My_Web %s` build_name | clean_resource_name }}-{{ len build_type }}"'
    async with bench(tmp_path) as there:
        finished = await there.run(template().replace('"made"', name))
        assert finished.status == "succeeded", there.build.error
        assert (await there.client.images.view("my-web-t-14", project="web")).os


async def test_a_name_that_cannot_be_made_fails_with_its_place(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(template().replace('"made"', '"a-{{ split `x` `-` 3 }}"'))
        assert finished.status == "failed"
        assert "{{ split `x` `-` 3 }} at line 1, column 6: " in there.build.error
        assert await there.left_on_rack() == []
