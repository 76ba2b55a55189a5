"""Addresses of what a form shows: `source.oxide-instance.base`, `build.0.provisioner.2`, …

| address                      | what it is                                              |
|------------------------------|---------------------------------------------------------|
| `packer`, `locals`, `variables` | the first block of that type                         |
| `locals.I`, `variables.I`       | the block of that type number I, counted from 0      |
| `packer.required_plugins`       | the first such block of the first `packer` block     |
| `variable.NAME`, `local.NAME`   | a block with one label                               |
| `source.TYPE.NAME`, `data.TYPE.NAME` | a block with two labels                         |
| `build.I`                    | the build block number I, counted from 0                |
| `build.I.provisioner.J`      | its provisioner number J, those switched off counted    |
| `build.I.error-cleanup-provisioner` | its cleanup provisioner                          |
| `build.I.source.J`           | its `source` block number J                             |
| `build.I.post-processor.C.M` | member M of its chain C; one alone is a chain of one    |
| `ADDRESS/TYPE.J`             | the nested block of that type number J of another block |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.editing.members import Member, members

if TYPE_CHECKING:
    from oxtui.template.hcl.edit.extent import Extent
    from oxtui.template.hcl.tree.bodies import Block, Body


_NESTED = re.compile(r"(?P<outer>.+)/(?P<type>[\w-]+)\.(?P<number>\d+)")
Listing: TypeAlias = "Callable[[str, Body, str], list[Member]]"
"""Lists the members of one kind in a body of a text; what belongs to one differs between syntaxes."""


class AddressError(LookupError):
    """There is nothing at an address."""

    def __init__(self, address: str) -> None:
        super().__init__(f"the template has no {address}")


@dataclass(frozen=True)
class Target:
    """A block that was found. `member` is there for what can be moved and switched off."""

    block: Block
    member: Member | None = None


@dataclass(frozen=True)
class Chain:
    """A chain of post-processors with the lines that it takes, comments included."""

    members: list[Member]
    extent: Extent


def outermost(address: str) -> str:
    """The address of the block that all others of an address are nested in."""
    return [address, *nesting(address)][-1]


def nesting(address: str) -> list[str]:
    """The addresses of the blocks that the one at an address is nested in, the innermost first."""
    nested = _NESTED.fullmatch(address)
    return [] if nested is None else [nested["outer"], *nesting(nested["outer"])]


def find(text: str, body: Body, address: str, listed: Listing = members) -> Target:
    """What an address means in a file. Raises AddressError."""
    kind, _, rest = address.partition(".")
    found: Target | None = None
    if kind == "build" and rest:
        number, *inside = rest.split(".")
        build = _nth(body.blocks_of("build"), number)
        found = None if build is None else _in_build(text, build, inside, listed)
    elif kind in ("locals", "variables") and rest:
        block = _nth(body.blocks_of(kind), rest)
        found = None if block is None else Target(block)
    elif address == "packer.required_plugins":
        plugins = (each for top in body.blocks_of(kind) for each in top.body.blocks_of(rest))
        block = next(plugins, None)
        found = None if block is None else Target(block)
    else:
        for block in body.blocks_of(kind):
            # The names of a legacy template's builders may have dots in them.
            if ".".join(label.value for label in block.labels) == rest:
                found = Target(block)
                break
    # The names of a legacy template's builders may have slashes, too.
    nested = _NESTED.fullmatch(address) if found is None else None
    if nested is not None:
        outer = find(text, body, nested["outer"], listed)
        block = _nth(outer.block.body.blocks_of(nested["type"]), nested["number"])
        found = None if block is None else Target(block)
    if found is None:
        raise AddressError(address)
    return found


def _nth(items: list[Block], number: str) -> Block | None:
    return items[int(number)] if number.isdigit() and int(number) < len(items) else None


def _in_build(text: str, build: Block, parts: list[str], listed: Listing) -> Target | None:
    match parts:
        case []:
            return Target(build)
        case ["error-cleanup-provisioner"]:
            block = _nth(build.body.blocks_of("error-cleanup-provisioner"), "0")
            return None if block is None else Target(block)
        case ["source", number]:
            block = _nth(build.body.blocks_of("source"), number)
            return None if block is None else Target(block)
        case ["provisioner", number]:
            return _member(listed(text, build.body, "provisioner"), number)
        case ["post-processor", chain, number]:
            places = chains(text, build, listed)
            if chain.isdigit() and int(chain) < len(places):
                return _member(places[int(chain)].members, number)
    return None


def _member(found: list[Member], number: str) -> Target | None:
    if not number.isdigit() or int(number) >= len(found):
        return None
    member = found[int(number)]
    return Target(member.block, member)


def chains(text: str, build: Block, listed: Listing = members) -> list[Chain]:
    """The chains of a build's post-processors, in order."""
    found = [
        Chain([member], member.extent) for member in listed(text, build.body, "post-processor")
    ]
    for block in listed(text, build.body, "post-processors"):
        inside = listed(text, block.block.body, "post-processor") if block.enabled else []
        found.append(Chain(inside, block.extent))
    return sorted(found, key=lambda chain: chain.extent.start)
