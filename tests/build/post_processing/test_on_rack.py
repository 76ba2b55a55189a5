"""Post-processors of an image on a real simulated rack: the image outlives whatever they do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.component.events import ArtifactMade
from tests.build.post_processing.components import chain
from tests.sessions import bench, shell, template


@pytest.mark.slow
async def test_an_image_is_listed_and_stays_when_a_post_processor_fails(
    components: Path, tmp_path: Path
) -> None:
    text = template(
        shell("true"),
        chain('replace fails = "no room"'),
        'post-processor "manifest" {\n custom_data = { machine = build.ID }\n}',
    )
    async with bench(tmp_path) as there:
        finished = await there.run(text)
        assert (finished.status, there.build.error) == ("failed", "replace: no room")
        image = await there.client.images.view("made", project="web")
        (listed,) = json.loads((components / "packer-manifest.json").read_text())["builds"]
        assert (listed["name"], listed["builder_type"]) == ("t", "oxide-instance")
        assert (listed["artifact_id"], listed["files"]) == (image.id, None)
        assert there.build.address is not None
        assert len(listed["custom_data"]["machine"]) == 36
        (made,) = [event for event in there.events if isinstance(event, ArtifactMade)]
        assert (made.id, made.text) == (image.id, "made")
        phases = {name: step.phase for name, step in there.build.steps.items()}
        assert list(phases)[-3:] == ["cleanup", "post-process-1", "post-process-2"]
        assert await there.left_on_rack() == []
        text = template(build='post-processor "manifest" {}', source="skip_create_image = true")
        assert (await there.run(text)).status == "succeeded"
        assert there.build.steps["post-process-1"].phase == "skipped"
        assert there.build.artifacts == ()
