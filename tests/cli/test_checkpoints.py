"""`oxtui checkpoints`, and builds from them, in processes of their own against a rack."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.logs.redact import Redactor
from tests.build.test_sigkill import building, environ, on_rack, sweep
from tests.cli.running import oxtui
from tests.rack_process import RackProcess, rack
from tests.sessions import shell, template

TEXT = template(shell("echo a >> ~/made"), shell("echo b >> ~/made"))


def row(**given: object) -> Checkpoint:
    """A checkpoint of which only this is told."""
    values: dict[str, object] = {
        "key": "ab" * 32, "resource": 1, "name": "oxtui-checkpoint-x", "id": "s", "host": "h",
        "silo": "s", "project": "p", "session": 1, "build": "b", "template": "t.pkr.hcl",
        "step": "provision-1", "title": "1 shell", "size": 20 * 2**30, "taken": 1.0, "used": 1.0,
    }  # fmt: skip
    return Checkpoint(**{**values, **given})  # type: ignore[arg-type]


@pytest_asyncio.fixture
async def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Journal]:
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(tmp_path))
    async with Journal.open(journal_path(tmp_path), Redactor()) as opened:
        yield opened


async def test_the_list_tells_template_step_size_and_the_whole(journal: Journal) -> None:
    await journal.keep_checkpoint(row())
    await journal.keep_checkpoint(row(template="u.pkr.hcl", own="a shell was opened", session=7))
    _, out, _ = await oxtui("checkpoints")
    assert "t.pkr.hcl" in out
    assert "1 shell" in out
    assert "2 is of session 7 alone: a shell was opened." in out
    assert out.splitlines()[-1] == "2 checkpoints take 40 GiB of storage."
    _, out, _ = await oxtui("checkpoints", "list", "--template", "u.pkr.hcl", "--json")
    assert [each["number"] for each in json.loads(out)["checkpoints"]] == [2]


async def test_prune_asks_which_and_a_dry_run_keeps_all(journal: Journal) -> None:
    await journal.keep_checkpoint(row())
    code, _, error = await oxtui("checkpoints", "prune")
    assert (code, "Which checkpoints?" in error) == (2, True)
    code, _, error = await oxtui("checkpoints", "prune", "9", "--yes")
    assert "There is no checkpoint 9" in error
    code, out, _ = await oxtui("checkpoints", "prune", "--all", "--dry-run")
    assert (code, "1 checkpoint takes 20 GiB" in out) == (0, True)
    assert len(await journal.checkpoints()) == 1


async def build(there: RackProcess, folder: Path, *words: str) -> tuple[int, str]:
    """`oxtui build` of the template in a process of its own."""
    path = folder / "t.pkr.hcl"
    path.write_text(TEXT.replace('"web"\n', f'"web"\n  ssh_port = {there.ssh_port}\n', 1))
    code, out, _ = await oxtui("build", *words, str(path), environ=environ(there))
    return code, out


async def taken(there: RackProcess) -> list[str]:
    """Snapshots of checkpoints, finished or not."""
    return [name for name in await on_rack(there) if name.startswith("oxtui-checkpoint-")]


@pytest.mark.slow
async def test_builds_tell_what_they_reuse_and_pruning_leaves_nothing(tmp_path: Path) -> None:
    async with rack() as there:
        code, out = await build(there, tmp_path, "--checkpoints", "each")
        assert (code, "Taking checkpoint oxtui-checkpoint-" in out) == (0, True)
        assert "reused" not in out
        code, out = await build(there, tmp_path, "--force")
        assert code == 0
        assert "oxide-instance.t: · 1 shell echo a >> ~/made reused: It is in checkpoint" in out
        assert "▶ 1 shell" not in out
        _, out = await build(there, tmp_path, "--force", "--no-cache")
        assert "▶ 1 shell" in out
        code, out = await sweep(there)
        assert code == 0
        assert "2 checkpoints stay (40 GiB of storage): `oxtui checkpoints` lists" in out
        assert len(await taken(there)) == 2
        path = str(tmp_path / "t.pkr.hcl")
        for name in (path, "t.pkr.hcl"):
            words = ("checkpoints", "list", "--template", name)
            assert path in (await oxtui(*words, environ=environ(there)))[1]
        code, out, _ = await oxtui("checkpoints", "prune", "--all", "--yes", environ=environ(there))
        assert (code, out.count("✓ removed oxtui-checkpoint-")) == (0, 2)
        assert not await taken(there)
        assert (await sweep(there))[1].strip() == "Nothing is left behind."


@pytest.mark.slow
async def test_a_kill_while_one_is_taken_leaves_a_resource_that_sweep_lists(
    tmp_path: Path,
) -> None:
    async with rack("--latency", "real") as there:
        async with building(there, tmp_path, TEXT, "--checkpoints", "each") as process:
            while not await taken(there):
                assert process.returncode is None
            process.kill()
            await process.wait()
        assert (await oxtui("checkpoints", environ=environ(there)))[1] == "No checkpoint is kept.\n"
        code, out = await sweep(there)
        assert (code, "snapshot  oxtui-checkpoint-" in out) == (1, True)
        assert (await sweep(there, "--yes"))[0] == 0
        assert not await taken(there)
