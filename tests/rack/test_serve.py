"""The rack as a process: how it starts, what it does to connections, and that it goes entirely."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests import forking
from tests.rack.conformance import CheckedTransport
from tests.rack_process import ROOT, RackProcess, command, rack

GIB = 1024**3


@contextlib.asynccontextmanager
async def _client(there: RackProcess, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    verify = ssl.create_default_context(cafile=there.cacert) if there.cacert else True
    transport = CheckedTransport(httpx.AsyncHTTPTransport(verify=verify))
    headers = {"Authorization": f"Bearer {there.token}"}
    options.setdefault("timeout", 30)
    async with httpx.AsyncClient(
        transport=transport, base_url=there.host, headers=headers, **options
    ) as client:
        yield client


async def _running(client: httpx.AsyncClient, name: str = "web-1", project: str = "web") -> str:
    """Start a seeded instance and return its id once it runs."""
    reply = await client.post(f"/v1/instances/{name}/start", params={"project": project})
    assert reply.status_code == 202, reply.text
    identifier = str(reply.json()["id"])
    await _state(client, identifier, "running")
    return identifier


async def _state(client: httpx.AsyncClient, identifier: str, state: str) -> None:
    async with asyncio.timeout(30):
        while True:
            reply = await client.get(f"/v1/instances/{identifier}")
            if reply.json()["run_state"] == state:
                return


def _descendants(root: int) -> set[int]:
    """Return a process and all that came from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            parents[int(entry.name)] = int(fields[1])
    family = {root}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


async def _gone(pids: set[int]) -> None:
    """Wait until processes have ended; a zombie has, whoever is to fetch it."""
    async with asyncio.timeout(30):
        for pid in pids:
            while _runs(pid):  # noqa: ASYNC110 (only a parent hears of the end)
                await asyncio.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stopped_rack_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    state = tmp_path / "state"
    async with rack("--state", str(state)) as there, _client(there) as client:
        await _running(client)
        await _running(client, "db-1", "data")
        family = _descendants(there.pid)
        assert len(family) > 2
        there.process.send_signal(number)
        assert await there.process.wait() == 0
        await _gone(family)
        assert str(state) not in Path("/proc/self/mountinfo").read_text()


