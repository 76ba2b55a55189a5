"""A simulated Outscale as a process: clients that others wrote, and VMs that are entered by SSH."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib.util
import json
import os
import shutil
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncssh
import httpx
import pytest

from tests.outscale_process import OutscaleProcess, outscale
from tests.rack.outscale.client import Client
from tests.rack_process import command

KEY = asyncssh.generate_private_key("ssh-ed25519")
PUBLIC_KEY = base64.b64encode(KEY.export_public_key()).decode()


@contextlib.asynccontextmanager
async def client(there: OutscaleProcess) -> AsyncIterator[Client]:
    verify = ssl.create_default_context(cafile=there.cacert) if there.cacert else True
    keys = {name: there.variables[f"OSC_{name.upper()}"] for name in ("access_key", "secret_key")}
    async with httpx.AsyncClient(timeout=30, verify=verify) as http:
        yield Client(http, there.endpoint, region=there.variables["OSC_REGION"], **keys)


async def run(there: OutscaleProcess, address: str, line: str) -> str:
    """Run a command in a VM, as soon as it lets us in."""
    async with asyncio.timeout(30):
        while True:
            try:
                connection = await asyncssh.connect(
                    address,
                    there.ssh_port,
                    username="outscale",
                    client_keys=[KEY],
                    known_hosts=None,
                    config=None,
                )
                break
            except (OSError, asyncssh.ConnectionLost):
                await asyncio.sleep(0.05)  # SSH opens while the VM boots on
        async with connection:
            return str((await connection.run(line, check=True)).stdout)


async def opened(cloud: Client, port: int) -> dict[str, Any]:
    """What a VM is made with that is to be reached from outside, in the subnet."""
    subnet = await cloud.subnet()
    body = {"SecurityGroupName": "ssh", "Description": "SSH", "NetId": subnet["NetId"]}
    group = (await cloud.ok("CreateSecurityGroup", **body))["SecurityGroup"]["SecurityGroupId"]
    rule = {
        "FromPortRange": port,
        "ToPortRange": port,
        "IpProtocol": "tcp",
        "IpRange": "127.0.0.0/8",
    }
    await cloud.ok("CreateSecurityGroupRule", SecurityGroupId=group, Flow="Inbound", **rule)
    await cloud.ok("CreateKeypair", KeypairName="k", PublicKey=PUBLIC_KEY)
    return {"KeypairName": "k", "SubnetId": subnet["SubnetId"], "SecurityGroupIds": [group]}


@pytest.mark.parametrize(
    "isolation",
    [
        "auto",
        pytest.param("chroot", marks=pytest.mark.slow),
        pytest.param("none", marks=pytest.mark.slow),
    ],
)
async def test_what_was_provisioned_is_in_the_image(isolation: str) -> None:
    if isolation == "chroot" and os.geteuid() != 0:
        pytest.skip("only root may change its root")
    async with outscale("--isolation", isolation) as there, client(there) as cloud:
        how = await opened(cloud, there.ssh_port)
        script = base64.b64encode(b"#!/bin/sh\necho from user data > /etc/motd\n").decode()
        vm = await cloud.vm(**how, UserData=script)
        ip = (await cloud.ok("CreatePublicIp"))["PublicIp"]
        await cloud.ok("LinkPublicIp", PublicIpId=ip["PublicIpId"], VmId=vm["VmId"])
        say = "cloud-init status --wait >/dev/null; cat /etc/motd; id -un; sudo id -u"
        shown = (await run(there, ip["PublicIp"], say)).splitlines()
        # Without isolation everything runs as whoever runs the rack, and sees the machine's files.
        if isolation != "none":
            assert shown == ["from user data", "outscale", "0"]
        await run(there, vm["PrivateIp"], "echo made > ~/made; sync")
        await cloud.ok("StopVms", VmIds=[vm["VmId"]])
        await cloud.until("Vm", vm["VmId"], "stopped")
        image = (await cloud.ok("CreateImage", VmId=vm["VmId"], ImageName="golden"))["Image"]
        image = await cloud.until("Image", image["ImageId"], "available")
        await cloud.ok("DeleteVms", VmIds=[vm["VmId"]])
        again = await cloud.vm(ImageId=image["ImageId"], **how)
        assert await run(there, again["PrivateIp"], "cat made") == "made\n"
        await cloud.ok("DeleteVms", VmIds=[again["VmId"]])
        await cloud.until("Vm", again["VmId"], "terminated")
        await cloud.ok("DeletePublicIp", PublicIpId=ip["PublicIpId"])
        await cloud.ok("DeleteKeypair", KeypairName="k")
        await cloud.ok("DeleteSecurityGroup", SecurityGroupId=how["SecurityGroupIds"][0])
        snapshot = image["BlockDeviceMappings"][0]["Bsu"]["SnapshotId"]
        assert await there.leftovers() == sorted([image["ImageId"], snapshot])


async def test_a_public_address_is_closed_to_whom_no_rule_lets_in() -> None:
    async with outscale() as there, client(there) as cloud:
        how = await opened(cloud, there.ssh_port)
        del how["SecurityGroupIds"]
        vm = await cloud.vm(**how)
        await run(there, vm["PrivateIp"], "true")
        ip = (await cloud.ok("CreatePublicIp"))["PublicIp"]
        link = {"PublicIpId": ip["PublicIpId"], "VmId": vm["VmId"]}
        await cloud.ok("LinkPublicIp", **link)
        reader, writer = await asyncio.open_connection(ip["PublicIp"], there.ssh_port)
        assert await reader.read() == b""
        writer.close()
        await cloud.ok("UnlinkPublicIp", PublicIp=ip["PublicIp"])
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(ip["PublicIp"], there.ssh_port)


async def test_a_restart_keeps_keys_images_and_what_is_on_volumes(tmp_path: Path) -> None:
    flags = ("--state", str(tmp_path / "state"))
    async with outscale(*flags) as there, client(there) as cloud:
        secret = there.variables["OSC_SECRET_KEY"]
        vm = await cloud.vm(**await opened(cloud, there.ssh_port))
        await run(there, vm["PrivateIp"], "echo kept > ~/kept; sync")
    async with outscale(*flags) as there, client(there) as cloud:
        assert there.variables["OSC_SECRET_KEY"] == secret
        assert (await cloud.one("Vm", vm["VmId"]))["State"] == "stopped"
        await cloud.ok("StartVms", VmIds=[vm["VmId"]])
        vm = await cloud.until("Vm", vm["VmId"], "running")
        assert await run(there, vm["PrivateIp"], "cat kept") == "kept\n"


async def test_a_vm_does_not_boot_from_a_volume_without_a_file_system() -> None:
    async with outscale() as there, client(there) as cloud:
        volume = await cloud.volume()
        snapshot = await cloud.snapshot(volume["VolumeId"])
        root = {"DeviceName": "/dev/sda1", "Bsu": {"SnapshotId": snapshot["SnapshotId"]}}
        body = {"ImageName": "empty", "RootDeviceName": "/dev/sda1", "BlockDeviceMappings": [root]}
        image = (await cloud.ok("CreateImage", **body))["Image"]["ImageId"]
        await cloud.until("Image", image, "available")
        made = await there.leftovers()
        reply = await cloud.send("CreateVms", {"ImageId": image})
        assert reply.status_code == 400
        assert "way to boot from vol-" in reply.text
        assert await there.leftovers() == made
        off = await cloud.ok("CreateVms", ImageId=image, BootOnCreation=False)
        start = {"VmIds": [off["Vms"][0]["VmId"]]}
        assert await cloud.refused("StartVms", **start) == (400, "0")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
async def test_curl_signs_what_is_accepted() -> None:
    async with outscale() as there:
        keys = there.variables
        for scheme in ("osc:osc", "aws:amz"):
            words = ["--aws-sigv4", f"{scheme}:{keys['OSC_REGION']}:api"]
            accepted = await curl(there, *words, keys["OSC_SECRET_KEY"])
            assert accepted["Accounts"], scheme
            refused = await curl(there, *words, "another")
            assert refused["Errors"][0]["Code"] == "1"


async def curl(there: OutscaleProcess, flag: str, scheme: str, secret: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(
            "curl",
            "--silent",
            flag,
            scheme,
            "--user",
            f"{there.variables['OSC_ACCESS_KEY']}:{secret}",
        ),
        *("--header", "Content-Type: application/json", "--data", "{}"),
        f"{there.endpoint}/ReadAccounts",
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    shown: dict[str, Any] = json.loads(out)
    return shown


@pytest.mark.skipif(
    importlib.util.find_spec("osc_sdk_python") is None, reason="osc-sdk-python is not here"
)
async def test_the_official_client_is_accepted(tmp_path: Path) -> None:
    program = (
        "from osc_sdk_python import Gateway; print(Gateway().ReadImages()['Images'][0]['ImageId'])"
    )
    async with outscale() as there:
        environment = {**os.environ, **there.variables, "HOME": str(tmp_path)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, env=environment, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
    assert out.startswith(b"ami-")


async def test_connections_break_and_replies_stay_out_as_was_said() -> None:
    faults = ("--fault", "ReadVms:reset:once", "--fault", "CreatePublicIp:timeout-but-done:once")
    async with outscale(*faults) as there, client(there) as cloud:
        with pytest.raises(httpx.TransportError):
            await cloud.ok("ReadVms")
        await cloud.ok("ReadVms")
        lost = asyncio.ensure_future(cloud.ok("CreatePublicIp"))
        while not (await cloud.ok("ReadPublicIps"))["PublicIps"]:
            assert not lost.done()
        lost.cancel()
        await asyncio.gather(lost, return_exceptions=True)


async def test_it_serves_https_too() -> None:
    async with outscale("--tls") as there, client(there) as cloud:
        assert there.endpoint.startswith("https://")
        assert there.variables["SSL_CERT_FILE"] == there.cacert
        assert (await cloud.ok("ReadAccounts"))["Accounts"]


async def test_flags_of_the_oxide_rack_are_refused() -> None:
    words = command("--cloud", "outscale", "--seed", "demo")
    process = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"--seed and --ip-pools are of the Oxide rack" in said
