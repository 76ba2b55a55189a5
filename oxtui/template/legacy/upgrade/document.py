"""The whole text of an upgraded template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.write import quote, write_attributes, write_block, write_value
from oxtui.template.legacy.upgrade.blocks import BlockWriter, comment
from oxtui.template.legacy.upgrade.calls import Place
from oxtui.template.legacy.upgrade.names import References, SourceName, identifier
from oxtui.template.legacy.upgrade.plugins import required_plugins
from oxtui.template.legacy.upgrade.texts import Translator
from oxtui.template.legacy.upgrade.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from oxtui.template.legacy.model import LegacyComponent, LegacyTemplate

ANNOTATIONS: Final = {
    "packer": "Which Packer and which plugins the template needs. `packer init` fetches the plugins.",
    "variables": (
        "Values that may be given from outside: with -var, -var-file or PKR_VAR_name. All are strings, as they\n"
        "were in JSON; give them other types where those fit better."
    ),
    "locals": "Values that are computed from others. Nothing sets them from outside.",
    "sources": "What machines are built from. A build names them.",
    "build": (
        "What is done with the machines: provisioners run in this order on each of them, then post-processors.\n"
        "only and except name sources as TYPE.NAME."
    ),
}


@dataclass(frozen=True)
class Upgraded:
    """A template in HCL, and what its author should look at."""

    text: str
    warnings: list[str] = field(default_factory=list)


def upgrade(legacy: LegacyTemplate, *, annotated: bool = False) -> Upgraded:
    """Writes a legacy template anew in HCL; one that consists of variables alone gets no build."""
    return _Document(legacy, annotated=annotated).write()


class _Document:
    def __init__(self, legacy: LegacyTemplate, *, annotated: bool) -> None:
        self.legacy = legacy
        self.annotated = annotated
        self.variables = Variables.of(legacy)
        self.references = self.variables.references
        self.warnings: list[str] = []
        self.sources = _source_names(legacy, self.references)

    def write(self) -> Upgraded:
        declared = list(self.variables.declared(self.warnings))
        sources = [self._source(builder) for builder in self.legacy.builders]
        build = [self._build()] if self.legacy.builders else []
        # What else these have to hold is known only now.
        computed = list(self.variables.computed(self.warnings))
        declared += self.variables.added(self.warnings)
        comments = (
            [comment("\n".join(self.legacy.comments.values()))] if self.legacy.comments else []
        )
        sections: dict[str, list[str]] = {
            "packer": list(self._packer()),
            "variables": declared,
            "locals": computed,
            "sources": sources,
            "build": build,
        }
        parts = [*comments]
        for name, blocks in sections.items():
            if blocks and self.annotated:
                blocks[0] = comment(ANNOTATIONS[name]) + blocks[0]
            parts += blocks
        return Upgraded(format_tokens("\n".join(parts)), self.warnings)

    def _packer(self) -> Iterator[str]:
        legacy = self.legacy
        members = [*legacy.builders, *_members(legacy)]
        plugins = required_plugins(member.type for member in members)
        inside = ""
        if legacy.min_packer_version:
            version = legacy.min_packer_version.lstrip("v")
            inside = write_attributes({"required_version": f">= {version}"}, "  ")
        if plugins:
            inside += "\n" * bool(inside) + write_block("required_plugins", [], plugins, "  ")
        if inside:
            yield f"packer {{\n{inside}}}\n"

    def _source(self, builder: LegacyComponent) -> str:
        name = self.sources[builder.name]
        writer = self._writer(Place.SOURCE)
        return self._noted(
            writer, builder, writer.block(builder, "source", [name.type, name.label])
        )

    def _writer(self, place: Place) -> BlockWriter:
        return BlockWriter(Translator(place, self.references), self.sources)

    def _noted(self, writer: BlockWriter, component: LegacyComponent, text: str) -> str:
        where = f"{component.kind} {component.name or component.type}"
        self.warnings += [f"{where}: {problem}" for problem in writer.translator.problems]
        return text

    def _member(self, member: LegacyComponent, indent: str = "  ") -> str:
        writer = self._writer(Place.BUILD)
        return self._noted(writer, member, writer.block(member, member.kind, [member.type], indent))

    def _build(self) -> str:
        legacy = self.legacy
        head = ""
        if legacy.description:
            head += f"  description = {write_value(legacy.description, '  ')}\n"
        listed = [name.reference for name in self.sources.values() if not name.is_renamed]
        if listed:
            head += f"  sources = {write_value(listed, '  ')}\n"
        parts = [head] if head else []
        for name in self.sources.values():
            if name.is_renamed:
                inner = write_attributes({"name": name.local}, "    ")
                parts.append(f"  source {quote(name.reference)} {{\n{inner}  }}\n")
        parts += [self._member(each) for each in legacy.provisioners]
        if legacy.error_cleanup is not None:
            parts.append(self._member(legacy.error_cleanup))
        for chain in legacy.post_processors:
            if len(chain) == 1:
                parts.append(self._member(chain[0]))
            elif chain:
                inside = "\n".join(self._member(each, "    ") for each in chain)
                parts.append(f"  post-processors {{\n{inside}  }}\n")
        return "build {\n" + "\n".join(parts) + "}\n"


def _members(legacy: LegacyTemplate) -> Iterator[LegacyComponent]:
    yield from legacy.provisioners
    if legacy.error_cleanup is not None:
        yield legacy.error_cleanup
    for chain in legacy.post_processors:
        yield from chain


def _source_names(legacy: LegacyTemplate, references: References) -> Mapping[str, SourceName]:
    """What each builder is called, by its old name."""
    found: dict[str, SourceName] = {}
    for builder in legacy.builders:
        taken = {each.label for each in found.values() if each.type == builder.type}
        computed = "{{" in builder.name
        label = identifier(builder.type if computed else builder.name, taken)
        local = Translator(Place.BUILD, references).text(builder.name)
        found[builder.name] = SourceName(builder.type, label, local)
    return found
