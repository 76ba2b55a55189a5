"""A client whose traffic is checked against the description of the API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.rack.outscale.description import validator
from tests.rack.outscale.signing import headers

Record = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class Client:
    """Signs and sends; what is accepted and what is replied must be as described."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        endpoint: str,
        *,
        access_key: str,
        secret_key: str,
        region: str = "eu-west-2",
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._http = http
        self._endpoint = endpoint
        self._keys = {"access_key": access_key, "secret_key": secret_key, "region": region}
        self._clock = clock

    async def send(self, action: str, body: Record | None = None) -> httpx.Response:
        """Return the reply, whatever it is."""
        content = json.dumps(body or {}).encode()
        url = f"{self._endpoint}/{action}"
        parts = urlsplit(url)
        signed = headers(
            path=parts.path, host=parts.netloc, body=content, now=self._clock(), **self._keys
        )
        reply = await self._http.post(url, content=content, headers=signed)
        shown = reply.json()
        if reply.is_success:
            validator(f"{action}Request").validate(body or {})
            validator(f"{action}Response").validate(shown)
        else:
            validator("ErrorResponse").validate(shown)
        assert shown["ResponseContext"]["RequestId"]
        return reply

    async def ok(self, action: str, **body: Any) -> Record:
        """Return the body of a reply that must be a success."""
        reply = await self.send(action, body)
        assert reply.is_success, (action, reply.status_code, reply.text)
        shown: Record = reply.json()
        return shown

    async def refused(self, action: str, **body: Any) -> tuple[int, str]:
        """Return status and code of a reply that must be an error."""
        reply = await self.send(action, body)
        assert reply.is_error, (action, reply.text)
        return reply.status_code, reply.json()["Errors"][0]["Code"]

    async def one(self, kind: str, identifier: str) -> Record:
        """Return a resource as its Read action shows it; kind: Vm, Volume, Snapshot or Image."""
        shown = await self.ok(f"Read{kind}s", Filters={f"{kind}Ids": [identifier]})
        (found,) = shown[f"{kind}s"]
        record: Record = found
        return record

    async def until(self, kind: str, identifier: str, state: str) -> Record:
        """Return a resource once it is in a state."""
        async with asyncio.timeout(30):
            while True:
                found = await self.one(kind, identifier)
                if found["State"] == state:
                    return found

    async def image(self) -> str:
        """The id of a seeded image."""
        shown = await self.ok("ReadImages", Filters={"AccountAliases": ["Outscale"]})
        return next(i["ImageId"] for i in shown["Images"] if i["ImageName"].startswith("Ubuntu-24"))

    async def subnet(self) -> Record:
        """The seeded subnet."""
        (found,) = (await self.ok("ReadSubnets"))["Subnets"]
        record: Record = found
        return record

    async def vm(self, state: str = "running", **body: Any) -> Record:
        """Make a VM of the seeded image and return it once it is in a state."""
        shown = await self.ok("CreateVms", **{"ImageId": await self.image(), **body})
        return await self.until("Vm", shown["Vms"][0]["VmId"], state)

    async def stopped_vm(self, **body: Any) -> Record:
        """Make a VM that is stopped."""
        vm = await self.vm(**body)
        await self.ok("StopVms", VmIds=[vm["VmId"]])
        return await self.until("Vm", vm["VmId"], "stopped")

    async def volume(self, **body: Any) -> Record:
        """Make a volume of 1 GiB and return it once it is available."""
        wanted = {"SubregionName": "eu-west-2a", "Size": 1, **body}
        shown = await self.ok("CreateVolume", **wanted)
        return await self.until("Volume", shown["Volume"]["VolumeId"], "available")

    async def snapshot(self, volume_id: str, **body: Any) -> Record:
        """Make a snapshot and return it once it is completed."""
        shown = await self.ok("CreateSnapshot", VolumeId=volume_id, **body)
        return await self.until("Snapshot", shown["Snapshot"]["SnapshotId"], "completed")
