"""`required_plugins`: the Oxide plugin is asked for, once, in the right way."""

from __future__ import annotations

import pytest

from oxtui.template.load import parse_template
from tests.export.sessions import Told, added, shell, template

RIGHT = 'source  = "github.com/oxidecomputer/oxide"'


@pytest.mark.parametrize(
    "head",
    [
        "",
        "packer {\n}\n\n",
        "packer {}\n\n",
        'packer {\n  required_version = ">= 1.9"\n}\n\n',
        "packer {\n  required_plugins {\n  }\n}\n\n",
        'packer {\n  required_plugins {\n    amazon = {\n      version = "1.0"\n'
        '      source  = "github.com/hashicorp/amazon"\n    }\n  }\n}\n\n',
        'packer {\n  required_plugins {\n    oxide = {\n      version = "1.0"\n'
        '      source  = "github.com/other/oxide"\n    }\n  }\n}\n\n',
        "# what this is\n\n",
        "\ufeff",
    ],
)
async def test_the_plugin_is_asked_for(head: str) -> None:
    exported = await Told().build("shell").export(template(shell("true"), head=head))
    assert exported.problems == ()
    plugins = parse_template(exported.text, "t").required_plugins
    (oxide,) = [plugin for plugin in plugins if plugin.name == "oxide"]
    assert oxide.source == "github.com/oxidecomputer/oxide"
    assert oxide.version
    assert len(plugins) == (2 if "amazon" in head else 1)
    assert "# what this is" not in head or exported.text.count("# what this is") == 1
    assert exported.text.startswith("\ufeff") == head.startswith("\ufeff")


async def test_what_is_right_is_left_alone() -> None:
    head = f'packer {{\n  required_plugins {{\n    oxide = {{\n      version = "~> 0.5"\n      {RIGHT}\n'
    exported = (
        await Told().build("shell").export(template(shell("true"), head=head + "    }\n  }\n}\n\n"))
    )
    assert exported.problems == ()
    assert not any("required" in line or "version" in line for line in added(exported))


async def test_each_plugin_is_asked_for_by_its_components() -> None:
    text = template(shell("true")).replace(
        "source ",
        'data "outscale-omi" "x" {\n  owners      = ["self"]\n  most_recent = true\n}\n\nsource ', 1
    )  # fmt: skip
    exported = await Told().build("shell").export(text)
    plugins = parse_template(exported.text, "t").required_plugins
    assert {plugin.name: plugin.source for plugin in plugins} == {
        "oxide": "github.com/oxidecomputer/oxide",
        "outscale": "github.com/outscale/outscale",
    }
