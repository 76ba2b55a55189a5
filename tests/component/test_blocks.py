"""Blocks inside of a component: decoded from HCL and from JSON, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from oxtui.component.decode import decode
from oxtui.component.options import Options, block, block_specs, option, option_specs
from oxtui.template.hcl.diagnostic import Diagnostic
from oxtui.template.load import parse_template
from oxtui.template.resolve import resolve
from oxtui.template.variables import VariableInputs


class Disk(Options):
    name: str = option(help="Name.")
    size: int = option(1, help="Size.", ge=1)


class Place(Options):
    where: dict[str, str] = option(dict, help="Where.")
    disk: list[Disk] = block(help="Disks.", several=True)


class Machine(Options):
    older_names: ClassVar[Mapping[str, str]] = {"kind": "type", "sort": "type"}
    outdated: ClassVar[frozenset[str]] = frozenset(("sort",))
    without_effect: ClassVar[Mapping[str, str]] = {"colour": "all are grey"}

    type: str = option("", help="Type.")
    place: Place | None = block(help="Place.")
    disk: list[Disk] = block(help="Disks.", several=True)


async def decoded(text: str, name: str = "t.pkr.hcl") -> tuple[Machine | None, list[Diagnostic]]:
    whole = text if name.endswith("json") else (
        f'source "null" "x" {{\n{text}\n}}\nbuild {{\n sources = ["source.null.x"]\n}}\n'
    )  # fmt: skip
    resolved = await resolve(parse_template(whole, name), VariableInputs({}, (), []))
    return decode(resolved.builds[0].body.evaluate(), Machine)


def test_blocks_are_no_options() -> None:
    assert [spec.name for spec in option_specs(Machine)] == ["type"]
    assert [(spec.name, spec.several) for spec in block_specs(Machine)] == [
        ("place", False),
        ("disk", True),
    ]


BLOCKS = """
  type = "t"
  place {
    where = { a = "b" }
    disk { name = "inner" }
  }
  disk { name = "one" }
  disk {
    name = "two"
    size = 2
  }
"""
JSON = """{"source": {"null": {"x": {
  "type": "t", "place": {"where": {"a": "b"}, "disk": {"name": "inner"}},
  "disk": [{"name": "one"}, {"name": "two", "size": 2}]
}}}, "build": {"sources": ["source.null.x"]}}"""
LEGACY = """{"builders": [{
  "type": "null", "name": "x", "place": {"where": {"a": "b"}, "disk": [{"name": "inner"}]},
  "disk": [{"name": "one"}, {"name": "two", "size": "2"}]
}]}"""


@pytest.mark.parametrize(
    ("text", "name"), [(BLOCKS, "t.pkr.hcl"), (JSON, "t.pkr.json"), (LEGACY, "t.json")]
)
async def test_blocks_are_read_in_every_form(text: str, name: str) -> None:
    made, told = await decoded(text, name)
    assert made is not None, told
    assert made.place is not None
    assert (made.place.where, [d.name for d in made.place.disk]) == ({"a": "b"}, ["inner"])
    assert [(d.name, d.size) for d in made.disk] == [("one", 1), ("two", 2)]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("disc { name = 1 }", 2, 'Blocks of type "disc" are not expected here'),
        ("place {}\nplace {}", 3, 'Blocks of type "place" can stand here once'),
        ("disk {}", 2, 'The option "name" is needed'),
        ('disk {\n name = "x"\n size = 0\n}', 4, "at least 1"),
        ('place {\n disk {\n  nam = "x"\n }\n}', 4, 'Did you mean "name"'),
        ('plac = "x"', 2, 'Did you mean "place"'),
    ],
)
async def test_a_mistake_is_told_at_its_place(text: str, line: int, told: str) -> None:
    made, problems = await decoded(text)
    assert made is None
    assert told in str(problems[0])
    assert problems[0].line == line


async def test_what_is_not_known_yet_is_not_complained_about() -> None:
    made, problems = await decoded('disk { name = uuidv4() == "" ? "a" : "b" }')
    assert (made is not None, problems) == (True, [])


async def test_older_names_and_names_without_effect_are_told() -> None:
    made, told = await decoded('sort = "s"\ncolour = "red"')
    assert made is not None
    assert made.type == "s"
    assert sorted(str(each).rpartition("configuration: ")[2] for each in told) == [
        '"colour" has no effect: all are grey.',
        '"sort" is called "type" now; write that.',
    ]
    assert not any(each.is_error for each in told)
    assert (await decoded('kind = "s"'))[1] == []
