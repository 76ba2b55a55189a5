"""Builds whose instance is reached over IPv6, on a simulated rack of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from oxtui.component.commands import Keep
from oxtui.component.events import AddressKnown, ApiCalled, SshCalled
from oxtui.oxide.models.network import NetworkInterface
from tests.ipv6 import needs_ipv6
from tests.sessions import Bench, bench, shell, template

pytestmark = pytest.mark.slow

LOOK = shell("echo from-$SSH_CONNECTION")


def _address(there: Bench) -> str:
    return next(event.address for event in there.events if isinstance(event, AddressKnown))


async def _interfaces(there: Bench) -> list[NetworkInterface]:
    """Of the only instance that the last build left."""
    (instance,) = [i async for i in there.client.instances.list("web") if "packer-" in i.name]
    return [each async for each in there.client.network_interfaces.list(instance.id)]


@needs_ipv6
async def test_a_build_with_a_pool_of_ipv6_goes_over_ipv6_to_its_image(tmp_path: Path) -> None:
    async with bench(tmp_path, "--ip-pools", "both") as there:
        finished = await there.run(template(LOOK, source='ip_pool = "ipv6"'))
        assert finished.status == "succeeded", there.build.error
        assert _address(there) == "::1"
        assert "from-::1 " in there.log("provision-1")
        assert 'an external IPv6 address, of pool "ipv6"; its interface has IPv4 too' in there.log(
            "preflight"
        )
        value = next(value for value in there.build.values if value.name == "ip_pool")
        assert (value.value, value.source) == ("ipv6 (IPv6)", "template")
        port = str(there.rack.ssh_port)
        connect = next(e for e in there.events if isinstance(e, SshCalled))
        assert connect.place == f"ubuntu@::1 port {port}"
        assert shlex.split(connect.command) == ["ssh", "-p", port, "ubuntu@::1"]
        assert (await there.client.images.view("made", project="web")).name == "made"
        assert await there.left_on_rack() == []


@needs_ipv6
async def test_the_interface_keeps_ipv4_beside_ipv6(tmp_path: Path) -> None:
    async with bench(tmp_path, "--ip-pools", "both") as there:
        await there.run(
            template(shell("exit 1"), source='ip_pool = "ipv6"'), lambda pause: Keep(build="")
        )
        (interface,) = await _interfaces(there)
        assert interface.ip_stack.type == "dual_stack"


@needs_ipv6
async def test_where_the_only_default_pool_is_of_ipv6_a_build_takes_it(tmp_path: Path) -> None:
    async with bench(tmp_path, "--ip-pools", "v6") as there:
        await there.run(template(LOOK, shell("exit 1")), lambda pause: Keep(build=""))
        assert _address(there) == "::1"
        assert "from-::1 " in there.log("provision-1")
        assert "its interface has IPv6 alone, as the silo has no default IPv4 pool" in there.log(
            "preflight"
        )
        (interface,) = await _interfaces(there)
        assert interface.ip_stack.type == "v6"


@needs_ipv6
async def test_with_default_pools_of_both_ipv4_is_taken_or_the_address_that_is_written(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, "--ip-pools", "both") as there:
        finished = await there.run(template(LOOK, source="skip_create_image = true"))
        assert finished.status == "succeeded", there.build.error
        assert _address(there).startswith("127.")
        assert "IPv6" not in there.log("preflight")
        # In brackets, as Packer's users write it.
        source = 'ip_pool = "ipv6"\nssh_host = "[::1]"\nskip_create_image = true'
        finished = await there.run(template(LOOK, source=source))
        assert finished.status == "succeeded", there.build.error
        assert there.build.address is not None
        assert there.build.address.address == "::1"


async def test_a_silo_without_pools_is_told_before_anything_is_made(tmp_path: Path) -> None:
    async with bench(tmp_path, "--ip-pools", "none") as there:
        finished = await there.run(template(LOOK))
        assert finished.status == "failed"
        assert there.build.error == (
            "preflight: ip_pool: The silo has neither a default IPv4 pool nor a default IPv6 pool; "
            "its administrator can make one the default."
        )
        made = [e for e in there.events if isinstance(e, ApiCalled) and e.method != "GET"]
        assert made == []
