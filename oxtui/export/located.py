"""Where in the text the parts of each build stand: the addresses by which a document is edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oxtui.template.component_body import DecodedBody
from oxtui.template.document import Document
from oxtui.template.editing.members import Member
from oxtui.template.hcl.values.python import PythonValue
from oxtui.template.resolve import Resolved
from oxtui.template.resolve.builds import ResolvedBuild
from oxtui.template.values import is_known, to_python


@dataclass(frozen=True, slots=True)
class LocatedBuild:
    """One build of the template with the places of its parts."""

    resolved: ResolvedBuild
    block: int
    """Number of its build block."""
    sources: tuple[str, ...]
    """Addresses of the source block, and of the one in the build block that adds to it."""
    members: tuple[str | None, ...]
    """The address of each provisioner; None for one that a `dynamic` block makes."""
    chains: tuple[tuple[str | None, ...], ...]
    """The same of the post-processors."""
    options: DecodedBody
    """The source's options, evaluated."""

    @property
    def reference(self) -> str:
        """How `only` and `except` name it."""
        return f"{self.resolved.source_type}.{self.resolved.local_name}"

    @property
    def is_oxide(self) -> bool:
        """Whether the Oxide plugin builds it."""
        return self.resolved.source_type.startswith("oxide-")

    def address_of(self, attribute: str) -> str:
        """The source block that sets an attribute; where none does, the one that may add it."""
        for address, part in zip(self.sources, self.resolved.body.parts, strict=True):
            if attribute in part.body.attributes:
                return address
        return self.sources[0]

    def value(self, option: str) -> PythonValue:
        """The value of a source's option; None where it has none, or none that is known."""
        found = self.options.attributes.get(option)
        return to_python(found.value) if found is not None and is_known(found.value) else None

    def sets(self, option: str) -> bool:
        """Whether the template gives an option a value, known or not."""
        found = self.options.attributes.get(option)
        return found is not None and not found.value.is_null


def locate(document: Document, resolved: Resolved) -> Mapping[str, LocatedBuild]:
    """The builds of a template by name; `resolved` was made from the document's text."""
    blocks = document.body.blocks_of("build")
    numbers = {block.span.start: number for number, block in enumerate(blocks)}
    found: dict[str, LocatedBuild] = {}
    for build in resolved.builds:
        number = numbers[build.span.start]
        members = {
            member.block.span.start: f"build.{number}.{place}"
            for place, member in _members(document, number)
            if member.enabled
        }
        sources = [f"source.{build.source_type}.{build.source_name}"]
        inner = blocks[number].body.blocks_of("source")
        for part in build.body.parts[1:]:
            place = next(i for i, block in enumerate(inner) if block.body.span == part.body.span)
            sources.append(f"build.{number}.source.{place}")
        found[build.name] = LocatedBuild(
            build,
            number,
            tuple(sources),
            tuple(members.get(each.span.start) for each in build.provisioners),
            tuple(
                tuple(members.get(each.span.start) for each in chain)
                for chain in build.post_processors
            ),
            build.body.evaluate(),
        )
    return found


def _members(document: Document, build: int) -> Iterator[tuple[str, Member]]:
    """The provisioners and post-processors of a build block, each with the end of its address."""
    for number, member in enumerate(document.provisioners(build)):
        yield f"provisioner.{number}", member
    for chain, inside in enumerate(document.post_processors(build)):
        for number, member in enumerate(inside):
            yield f"post-processor.{chain}.{number}", member
