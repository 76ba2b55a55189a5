"""By name with the parent, by id without it."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.oxide.errors import SelectorError
from oxtui.oxide.names import is_id, named, selector
from tests.oxide import samples
from tests.oxide.rig import client
from tests.oxide.samples import IMAGE_ID, PROJECT_ID, VPC_ID
from tests.oxide.wire import Reply, wire


@given(st.uuids())
def test_every_uuid_is_an_id_in_both_spellings(key: uuid.UUID) -> None:
    assert is_id(str(key))
    assert is_id(key.hex.upper())
    assert selector("disk", str(key), {"project": "web"}) == {}


@pytest.mark.parametrize("name", ["web", IMAGE_ID + "-1", "a" * 31, ""])
def test_a_name_is_no_id(name: str) -> None:
    assert not is_id(name)


def test_a_name_takes_its_project_along() -> None:
    assert selector("disk", "boot", {"project": "web"}) == {"project": "web"}
    assert selector("disk", "boot", {"project": PROJECT_ID}) == {"project": PROJECT_ID}


def test_a_parent_by_id_needs_no_parent_of_its_own() -> None:
    parents = {"vpc": VPC_ID, "project": "web"}
    assert selector("subnet", "default", parents) == {"vpc": VPC_ID}
    by_name = {"vpc": "default", "project": "web"}
    assert selector("subnet", "default", by_name) == by_name


@pytest.mark.parametrize(
    ("parents", "missing"),
    [
        ({"vpc": None, "project": "web"}, "its vpc is needed"),
        ({"vpc": "default", "project": None}, 'vpc "default" is given by name'),
    ],
)
def test_a_name_without_its_parent_is_refused_before_the_rack_does(
    parents: dict[str, str | None], missing: str
) -> None:
    with pytest.raises(SelectorError, match=missing):
        selector("subnet", "default", parents)


@pytest.mark.parametrize("key", ["", ".", "..", "a/b", "a?b", "ü"])
async def test_a_name_cannot_leave_its_place_in_the_path(key: str) -> None:
    async with wire(lambda _: Reply(status=204)) as rack, client(rack.host) as oxide:
        with pytest.raises(SelectorError, match="no name or id of a project"):
            await oxide.projects.delete(key)
        with pytest.raises(SelectorError, match="no name or id of a token"):
            await oxide.session.revoke_token(key)
    assert rack.requests == []


def test_messages_quote_names_and_not_ids() -> None:
    assert named("disk", "boot") == 'disk "boot"'
    assert named("disk", IMAGE_ID) == f"disk {IMAGE_ID}"


@pytest.mark.parametrize(
    ("name_or_id", "project", "params"),
    [
        (IMAGE_ID, None, {}),
        (IMAGE_ID, "web", {}),
        ("ubuntu", "web", {"project": "web"}),
        ("ubuntu", None, {}),
    ],
)
async def test_an_image_without_project_is_the_silos(
    name_or_id: str, project: str | None, params: dict[str, str]
) -> None:
    async with wire(lambda _: Reply(samples.image())) as rack, client(rack.host) as oxide:
        await oxide.images.view(name_or_id, project)
    assert rack.requests[0].params == params


async def test_a_list_names_its_container_also_by_id() -> None:
    async with wire(lambda _: Reply(samples.page([]))) as rack, client(rack.host) as oxide:
        assert [disk async for disk in oxide.disks.list(PROJECT_ID)] == []
        assert [subnet async for subnet in oxide.subnets.list(VPC_ID, "web")] == []
    assert [request.params for request in rack.requests] == [
        {"project": PROJECT_ID, "limit": "1000"},
        {"vpc": VPC_ID, "limit": "1000"},
    ]
