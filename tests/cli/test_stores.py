"""Commands that evaluate a template ask its secret stores, and tell no secret of them.

Vault is asked of OpenBao, a real server with its interface; Consul of a recorded one.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import on, on_terminal, oxtui, started
from tests.cli.test_build import written
from tests.rack_process import rack
from tests.repository import ROOT
from tests.sessions import template
from tests.template.stores.openbao import TOKEN, Bao, bao
from tests.template.stores.recorded import Held, Reply, recorded
from tests.template.stores.test_consul import entry

SECRET, LATE = "correct-horse", "late-staple"
CALL = 'vault("secret/data/images", "password")'
TEMPLATE = f'locals {{\n  password = {CALL}\n  again    = "${{{CALL}}}!"\n}}\n' + template(
    f'provisioner "shell" {{\n  inline = ["echo ${{local.password}} ${{upper({CALL})}}"]\n}}',
    build=f'name = "b${{length({CALL})}}"',
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bao]:
    """A server with the secret of the template."""
    with bao(tmp_path_factory.mktemp("bao")) as there:
        there.write("secret/data/images", {"data": {"password": SECRET, "ubuntu": LATE}})
        yield there


def run(
    *words: str, environ: dict[str, str], typed: str = "", folder: Path | None = None
) -> tuple[int, str, str]:
    """Exit code, output and errors of a process of oxtui."""
    own = {
        f"OXTUI_{name}_DIR": str(folder or ROOT) for name in ("STATE", "DATA", "CACHE", "CONFIG")
    }
    done = subprocess.run(
        [sys.executable, "-m", "oxtui", *words], input=typed, text=True, timeout=60,
        capture_output=True, cwd=folder or ROOT, env={**os.environ, **own, **environ, "PYTHONPATH": path()},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def path() -> str:
    """Where a process finds this project, and all else that this one has."""
    return os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])


def test_the_console_asks_and_hides(server: Bao) -> None:
    typed = [
        'vault("secret/data/images", "password")',
        'can(vault("secret/data/images", "password"))',
        'can(vault("secret/data/images", "pass"))',
        f'"told: {SECRET}"',
        'vault("secret/data/images", "pass")',
    ]
    code, out, err = run("console", "--json", environ=server.environ(), typed="\n".join(typed))
    assert code == 0
    answers = [json.loads(line) for line in out.splitlines()]
    assert json.loads(answers[0]["json"]) == "<sensitive>"
    assert [each["json"] for each in answers[1:3]] == ["true", "false"]
    assert SECRET not in answers[3]["json"]
    assert answers[4] == {"error": "call_failed", "summary": "Error in function call"}
    assert SECRET not in answers[0]["json"] + err
    assert TOKEN not in out + err


def test_the_console_says_where_and_why(server: Bao) -> None:
    code, out, err = run(
        "console", environ=server.environ(), typed='vault("secret/data/images", "pass")\n'
    )
    assert (code, out) == (1, "")
    assert (
        f'Vault at {server.address} (VAULT_ADDR) has no key "pass" at "secret/data/images"' in err
    )
    assert "VAULT_TOKEN is not set" in run("console", environ={}, typed='vault("a", "b")\n')[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the template."""
    (tmp_path / "t.pkr.hcl").write_text(TEMPLATE)
    return tmp_path


def test_inspect_asks_and_hides(server: Bao, folder: Path) -> None:
    code, out, err = run("inspect", "t.pkr.hcl", environ=server.environ(), folder=folder)
    assert (code, err) == (0, "")
    assert 'local.password: "<sensitive>"' in out
    assert 'local.again: "<sensitive>"' in out
    assert f"> b{len(SECRET)}:" in out
    assert SECRET not in out


def test_validate_asks_and_tells_what_fails(server: Bao, folder: Path) -> None:
    code, out, err = run("validate", "t.pkr.hcl", environ=server.environ(), folder=folder)
    assert (code, out, err) == (0, "The configuration is valid.\n", "")
    server_gone = server.environ(VAULT_TOKEN="s.other")
    code, out, err = run("validate", "t.pkr.hcl", environ=server_gone, folder=folder)
    assert code == 1
    assert 'refuses "secret/data/images": permission denied' in out
    assert "s.other" not in out + err
    code, out, err = run("validate", "--syntax-only", "t.pkr.hcl", environ={}, folder=folder)
    assert code == 0


async def test_a_build_runs_with_secrets_and_logs_none(server: Bao, tmp_path: Path) -> None:
    # The second is asked in the midst of the build, as only then the user's name is known.
    late = 'vault("secret/data/images", build.User)'
    command = f"[ ${{upper({CALL})}} = CORRECT-HORSE ] && echo 1 ${{{CALL}}} 2 ${{{late}}}"
    text = template(f'provisioner "shell" {{\n  inline = ["{command}"]\n}}')
    async with rack() as there:
        place = written(tmp_path, text, there)
        code, out, err = await oxtui("build", place, environ={**on(there), **server.environ()})
    assert (code, err) == (0, "")
    assert "1 <sensitive> 2 <sensitive>" in out
    assert SECRET not in out
    assert LATE not in out


async def test_on_a_terminal_a_failure_is_not_for_ever(tmp_path: Path) -> None:
    replies = iter([Reply(500, ""), entry(SECRET.encode())])
    with recorded(lambda _: next(replies)) as consul:
        code, screen = await on_terminal(
            "console", environ={"CONSUL_HTTP_ADDR": consul.address, "PYTHONPATH": path()}, until=b"> ",
            answer=b'consul_key("a")\ncan(consul_key("a"))\nexit\n',
        )  # fmt: skip
    assert code == 0
    assert "with status 500" in screen
    assert "true" in screen.replace("\r", "").splitlines()


async def test_ctrl_c_does_not_wait_for_a_store(tmp_path: Path) -> None:
    held = Held(lambda _: Reply(404, b""))
    (tmp_path / "t.pkr.hcl").write_text('locals {\n  a = consul_key("a")\n}\n')
    with recorded(held) as consul:
        environ = {"CONSUL_HTTP_ADDR": consul.address, "PYTHONPATH": path()}
        process = await started(
            "validate", str(tmp_path / "t.pkr.hcl"), environ=environ, forked=False
        )
        await asyncio.to_thread(held.asked.wait)
        process.send_signal(signal.SIGINT)
        await process.communicate()
        assert not held.answers.is_set()
        held.answers.set()
    assert process.returncode not in (0, None)
