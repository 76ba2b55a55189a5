"""An instance that nobody logs in to: captured as its image makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sessions import bench, shell, template

pytestmark = pytest.mark.slow

NONE = 'communicator = "none"'


async def test_without_a_communicator_no_key_is_made_and_nobody_waits_for_ssh(
    tmp_path: Path,
) -> None:
    text = template(
        'provisioner "shell-local" {\n inline = ["echo id=${build.ID}"]\n}', source=NONE
    ).replace('ssh_username       = "ubuntu"', "")
    async with bench(tmp_path) as there:
        assert (await there.run(text)).status == "succeeded", there.build.error
        steps = list(there.build.steps)
        assert "ssh-key" not in steps
        assert "connect" not in steps
        assert "sync" not in steps
        made = next(r for r in there.build.resources.values() if r.kind == "oxide.instance")
        assert f"id={made.id}" in there.log("provision-1")
        assert [artifact.name for artifact in there.build.artifacts] == ["made"]
        assert await there.left_on_rack() == []


async def test_a_provisioner_that_needs_a_guest_is_refused(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        planning = await there.plan(template(shell("true"), source=NONE))
    assert planning.plan is None
    assert 'its communicator is "none"' in str([each.detail for each in planning.diagnostics])
