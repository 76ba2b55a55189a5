"""A session whose template is in JSON is exported as HCL that reproduces it."""

from __future__ import annotations

import json

from tests.export.sessions import IMAGE_ID, Told

SOURCE = {"project": "web", "boot_disk_image_id": "ubuntu-24-04", "ssh_username": "ubuntu"}
TEMPLATE = {
    "//": "made by a program",
    "variable": {"who": {"type": "string", "default": "me"}},
    "source": {"oxide-instance": {"t": SOURCE}},
    "build": {
        "sources": ["source.oxide-instance.t"],
        "provisioner": {"shell": {"inline": ["echo ${var.who} $${HOME}"]}},
    },
}


async def test_hcl_in_json_syntax_is_exported_in_hcls_own() -> None:
    told = Told("t.pkr.json").build("shell")
    exported = await told.export(json.dumps(TEMPLATE))
    assert exported.problems == ()
    assert exported.text.startswith("# made by a program\n")
    assert f'boot_disk_image_id = "{IMAGE_ID}" # ubuntu-24-04\n' in exported.text
    assert 'inline = ["echo ${var.who} $${HOME}"]\n' in exported.text
    assert any("JSON syntax" in note for note in exported.notes)


async def test_what_was_edited_is_in_it() -> None:
    told = Told("t.pkr.json").build("shell").edit(1, {"inline": ["echo two"]})
    exported = await told.export(json.dumps(TEMPLATE))
    assert exported.problems == ()
    assert 'inline = ["echo two"]\n' in exported.text
