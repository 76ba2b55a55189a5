"""Whatever is sent, the simulated Outscale answers, and never with an error of its own."""

from __future__ import annotations

import asyncio
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.rack.outscale.actions.registry import ACTIONS
from oxtui.rack.outscale.errors import OapiError
from oxtui.rack.outscale.seed import fixed_id
from oxtui.rack.outscale.signature import SignedRequest, check
from tests.rack.outscale.description import schemas as described
from tests.rack.outscale.made_up import values
from tests.rack.outscale.site import Site, site

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WORDS = (
    "", "x", "packer", "eA==", "Inbound", "tcp", "0.0.0.0/0", "/dev/sda1", "/dev/sdb", "gp2", "io1",
    "eu-west-2", "eu-west-2a", "stop", "t2.small", "default", "127.9.9.8", "i-12345678",
    fixed_id("ami", "debian-12"), fixed_id("snap", "debian-12"), fixed_id("subnet", "a"),
    fixed_id("vpc", "demo"), fixed_id("sg", "net"), "golden image",
)  # fmt: skip
MADE = ("a VM", "a volume", "a snapshot", "an image", "a public IP")


def named(there: Site, body: Any) -> Any:
    """A body with the id of the latest VM, volume and so on where it has their names."""
    text = json.dumps(body)
    store = there.cloud.store
    tables = (store.vms, store.volumes, store.snapshots, store.images, store.public_ips)
    for name, table in zip(MADE, tables, strict=True):
        for record in table.all()[-1:]:
            text = text.replace(f'"{name}"', f'"{record.id}"')
    return json.loads(text)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_request_is_too_much(data: st.DataObject) -> None:
    async def send() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with site(Path(folder)) as there:
                await there.vm()
                for _ in range(12):
                    action = data.draw(st.sampled_from(sorted(ACTIONS)))
                    schema = described()[f"{action}Request"]
                    body = named(there, data.draw(values(schema, (*WORDS, *MADE))))
                    reply = await there.send(action, body)
                    assert reply.status_code < 500, (action, body)

    asyncio.run(send())


@given(
    st.one_of(st.text(), st.from_regex(r"OSC4-HMAC-SHA256 Credential=\S+, SignedHeaders=\S+")),
    st.text(),
    st.binary(),
)
def test_no_header_gets_in_by_accident(authorization: str, date: str, body: bytes) -> None:
    headers = {"host": "api.test", "authorization": authorization, "x-osc-date": date}
    request = SignedRequest("POST", "/api/v1/ReadVms", "", headers, body)
    with pytest.raises(OapiError) as caught:
        check(request, access_key="AK", secret_key="SK", region="eu-west-2", now=NOW)
    assert caught.value.status in (401, 403)
