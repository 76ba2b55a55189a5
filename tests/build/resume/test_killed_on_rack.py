"""A build that was killed goes on: what it made without an answer is found, and nothing is done twice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.models.ssh_key import SshKeyCreate
from oxtui.oxide.token import Token
from tests.build.test_sigkill import building, environ, on_rack, reached
from tests.cli.running import oxtui
from tests.rack_process import RackProcess, rack
from tests.sessions import shell, template

COUNTED = shell("echo once >> ~/count", "sync")


async def resume(there: RackProcess, *words: str) -> tuple[int, list[str], str]:
    """The exit code, the steps that ran, and why the build failed."""
    words = (
        "resume",
        "1",
        "--json",
        "--settle=0s",
        *words,
    )  # the rack was not slow, it was not asked
    code, out, err = await oxtui(*words, environ=environ(there))
    records = [json.loads(line) for line in out.splitlines()]
    steps = [each["step"] for each in records if each["type"] == "step_started"]
    errors = [each["error"] for each in records if each["type"] == "build_finished"]
    return code, steps, "".join(errors) + err


def client_of(there: RackProcess) -> OxideClient:
    return OxideClient(Connection(there.host, Token(there.token), source={}))


async def lines_of(there: RackProcess, folder: Path, path: str) -> str:
    """A file in an instance of the image that was made."""
    text = template(shell(f"cat {path}"), source="skip_create_image = true")
    file = folder / "proof.pkr.hcl"
    text = text.replace('"ubuntu-24-04"', '"made"')
    file.write_text(text.replace('"web"\n', f'"web"\n  ssh_port = {there.ssh_port}\n', 1))
    _, out, _ = await oxtui("build", "--json", str(file), environ=environ(there))
    records = [json.loads(line) for line in out.splitlines()]
    said = [each for each in records if each["type"] == "output" and each["stream"] == "stdout"]
    return "".join(each["text"] for each in said if each["step"] == "provision-1")


@pytest.mark.parametrize(
    ("step", "again"),
    [
        pytest.param("stop", ["stop", "snapshot", "image"], marks=pytest.mark.slow),
        pytest.param("snapshot", ["snapshot", "image"], marks=pytest.mark.slow),
        pytest.param("image", ["image"], marks=pytest.mark.slow),
    ],
)
async def test_behind_the_guest_nothing_is_provisioned_again(
    tmp_path: Path, step: str, again: list[str]
) -> None:
    async with rack() as there:
        before = await on_rack(there)
        async with building(there, tmp_path, template(COUNTED)) as process:
            await reached(process, step)
            process.kill()
        code, steps, error = await resume(there)
        assert code == 0, error
        ran = [each for each in steps if each not in ("resume", "cleanup")]
        assert ran == again[len(again) - len(ran) :]  # what the rack had finished need not run
        assert await on_rack(there) == before | {"made"}
        assert await lines_of(there, tmp_path, "~/count") == "once"


@pytest.mark.slow
@pytest.mark.parametrize(("step", "again"), [("snapshot", ["image"]), ("image", [])])
async def test_what_was_made_without_an_answer_is_found(
    tmp_path: Path, step: str, again: list[str]
) -> None:
    async with rack("--fault", f"{step}_create:timeout-but-done:once") as there:
        before = await on_rack(there)
        async with building(there, tmp_path, template(COUNTED)) as process:
            await reached(process, step)
            async with client_of(there) as client:
                there_now, known = getattr(client, f"{step}s"), before
                while not [
                    1 async for each in there_now.list(project="web") if each.name not in known
                ]:
                    pass
            process.kill()
        code, steps, error = await resume(there)
        assert code == 0, error
        assert steps == ["resume", *again, "cleanup"]
        assert await on_rack(there) == before | {"made"}
        assert await lines_of(there, tmp_path, "~/count") == "once"


@pytest.mark.slow
@pytest.mark.parametrize("step", ["ssh-key", "instance", "connect", "provision-1"])
async def test_before_a_step_is_done_the_build_begins_anew(tmp_path: Path, step: str) -> None:
    async with rack() as there:
        before = await on_rack(there)
        async with building(there, tmp_path, template(COUNTED)) as process:
            await reached(process, step)
            process.kill()
        code, steps, error = await resume(there)
        assert code == 0, error
        assert steps[-8:-1] == [
            "instance", "connect", "provision-1", "sync", "stop", "snapshot", "image"
        ]  # fmt: skip
        assert await on_rack(there) == before | {"made"}
        assert await lines_of(there, tmp_path, "~/count") == "once"


@pytest.mark.slow
async def test_with_a_key_of_ones_own_the_step_that_was_cut_off_runs_again(tmp_path: Path) -> None:
    key = tmp_path / "key"
    making = await asyncio.create_subprocess_exec(
        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)
    )
    assert await making.wait() == 0
    async with rack() as there:
        async with client_of(there) as client:
            public = (tmp_path / "key.pub").read_text()
            await client.ssh_keys.create(
                SshKeyCreate(name="mine", description="", public_key=public)
            )
        before = await on_rack(there)
        text = template(
            COUNTED,
            shell(
                "if test -e ~/begun; then exit 0; fi; touch ~/begun; sync; echo is begun; sleep 600"
            ),
            source=f'ssh_private_key_file = "{key}"\n ssh_public_keys = ["mine"]',
        )
        async with building(there, tmp_path, text) as process:
            assert process.stdout is not None
            while b'"text": "is begun"' not in (line := await process.stdout.readline()):
                assert line, "the build ended too early"
            process.kill()
        code, steps, error = await resume(there)
        assert code == 0, error
        assert steps[:4] == ["resume", "instance", "connect", "provision-2"]
        assert await on_rack(there) == before | {"made"}
        assert await lines_of(there, tmp_path, "~/count") == "once"


@pytest.mark.slow
async def test_another_rack_is_not_mistaken_for_the_sessions_own(tmp_path: Path) -> None:
    async with rack() as there, rack() as other:
        async with building(there, tmp_path, template(COUNTED)) as process:
            await reached(process, "stop")
            process.kill()
        during = await on_rack(there)
        code, steps, error = await resume(other)
        assert (code, steps) == (1, ["resume"])
        assert f"the session runs on {there.host}" in error
        assert await on_rack(there) == during
        code, _, error = await resume(there)
        assert code == 0, error
