"""What can be captured, and what is told of options before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.planner import make_plan
from oxtui.component.post_processing import Moment
from oxtui.postprocessors.maas.options import MaasOptions
from oxtui.postprocessors.maas.post_processor import MaasPostProcessor
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs

OUTSCALE = """
source "outscale-bsu" "o" {
  omi_name     = "web"
  source_omi   = "ami-12345678"
  region       = "eu-west-2"
  vm_type      = "tinav5.c1r1p1"
  ssh_username = "outscale"
}
"""
OXIDE = """
source "oxide-instance" "o" {
  project            = "web"
  boot_disk_image_id = "ubuntu-24-04"
  ssh_username       = "ubuntu"
  %s
}
"""


def build(kind: str) -> str:
    return (
        f'build {{\n sources = ["{kind}.o"]\n post-processor "oxtui-maas" {{\n'
        '  capture = "disk"\n  helper_image = "debian-12"\n }\n}\n'
    )


@pytest.mark.parametrize(
    ("given", "content", "moment"),
    [
        ({}, "rootfs", "before_seal"),
        ({"source": "a.raw"}, "file", "before_seal"),
        ({"device": "/dev/sdb"}, "device", "before_seal"),
        ({"capture": "disk", "helper_image": "debian-12"}, "disk", "before_cleanup"),
    ],
)
def test_what_is_captured_says_when(given: dict[str, str], content: str, moment: Moment) -> None:
    options = MaasOptions(**given)  # type: ignore[arg-type]
    assert (options.content, MaasPostProcessor.moment(options)) == (content, moment)
    again = MaasOptions(**{**given, "capture": content})  # type: ignore[arg-type]
    assert again.content == content


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"capture": "disk"}, 'capture = "disk" needs helper_image'),
        ({"capture": "file"}, 'capture = "file" needs source'),
        ({"capture": "device"}, 'capture = "device" needs device'),
        ({"capture": "rootfs", "source": "a"}, 'source cannot stand beside capture = "rootfs"'),
        (
            {"capture": "disk", "helper_image": "d", "device": "/dev/sdb"},
            'device cannot stand beside capture = "disk"',
        ),
    ],
)
def test_what_contradicts_itself_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        MaasOptions(**given)  # type: ignore[arg-type]


def test_options_without_effect_are_told() -> None:
    told = MaasOptions(helper_image="d", helper_cpus=2).warnings()
    idle = {name for name, text in told if "no effect" in text}
    assert idle == {"helper_image", "helper_cpus"}
    told = MaasOptions(capture="disk", helper_image="d", exclude=["/srv"]).warnings()
    assert {name for name, text in told if "no effect" in text} == {"exclude"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OUTSCALE + build("outscale-bsu"), "oxtui reads no snapshots of Outscale"),
        (OXIDE % "skip_create_image = true" + build("oxide-instance"), "asks for no image"),
        (OXIDE % "" + build("oxide-instance"), ""),
    ],
    ids=["outscale", "no image", "oxide"],
)
async def test_a_build_without_a_snapshot_is_refused_before_it_begins(
    text: str, words: str
) -> None:
    planning = await make_plan(
        parse_template(text, "t.pkr.hcl"), VariableInputs({}), name="t.pkr.hcl", text=text,
        folder=Path.cwd(), data=None,
    )  # fmt: skip
    problems = [each for each in planning.diagnostics if each.is_error]
    assert [each.summary for each in problems] == ["Post-processor without a snapshot"] * bool(
        words
    )
    assert all(words in each.detail for each in problems)
