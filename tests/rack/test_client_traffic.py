"""What oxtui itself sends to a rack is as the API's description says, and so are the answers."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.rack.conformance import checked_traffic
from tests.rack_process import rack
from tests.sessions import bench, shell, template

# What a build cannot do without; a check that saw none of them would prove nothing.
OF_A_BUILD = {
    "current_user_view", "current_user_ssh_key_create", "current_user_ssh_key_delete",
    "image_view", "image_create", "instance_create", "instance_view", "instance_stop",
    "instance_delete", "instance_external_ip_list", "instance_serial_console",
    "snapshot_create", "snapshot_delete", "disk_delete",
}  # fmt: skip


async def test_a_whole_build_keeps_to_the_description(tmp_path: Path) -> None:
    with checked_traffic() as seen:
        async with bench(tmp_path) as there:
            finished = await there.run(template(shell("echo made > ~/made")))
            assert finished.status == "succeeded", there.build.error
    assert seen.keys() >= OF_A_BUILD


async def test_a_request_that_is_not_described_is_caught() -> None:
    async with rack("--isolation", "none") as there:
        headers = {"Authorization": f"Bearer {there.token}"}
        async with httpx.AsyncClient(base_url=there.host, headers=headers) as client:
            with (
                checked_traffic(),
                pytest.raises(AssertionError, match="project_list has no query parameter offset"),
            ):
                await client.get("/v1/projects", params={"offset": 3})
