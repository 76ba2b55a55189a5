"""Words of older releases are none of the plugin's any more: an export has those that took their place."""

from __future__ import annotations

import pytest

from oxtui.export.older import now_called
from oxtui.template.load import parse_template
from tests.export.sessions import Told, shell

TEMPLATE = """\
source "osc-bsusurrogate" "t" {
  vm_type             = "tinav6.c1r1p2"
  ssh_username        = "outscale"
  omi_name            = "made"
  source_omi          = "ami-00000001"
  omi_virtualization_type = "hvm"
  snapshot_users      = ["111111111111"] # friends
  snapshot_groups     = ["all"]
  launch_block_device_mappings {
    device_name           = "/dev/sdb"
    virtual_name          = "ephemeral0"
    delete_on_vm_deletion = true
  }
  omi_root_device {
    source_device_name = "/dev/sdb"
    device_name        = "/dev/sda1"
  }
}

source "osc-bsuvolume" "other" {
  vm_type      = "tinav6.c1r1p2"
  ssh_username = "outscale"
  source_omi   = "ami-00000001"
  ebs_volumes {
    device_name = "/dev/sdb"
  }
}

build {
  sources = ["source.osc-bsusurrogate.t"]

  source "source.osc-bsuvolume.other" {
    name = "o"
  }

%s
}
"""


async def test_sources_and_options_are_called_as_the_plugin_has_them() -> None:
    text = TEMPLATE % shell("echo osc-bsu.t", more='only   = ["osc-bsusurrogate.t"]')
    told = Told().build("shell", name="osc-bsusurrogate.t", found=False)
    exported = await told.export(text)
    assert exported.problems == ()
    template = parse_template(exported.text, "t")
    assert sorted((source.type, source.name) for source in template.sources) == [
        ("outscale-bsusurrogate", "t"),
        ("outscale-bsuvolume", "other"),
    ]
    for gone in ("osc-bsus", "osc-bsuv", "virtual", "snapshot_users", "snapshot_groups", "ebs_"):
        assert gone not in exported.text
    for there in (
        'only   = ["outscale-bsusurrogate.t"]',
        'sources = ["source.outscale-bsusurrogate.t"]',
        'source "source.outscale-bsuvolume.other"',
        "bsu_volumes {",
        "snapshot_account_ids",
        "# friends",
        '"echo osc-bsu.t"',
    ):
        assert there in exported.text
    assert [plugin.name for plugin in template.required_plugins] == ["outscale"]
    assert any("snapshot_users is called snapshot_account_ids" in each for each in exported.notes)
    assert any("virtual_name is left out" in each for each in exported.notes)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("osc-bsu.t", "outscale-bsu.t"),
        ("web.osc-bsuvolume.t", "web.outscale-bsuvolume.t"),
        ("oxide-instance.osc-bsu", "oxide-instance.osc-bsu"),
        ("null.osc-bsux.y", "null.osc-bsux.y"),
    ],
)
def test_builds_are_found_by_the_names_that_they_have_now(before: str, now: str) -> None:
    assert now_called(before) == now
