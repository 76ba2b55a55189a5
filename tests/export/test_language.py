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


LEGACY = {
    "variables": {"who": "me", "secret": "{{env `SECRET`}}"},
    "sensitive-variables": ["secret"],
    "builders": [
        {"type": "oxide-instance", **SOURCE},
        {"type": "oxide-instance", "name": "other", **SOURCE},
    ],
    "provisioners": [
        {"type": "shell", "inline": ["echo {{user `who`}} ${HOME}"]},
        {"type": "shell", "inline": ["echo other"], "only": ["other"]},
    ],
}


async def test_a_legacy_template_is_exported_as_hcl_that_does_the_same() -> None:
    told = Told("t.json").build("shell", name="oxide-instance")
    exported = await told.edit(1, {"inline": ["echo two"]}, "oxide-instance").export(
        json.dumps(LEGACY)
    )
    assert exported.problems == ()
    assert 'source "oxide-instance" "oxide-instance" {' in exported.text
    assert f'boot_disk_image_id = "{IMAGE_ID}" # ubuntu-24-04\n' in exported.text
    assert 'inline = ["echo two"]\n' in exported.text
    assert 'default   = env("SECRET")' in exported.text
    assert any("legacy one in JSON" in note for note in exported.notes)
    assert any("left as it was: oxide-instance.other" in note for note in exported.notes)
