"""How requests are read, and what is said of those that cannot be."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.rack.site import site


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "EOF while parsing a value at line 1 column 0"),
        (b"{", "EOF while parsing a value at line 1 column 1"),
        (b"{]", "expected value at line 1 column 1"),
        (b'{"name": "a"}', "missing field `description` at line 1 column 13"),
        (
            b'{"name": 7,\n "description": ""}',
            "name: invalid value: integer `7`, expected a string at line 1 column 10",
        ),
        (
            b'{"description": "",\n "name": ""}',
            "name: name requires at least one character at line 2 column 11",
        ),
        (
            b'{"name": "a-", "description": ""}',
            'name: name cannot end with "-" at line 1 column 13',
        ),
        (b"[]", "invalid type: sequence, expected a map at line 1 column 2"),
    ],
)
async def test_a_body_that_cannot_be_read(tmp_path: Path, body: bytes, message: str) -> None:
    async with site(tmp_path) as there:
        headers = {"content-type": "application/json"}
        reply = await there.client.post("/v1/projects", content=body, headers=headers)
        assert reply.status_code == 400
        assert reply.json()["message"] == f"unable to parse JSON body: {message}"


@pytest.mark.parametrize(
    "name",
    ["A", "1a", "a_b", "a" * 64, "ab-", "ä", "5a7d4ab6-bd35-4a0d-8dcd-6a8f3d2f0a11", "a{0}"],
)
async def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    async with site(tmp_path) as there:
        body = {"name": name, "description": ""}
        status, code, message = await there.refused("POST", "/v1/projects", body)
        assert (status, code) == (400, None)
        assert message.startswith("unable to parse JSON body: name: name ")


async def test_a_nested_mistake_is_found(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = await there.new("i")
        body["boot_disk"]["disk_backend"]["disk_source"]["image_id"] = "ubuntu"
        status, code, message = await there.refused("POST", "/v1/instances", body, project="p")
        assert (status, code) == (400, None)
        path = "boot_disk.disk_backend.disk_source.image_id"
        column = json.dumps(body, separators=(",", ":")).index('"ubuntu"') + len('"ubuntu"')
        assert message == (
            f"unable to parse JSON body: {path}: UUID parsing failed: invalid character or "
            f"length at line 1 column {column}"
        )


async def test_an_unknown_variant_is_named(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        body = {
            "name": "d",
            "description": "",
            "size": 1,
            "disk_backend": {"type": "remote"},
        }
        message = (await there.refused("POST", "/v1/disks", body, project="p"))[2]
        assert (
            "disk_backend: unknown variant `remote`, expected `local` or `distributed`" in message
        )


async def test_unknown_keys_are_ignored(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        body = {"name": "a", "description": "", "colour": "red"}
        assert (await there.post("/v1/projects", body))["name"] == "a"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": "0"}, "limit: "),
        ({"limit": "-1"}, "limit: "),
        ({"limit": "many"}, "limit: "),
        ({"sort_by": "age"}, "sort_by: unknown variant `age`, expected one of `name_ascending`"),
        ({"page_token": "x"}, "failed to parse pagination token"),
        ({"page_token": "x" * 513}, "failed to parse pagination token"),
        (
            {"page_token": base64.urlsafe_b64encode(b'{"page_start": 3}').decode()},
            "failed to parse pagination token",
        ),
    ],
)
async def test_a_query_that_cannot_be_read(
    tmp_path: Path, query: dict[str, Any], message: str
) -> None:
    async with site(tmp_path) as there:
        status, code, shown = await there.refused("GET", "/v1/projects", **query)
        assert (status, code) == (400, None)
        assert shown.startswith(f"unable to parse query string: {message}")


async def test_a_list_needs_its_project_only_on_the_first_page(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        await there.project()
        for name in ("a", "b"):
            await there.disk("p", name)
        refusal = await there.refused("GET", "/v1/disks")
        assert refusal == (400, None, "unable to parse query string: missing field `project`")
        first = await there.get("/v1/disks", project="p", limit=1, sort_by="name_descending")
        second = await there.get("/v1/disks", page_token=first["next_page"])
        assert [item["name"] for item in (*first["items"], *second["items"])] == ["b", "a"]


async def test_a_path_part_that_is_no_name(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        status, code, message = await there.refused("GET", "/v1/projects/Web")
        assert (status, code) == (400, None)
        assert message.startswith("bad parameter in URL path: name must begin with an ASCII")
        status, _, message = await there.refused("DELETE", "/v1/me/access-tokens/x")
        assert (status, message.startswith("bad parameter in URL path: ")) == (400, True)


async def test_another_content_type_is_refused(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        reply = await there.client.post(
            "/v1/projects", content=b"{}", headers={"content-type": "text/plain; charset=utf-8"}
        )
        assert reply.status_code == 400
        assert reply.json()["message"] == (
            'expected content type "application/json", got "text/plain; charset=utf-8"'
        )


async def test_a_body_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        body = {"name": "a", "description": "x" * 1048576}
        refusal = await there.refused("POST", "/v1/projects", body)
        assert refusal == (400, None, "request body exceeded maximum size of 1048576 bytes")


async def test_unknown_routes_and_methods(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        assert await there.refused("GET", "/v1/nothing") == (404, None, "Not Found")
        reply = await there.client.patch("/v1/projects")
        assert (reply.status_code, reply.json()["message"]) == (405, "Method Not Allowed")
        assert reply.headers["allow"] == "GET, POST"
        assert (await there.client.get("/v1//ping/")).status_code == 200


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("2026060800.0.0", 200),
        ("2026072800.0.0", 200),
        ("2026072800.0.1", 400),
        ("2025010100.0.0", 400),
        ("latest", 400),
    ],
)
async def test_versions(tmp_path: Path, version: str, status: int) -> None:
    async with site(tmp_path) as there:
        reply = await there.client.get("/v1/projects", headers={"API-Version": version})
        assert reply.status_code == status


async def test_an_older_rack_refuses_a_newer_client(tmp_path: Path) -> None:
    async with site(tmp_path, "api_version=2026032500.0.0") as there:
        refusal = await there.refused("GET", "/v1/projects")
        assert refusal == (
            400,
            None,
            "server does not support this API version: 2026072800.0.0",
        )


async def test_a_missing_version_means_the_newest(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        del there.client.headers["api-version"]
        assert (await there.get("/v1/ping")) == {"status": "ok"}


async def test_ping_needs_no_login(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        reply = await there.client.get("/v1/ping", headers={"Authorization": ""})
        assert reply.json() == {"status": "ok"}
