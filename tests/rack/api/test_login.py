"""Logging in from a device, and tokens."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.rack.site import Site, site

CLIENT = str(uuid.UUID(int=7))
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


async def _begin(there: Site, **fields: Any) -> Any:
    reply = await there.client.post("/device/auth", data={"client_id": CLIENT, **fields})
    assert reply.status_code == 200
    return reply.json()


async def _poll(there: Site, device_code: str) -> tuple[int, Any]:
    form = {"grant_type": GRANT_TYPE, "device_code": device_code, "client_id": CLIENT}
    reply = await there.client.post("/device/token", data=form, headers={"Authorization": ""})
    return reply.status_code, reply.json()


async def test_a_device_is_let_in(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        grant = await _begin(there)
        assert grant["verification_uri"] == "http://rack/device/verify"
        assert grant["expires_in"] == 300
        pending = (400, {"error": "authorization_pending"})
        assert await _poll(there, grant["device_code"]) == pending
        await there.post("/device/confirm", {"user_code": grant["user_code"]})
        status, token = await _poll(there, grant["device_code"])
        assert (status, token["token_type"], token["time_expires"]) == (200, "bearer", None)
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        assert (await there.client.get("/v1/me", headers=headers)).status_code == 200
        assert await _poll(there, grant["device_code"]) == pending


async def test_there_is_a_page_to_let_a_device_in(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        grant = await _begin(there)
        application = there.transport.inner
        async with httpx.AsyncClient(transport=application) as browser:
            page = await browser.get(grant["verification_uri"])
        assert page.headers["content-type"].startswith("text/html")
        assert "/device/confirm" in page.text


async def test_a_token_can_be_listed_and_revoked(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        grant = await _begin(there, ttl_seconds="600")
        await there.post("/device/confirm", {"user_code": grant["user_code"]})
        _, token = await _poll(there, grant["device_code"])
        listed = (await there.get("/v1/me/access-tokens"))["items"]
        lives = {item["id"]: item["time_expires"] for item in listed}
        assert lives[token["token_id"]] == token["time_expires"] is not None
        assert len(lives) == 2
        await there.delete(f"/v1/me/access-tokens/{token['token_id']}")
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        assert (await there.client.get("/v1/me", headers=headers)).status_code == 401
        again = await there.refused("DELETE", f"/v1/me/access-tokens/{token['token_id']}")
        assert again[:2] == (404, "ObjectNotFound")


async def test_a_code_opens_nothing_twice_nor_late(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        grant = await _begin(there)
        code = {"user_code": grant["user_code"]}
        await there.post("/device/confirm", code)
        assert (await there.refused("POST", "/device/confirm", code))[0] == 404
        late = await _begin(there)
        there.clock.time += timedelta(seconds=301)
        code = {"user_code": late["user_code"]}
        assert (await there.refused("POST", "/device/confirm", code))[0] == 404


async def test_the_silos_longest_life_is_kept(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        limit = {"device_token_max_ttl_seconds": 3600}
        await there.ok("PUT", "/v1/auth-settings", limit)
        settings = await there.get("/v1/auth-settings")
        assert settings["device_token_max_ttl_seconds"] == 3600
        grant = await _begin(there, ttl_seconds="7200")
        code = {"user_code": grant["user_code"]}
        refusal = await there.refused("POST", "/device/confirm", code)
        assert refusal[:2] == (400, "InvalidRequest")
        grant = await _begin(there)
        await there.post("/device/confirm", {"user_code": grant["user_code"]})
        _, token = await _poll(there, grant["device_code"])
        assert token["time_expires"] is not None
        await there.ok("PUT", "/v1/auth-settings", {"device_token_max_ttl_seconds": None})
        settings = await there.get("/v1/auth-settings")
        assert settings["device_token_max_ttl_seconds"] is None


async def test_other_grants_are_not_supported(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        form = {"grant_type": "password", "device_code": "x", "client_id": CLIENT}
        reply = await there.client.post("/device/token", data=form)
        assert (reply.status_code, reply.json()) == (400, {"error": "unsupported_grant_type"})


async def test_secrets_are_kept_as_digests_only(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        kept = [path.read_bytes() for path in tmp_path.glob("rack.db*")]
        assert kept
        assert not any(there.token.encode() in content for content in kept)


async def test_keys_are_listed_viewed_and_deleted(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        body = {"name": "k", "description": "", "public_key": "anything"}
        key = await there.post("/v1/me/ssh-keys", body)
        assert await there.get("/v1/me/ssh-keys/k") == key
        assert await there.get(f"/v1/me/ssh-keys/{key['id']}") == key
        clash = await there.refused("POST", "/v1/me/ssh-keys", body)
        assert clash == (400, "ObjectAlreadyExists", 'already exists: ssh-key "k"')
        long = {**body, "name": "l", "public_key": "x" * 1024}
        assert (await there.refused("POST", "/v1/me/ssh-keys", long))[0] == 500
        await there.delete("/v1/me/ssh-keys/k")
        assert (await there.get("/v1/me/ssh-keys"))["items"] == []
