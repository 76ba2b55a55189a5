"""What a build says when the rack or the guest does not come to where it waits for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.rack_process import RackProcess
from tests.sessions import Bench, bench, shell, template


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "limit", "step", "wanted"),
    [
        ("instance_start", 0.5, "instance", "running"),
        ("instance_stop", 4.0, "stop", "stopped"),  # the start before has to come in this time
    ],
)
async def test_an_instance_that_does_not_get_there_in_time_fails_the_build(
    tmp_path: Path, fault: str, limit: float, step: str, wanted: str
) -> None:
    async with bench(tmp_path, "--fault", f"{fault}:slow=6:once") as there:
        waits = replace(there.environment.waits, instance_state=limit)
        there.environment = replace(there.environment, waits=waits)
        finished = await there.run(template(shell("true")))
        assert finished.status == "failed"
        assert there.build.error.startswith(f"{step}: instance ")
        assert f"after {int(limit)} s, not {wanted}. Retry to wait again" in there.build.error


@pytest.mark.slow
async def test_where_no_login_succeeds_the_serial_console_is_in_the_log(tmp_path: Path) -> None:
    async with bench(tmp_path, "--fault", "ssh:closed") as there:
        finished = await there.run(template(source='ssh_timeout = "2s"'))
        assert finished.status == "failed"
        log = there.log("connect")
        assert "lines of the serial console:" in log
        assert "login:" in log.split("serial console:")[1]


@pytest.mark.slow
async def test_an_instance_that_ends_while_somebody_waits_to_log_in_is_told_at_once(
    tmp_path: Path,
) -> None:
    faults = ("--fault", "ssh:closed", "--fault", "instance:failed=1")
    async with bench(tmp_path, *faults) as there:
        finished = await there.run(template(source='ssh_timeout = "90s"'))
        assert finished.status == "failed"
        assert there.build.error.startswith("connect: instance ")
        assert "is failed by now, so nobody can log in to it." in there.build.error


async def close_ssh(there: Bench, process: RackProcess) -> None:
    """Takes all rules from the default VPC, of which one let port 22 in."""
    connection = there.client.connection
    headers = {"Authorization": f"Bearer {connection.token.reveal()}"}
    async with httpx.AsyncClient(base_url=process.host, headers=headers) as http:
        place = {"vpc": "default", "project": "web"}
        answer = await http.put("/v1/vpc-firewall-rules", params=place, json={"rules": []})
        answer.raise_for_status()


async def test_a_firewall_that_lets_no_ssh_in_is_told_before_anything_is_made(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        await close_ssh(there, there.rack)
        finished = await there.run(template())
        assert finished.status == "failed"
        assert 'preflight: firewall: no rule of VPC "default" lets tcp port' in there.build.error
        assert await there.records() == []
