"""A build block in a few words: what it starts from and what is done, whether that can be built or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.dynamic import Expander
from oxtui.template.resolve.build_head import read_head
from oxtui.template.resolve.common import CommonReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.dynamic import ScopedBlock
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.model import BuildDeclaration


@dataclass(frozen=True)
class BuildOutline:
    """Names of the parts, in order: sources as `TYPE.LOCALNAME`, all else as `TYPE` or `TYPE.NAME`."""

    name: str
    description: str
    sources: list[str]
    provisioners: list[str]
    post_processors: list[list[str]]


def outline(build: BuildDeclaration, scope: Scope) -> BuildOutline:
    """The parts of a build block; what of it cannot be evaluated is left out."""
    ignored: list[Diagnostic] = []
    head = read_head(build, scope, ignored)

    def named(blocks: Sequence[ScopedBlock], kind: str) -> list[str]:
        found = []
        for block, inner in blocks:
            if block.type == kind and block.labels:
                reader = CommonReader(block.body, inner, build.file, ignored)
                name = reader.read(frozenset(("name",))).name
                found.append(".".join(filter(None, (block.labels[0].value, name))))
        return found

    chains: list[list[str]] = []
    for scoped in head.blocks:
        if scoped.block.type == "post-processor":
            chains.append(named([scoped], "post-processor"))
        elif scoped.block.type == "post-processors":
            members = Expander(build.file, ignored).blocks(scoped.block.body.items, scoped.scope)
            chains.append(named(members, "post-processor"))
    sources = [str(use) for use in head.uses]
    return BuildOutline(
        head.name, head.description, sources, named(head.blocks, "provisioner"), chains
    )
