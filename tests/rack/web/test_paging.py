"""Pages of a list: together they are the list."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.rack.store.database import Store, open_store
from oxtui.rack.store.records import Project
from oxtui.rack.store.tables import SortMode
from oxtui.rack.web.paging import Scan, parse

_names = st.from_regex(r"[a-c]([a-c0-1-]{0,3}[a-c0-1])?", fullmatch=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_store(tmp_path_factory.mktemp("store")) as store:
        yield store


def _view(project: Project) -> dict[str, Any]:
    return {"id": project.id, "name": project.name}


@given(
    names=st.sets(_names, max_size=12),
    limit=st.integers(1, 5),
    sort=st.sampled_from(["name_ascending", "name_descending", "id_ascending"]),
)
def test_pages_follow_each_other_without_gap_or_repeat(
    store: Store, names: set[str], limit: int, sort: SortMode
) -> None:
    store.projects.delete()
    for name in names:
        store.projects.insert(
            Project(
                id=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)),
                name=name,
                description="",
                time_created="",
                time_modified="",
            )
        )
    seen: list[dict[str, Any]] = []
    query = {"limit": str(limit), "sort_by": sort}
    while True:
        _, page = parse(query, Scan)
        body = page.of(store.projects, _view)
        if not body["items"]:
            assert body["next_page"] is None
            break
        assert len(body["items"]) <= limit
        seen += body["items"]
        query = {"limit": str(limit), "page_token": body["next_page"]}
    key = "id" if sort == "id_ascending" else "name"
    expected = sorted(seen, key=lambda item: str(item[key]), reverse=sort == "name_descending")
    assert seen == expected
    assert {item["name"] for item in seen} == names