async def test_a_rack_without_a_state_folder_takes_its_own_with_it(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = await asyncio.create_subprocess_exec(
        *command("--latency", "fast", "--allow-none"),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    shown = json.loads(await process.stdout.readline())
    assert {entry.name[:11] for entry in tmp_path.iterdir()} == {"oxtui-rack-"}
    assert shown["pid"] == process.pid
    process.terminate()
    rest, _ = await process.communicate()
    assert (process.returncode, rest) == (0, b"")
    assert list(tmp_path.iterdir()) == []


async def test_a_rack_ends_with_its_parent() -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
        "child.wait()\n"
    )
    words = command("--latency", "fast", "--with-parent", "--allow-none")
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *words, cwd=ROOT, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    shown = json.loads(await parent.stdout.readline())
    family = _descendants(shown["pid"])
    parent.kill()
    await parent.wait()
    # Standard output ends when the last process that holds it, the rack, is gone.
    assert await parent.stdout.read() == b""
    await _gone(family)


async def test_a_restart_keeps_token_and_objects(tmp_path: Path) -> None:
    flags = ("--state", str(tmp_path))
    async with rack(*flags) as there, _client(there) as client:
        token = there.token
        await client.post("/v1/projects", json={"name": "mine", "description": ""})
        identifier = await _running(client)
        body = {"name": "s", "description": "", "disk": "web-1-boot"}
        await client.post("/v1/snapshots", params={"project": "web"}, json=body)
    async with rack(*flags) as there, _client(there) as client:
        assert there.token == token
        assert (await client.get("/v1/projects/mine")).status_code == 200
        shown = await client.get(f"/v1/instances/{identifier}")
        assert shown.json()["run_state"] == "stopped"
        assert await _running(client) == identifier


async def test_a_state_has_one_rack(tmp_path: Path) -> None:
    async with rack("--state", str(tmp_path)) as there:
        second = await asyncio.create_subprocess_exec(
            *command("--state", str(tmp_path)),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = await second.communicate()
        assert (second.returncode, out) == (1, b"")
        assert f"is in use by process {there.pid}" in err.decode()


async def test_tls_is_trusted_through_the_announced_authority() -> None:
    async with rack("--tls") as there:
        assert there.host.startswith("https://127.0.0.1:")
        async with _client(there) as client:
            assert (await client.get("/v1/me")).status_code == 200
        async with httpx.AsyncClient(base_url=there.host) as stranger:
            with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
                await stranger.get("/v1/ping")


async def test_point_17_a_connection_is_broken() -> None:
    async with rack("--fault", "project_list:reset:once") as there, _client(there) as client:
        with pytest.raises(httpx.ReadError):
            await client.get("/v1/projects")
        assert (await client.get("/v1/projects")).status_code == 200


async def test_point_17_a_timeout_whose_work_is_done() -> None:
    fault = "project_create:timeout-but-done:once"
    async with rack("--fault", fault) as there, _client(there) as client:
        body = {"name": "mine", "description": ""}
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/v1/projects", json=body, timeout=httpx.Timeout(30, read=1))
        assert (await client.get("/v1/projects/mine")).status_code == 200
        again = await client.post("/v1/projects", json=body)
        assert again.json()["error_code"] == "ObjectAlreadyExists"


async def test_point_17_a_slow_start() -> None:
    fault = "instance_start:slow=3600"
    async with rack("--fault", fault) as there, _client(there) as client:
        reply = await client.post("/v1/instances/web-1/start", params={"project": "web"})
        assert (reply.status_code, reply.json()["run_state"]) == (202, "starting")
        shown = await client.get(f"/v1/instances/{reply.json()['id']}")
        assert shown.json()["run_state"] == "starting"


async def test_a_client_that_gives_up_does_not_stop_the_work() -> None:
    async with rack("--fault", "snapshot_create:slow=2") as there, _client(there) as client:
        body = {"name": "s", "description": "", "disk": "web-1-boot"}
        with pytest.raises(httpx.ReadTimeout):
            await client.post(
                "/v1/snapshots",
                params={"project": "web"},
                json=body,
                timeout=httpx.Timeout(30, read=0.2),
            )
        async with asyncio.timeout(30):
            status = 404
            while status != 200:
                reply = await client.get("/v1/snapshots/s", params={"project": "web"})
                status = reply.status_code


def _stream(there: RackProcess, identifier: str, query: str = "", token: str = "") -> connect:
    url = f"{there.host.replace('http', 'ws', 1)}/v1/instances/{identifier}/serial-console/stream"
    headers = {"Authorization": f"Bearer {token or there.token}"}
    return connect(url + query, additional_headers=headers)


async def _until(socket: ClientConnection, wanted: bytes) -> bytes:
    seen = b""
    async with asyncio.timeout(30):
        while wanted not in seen:
            frame = await socket.recv()
            assert isinstance(frame, bytes)
            seen += frame
    return seen


async def test_point_10_the_serial_stream() -> None:
    async with rack() as there, _client(there) as client:
        identifier = await _running(client)
        async with _stream(there, identifier, "?most_recent=262144") as socket:
            seen = await _until(socket, b"login: ")
            assert b"SSH HOST KEY FINGERPRINTS" in seen
            await socket.send("text frames are ignored")
            await socket.send(b"nobody\r")
            assert b"text frames" not in await _until(socket, b"nobody")
            await client.post(f"/v1/instances/{identifier}/stop")
            await _until_closed(socket)
        await _state(client, identifier, "stopped")
        reasons = {}
        for name, target in (
            ("stopped", identifier),
            ("absent", "5a7d4ab6-bd35-4a0d-8dcd-6a8f3d2f0a11"),
            ("name", "web-1"),
        ):
            async with _stream(there, target) as socket:
                with pytest.raises(websockets.ConnectionClosedError):
                    await socket.recv()
                assert socket.close_code == 1011
                reasons[name] = socket.close_reason
        assert reasons == {
            "stopped": "instance is stopped and has no active serial console server",
            "absent": ('not found: instance with id "5a7d4ab6-bd35-4a0d-8dcd-6a8f3d2f0a11"'),
            "name": "instance should either be UUID or project should be specified",
        }
        async with _stream(there, identifier, token="oxide-token-wrong") as socket:
            with pytest.raises(websockets.ConnectionClosedError):
                await socket.recv()
            assert socket.close_code == 1006


async def _until_closed(socket: ClientConnection) -> None:
    with contextlib.suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(30):
            while True:
                await socket.recv()


def _refusal(*flags: str) -> tuple[int, str]:
    ended = subprocess.run(
        forking.command("rack", "serve", *flags),
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


def test_what_cannot_be_served_is_said_in_a_sentence(tmp_path: Path) -> None:
    code, message = _refusal("--fault", "snapshot_create:418")
    assert code == 2
    assert "'418' is no effect on snapshot_create" in message
    code, message = _refusal("--loop-devices", "--isolation", "none")
    assert code == 1
    assert "--loop-devices cannot be had" in message
    code, message = _refusal("--with-parent", "--state", str(tmp_path))
    assert code == 2
    assert "--with-parent needs a pipe as standard input" in message
    code, message = _refusal("--host", "192.0.2.1")
    assert code == 1
    assert "the rack cannot listen on 192.0.2.1 port 0" in message
    code, message = _refusal("--fault", "snapshot_crate:500")
    assert code == 2
    assert "no operation is called snapshot_crate; did you mean snapshot_create?" in message
    file = tmp_path / "file"
    file.touch()
    code, message = _refusal("--state", str(file))
    assert code == 1
    assert f"the state folder {file} cannot be made (File exists): name another --state" in message


async def test_the_line_has_six_fields_and_standard_error_the_banner() -> None:
    process = await asyncio.create_subprocess_exec(
        *command("--isolation", "none", "--latency", "fast"),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    shown = json.loads(await process.stdout.readline())
    process.terminate()
    rest, said = await process.communicate()
    assert list(shown) == ["host", "token", "ssh_port", "isolation", "pid", "cacert"]
    assert (process.returncode, rest) == (0, b"")
    assert said.startswith(b"rack: Instances are plain folders, not isolated: their commands run")


def test_plain_folders_must_be_asked_for() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become a user to whom all isolation is refused")
    with tempfile.TemporaryDirectory(prefix="oxtui-rack-") as folder:
        Path(folder).chmod(0o777)
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "tests.rack.machines.confine", "nobody"),
                *command("--state", f"{folder}/state")[1:],
            ],
            cwd=ROOT, env={**os.environ, "HOME": folder}, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stdout) == (1, "")
        assert "only plain folders (isolation none) work here" in ended.stderr
        assert "say --isolation none if you want that (overlay (user namespace" in ended.stderr


@pytest.mark.parametrize("option", ["--port", "--ssh-port"])
@pytest.mark.parametrize("port", ["65536", "ssh", "-1"])
def test_a_port_that_is_none_is_named(option: str, port: str) -> None:
    code, message = _refusal(f"{option}={port}")
    assert code == 2
    assert f"argument {option}: {port} is no port: 0 to 65535" in message


def test_a_state_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become a user who may not write there")
    with tempfile.TemporaryDirectory(prefix="oxtui-rack-") as folder:
        Path(folder).chmod(0o755)
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "tests.rack.machines.confine", "user"),
                *command("--state", folder)[1:],
            ],
            cwd=ROOT, env={**os.environ, "HOME": folder}, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stdout) == (1, "")
        assert f"the state folder {folder} belongs to another user" in ended.stderr
        assert os.listdir(folder) == []
