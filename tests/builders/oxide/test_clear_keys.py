"""`ssh_clear_authorized_keys`: the image lets the temporary key of its build in no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sessions import bench, shell, template

FILES = "~/.ssh/authorized_keys; sudo cat /root/.ssh/authorized_keys"


@pytest.mark.slow
@pytest.mark.parametrize("clear", [True, False])
async def test_the_image_keeps_the_temporary_key_only_where_it_is_not_cleared(
    tmp_path: Path, clear: bool
) -> None:
    source = 'temporary_key_pair_name = "of-the-build"\n' + (
        "ssh_clear_authorized_keys = true" if clear else ""
    )
    async with bench(tmp_path) as there:
        finished = await there.run(template(shell("true"), source=source))
        assert finished.status == "succeeded", there.build.error
        lines = await there.read_back("made", FILES)
    kept = [line for line in lines if line.endswith("of-the-build temporary")]
    assert len(lines) > len(kept)  # the key of the reading build is there
    assert len(kept) == (0 if clear else 2)
