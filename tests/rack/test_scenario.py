"""A whole build by hand against a rack in another process: from a silo image to a proven one."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncssh
import httpx
import pytest

from tests.rack.conformance import CheckedTransport
from tests.rack_process import RackProcess, rack

GIB = 1024**3


class Operator:
    """Uses the API as a person with curl would."""

    def __init__(self, there: RackProcess, client: httpx.AsyncClient) -> None:
        self._there = there
        self._client = client
        self._key = asyncssh.generate_private_key("ssh-ed25519")

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        reply = await self._client.request(method, path, json=body, params=query or None)
        assert reply.is_success, (method, path, reply.text)
        return reply.json() if reply.content else None

    async def bring_key(self, name: str) -> None:
        text = self._key.export_public_key().decode().strip()
        body = {"name": name, "description": "", "public_key": text}
        await self.call("POST", "/v1/me/ssh-keys", body)

    async def launch(self, name: str, image: Any, user_data: str = "") -> Any:
        source = {"type": "image", "image_id": image["id"]}
        body = {
            "name": name,
            "description": "",
            "hostname": name,
            "ncpus": 1,
            "memory": GIB,
            "user_data": user_data,
            "boot_disk": {
                "type": "create",
                "name": name,
                "description": "",
                "size": image["size"],
                "disk_backend": {"type": "distributed", "disk_source": source},
            },
            "external_ips": [
                {"type": "ephemeral", "pool_selector": {"type": "auto", "ip_version": "v4"}}
            ],
            "network_interfaces": {"type": "default_ipv4"},
            "ssh_public_keys": ["temporary"],
        }
        return await self.call("POST", "/v1/instances", body, project="lab")

    async def reach(self, instance: Any) -> asyncssh.SSHClientConnection:
        """Log in as the image's user once the guest listens."""
        page = await self.call("GET", f"/v1/instances/{instance['id']}/external-ips")
        (address,) = (item["ip"] for item in page["items"] if item["kind"] == "ephemeral")
        async with asyncio.timeout(30):
            while True:
                try:
                    return await asyncssh.connect(
                        address,
                        self._there.ssh_port,
                        username="ubuntu",
                        client_keys=[self._key],
                        known_hosts=None,
                    )
                except OSError:
                    await asyncio.sleep(0.02)

    async def stop(self, instance: Any) -> None:
        path = f"/v1/instances/{instance['id']}"
        await self.call("POST", f"{path}/stop")
        async with asyncio.timeout(30):
            state = ""
            while state != "stopped":
                state = (await self.call("GET", path))["run_state"]

    async def remove(self, instance: Any) -> None:
        """Stop and delete an instance and the disk that it leaves."""
        await self.stop(instance)
        await self.call("DELETE", f"/v1/instances/{instance['id']}")
        await self.call("DELETE", f"/v1/disks/{instance['boot_disk_id']}")


@pytest.mark.timeout(240)
async def test_an_image_holds_what_was_provisioned_and_nothing_is_left() -> None:
    async with rack() as there:
        transport = CheckedTransport(httpx.AsyncHTTPTransport())
        headers = {"Authorization": f"Bearer {there.token}", "API-Version": "2026060800.0.0"}
        async with httpx.AsyncClient(
            transport=transport, base_url=there.host, headers=headers, timeout=60
        ) as client:
            await _build(Operator(there, client))


async def _build(operator: Operator) -> None:
    call = operator.call
    before = await call("GET", "/v1/utilization")
    await operator.bring_key("temporary")
    base = await call("GET", "/v1/images/ubuntu-24-04")
    builder = await operator.launch("builder", base)
    assert builder["run_state"] == "starting"
    async with await operator.reach(builder) as guest:
        done = await guest.run(
            "echo provisioned | sudo tee /opt/proof && sync && exit 7", check=False
        )
        assert (done.stdout, done.exit_status) == ("provisioned\n", 7)
    console = await call(
        "GET", f"/v1/instances/{builder['id']}/serial-console", from_start=0, max_bytes=10**6
    )
    assert b"BEGIN SSH HOST KEY FINGERPRINTS" in bytes(console["data"])
    await operator.stop(builder)
    body = {"name": "captured", "description": "", "disk": builder["boot_disk_id"]}
    snapshot = await call("POST", "/v1/snapshots", body, project="lab")
    image = {
        "name": "built",
        "description": "",
        "os": "ubuntu",
        "version": "24.04-1",
        "source": {"type": "snapshot", "id": snapshot["id"]},
    }
    made = await call("POST", "/v1/images", image, project="lab")
    await call("DELETE", f"/v1/snapshots/{snapshot['id']}")
    await operator.remove(builder)
    proof = await operator.launch("proof", made)
    async with await operator.reach(proof) as guest:
        read = await guest.run("cat /opt/proof; hostname", check=True)
        assert read.stdout == "provisioned\nproof\n"
    await call("POST", f"/v1/images/{made['id']}/promote")
    await operator.remove(proof)
    await call("DELETE", f"/v1/images/{made['id']}")
    await call("DELETE", "/v1/me/ssh-keys/temporary")
    assert await call("GET", "/v1/utilization") == before
    assert (await call("GET", "/v1/instances", project="lab"))["items"] == []


async def test_a_guest_that_powers_off_or_reboots_is_seen_by_the_rack() -> None:
    async with rack() as there:
        headers = {"Authorization": f"Bearer {there.token}"}
        transport = CheckedTransport(httpx.AsyncHTTPTransport())
        async with httpx.AsyncClient(
            transport=transport, base_url=there.host, headers=headers, timeout=60
        ) as client:
            operator = Operator(there, client)
            await operator.bring_key("temporary")
            base = await operator.call("GET", "/v1/images/ubuntu-22-04")
            instance = await operator.launch("i", {**base, "size": 4 * GIB})
            await _reboots_and_powers_off(operator, instance)


async def _reboots_and_powers_off(operator: Operator, instance: Any) -> None:
    path = f"/v1/instances/{instance['id']}"

    async def state(wanted: str) -> None:
        async with asyncio.timeout(30):
            shown = ""
            while shown != wanted:
                shown = (await operator.call("GET", path))["run_state"]

    for command, wanted in (("sudo reboot", "running"), ("sudo shutdown -h now", "stopped")):
        guest = await operator.reach(instance)
        await guest.run(command, check=False)
        async with asyncio.timeout(30):
            await guest.wait_closed()
        await state(wanted)
