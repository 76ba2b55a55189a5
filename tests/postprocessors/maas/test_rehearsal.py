"""A MAAS that will take nothing is told before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.events import StepFinished
from tests.maas.server import KEY, maas
from tests.sessions import rackless

TEMPLATE = """
source "null" "n" {
  communicator = "none"
}
build {
  sources = ["source.null.n"]
  provisioner "shell-local" {
    inline = ["echo an hour of work >> MADE"]
  }
  post-processor "oxtui-maas" {
    maas_url   = "URL"
    api_key    = "KEY"
    image_name = "custom/web"
    source     = "DISK"
  }
}
"""


@pytest.mark.parametrize(
    ("key", "told"), [(KEY, ""), ("a:b:c", "Check the API key, and that its MAAS is this one")]
)
async def test_a_wrong_key_costs_no_work(tmp_path: Path, key: str, told: str) -> None:
    disk = tmp_path / "disk.raw"
    disk.write_bytes(bytes(510) + b"\x55\xaa" + bytes(8192))
    given = {"URL": "", "KEY": key, "DISK": str(disk), "MADE": str(tmp_path / "made")}
    with maas() as there:
        given["URL"] = there.url
        text = TEMPLATE
        for name, value in given.items():
            text = text.replace(name, value)
        async with rackless(tmp_path) as on:
            finished = await on.run(text)
            ran = [event.step for event in on.events if isinstance(event, StepFinished)]
            if told:
                assert finished.status == "failed"
                assert told in on.build.error
                assert ran == ["post-process-1-check", "cleanup"]
                assert not (tmp_path / "made").exists()
            else:
                assert finished.status == "succeeded", on.build.error
                assert ran[0] == "post-process-1-check"
                assert there.content("web") == disk.read_bytes()
