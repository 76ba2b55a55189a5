"""The provisioners and post-processors of a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.component_body import ComponentBody, Part
from oxtui.template.dynamic import Expander
from oxtui.template.hcl.diagnostic import error, warning
from oxtui.template.hcl.evaluate.work import BLOCK
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.read.build_block import CHAIN
from oxtui.template.resolve.common import (
    POST_PROCESSOR_NAMES,
    PROVISIONER_NAMES,
    CommonOptions,
    CommonReader,
)
from oxtui.template.resolve.overrides import overrides_for

if TYPE_CHECKING:
    from oxtui.template.dynamic import ScopedBlock
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Block
    from oxtui.template.hcl.values.value import Value


@dataclass(frozen=True, repr=False)
class Members:
    """What is done to one source. Those that are not meant for it are left out.

    `post_processors` are chains, each of which starts from the build's artifact.
    """

    provisioners: list[ComponentBody]
    error_cleanup: ComponentBody | None
    post_processors: list[list[ComponentBody]]


class MemberReader:
    """Reads the provisioners and post-processors of a build for one of its sources."""

    def __init__(
        self,
        file: SourceFile,
        diagnostics: list[Diagnostic],
        local_name: str,
        source: str,
        sources: Sequence[str],
        objects: dict[str, Value],
    ) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.local_name = local_name
        self.source = source
        self.sources = sources
        """Those of the build, as `only` and `except` name them."""
        self.objects = objects

    def read(self, blocks: list[ScopedBlock], kind: str) -> list[ComponentBody]:
        """The members of one kind that are meant for the source."""
        names = POST_PROCESSOR_NAMES if kind == "post-processor" else PROVISIONER_NAMES
        found: list[ComponentBody] = []
        for block, scope in blocks:
            if block.type != kind or len(block.labels) != 1:
                continue
            if not scope.work.spend(BLOCK):
                detail = "So much is done to so many sources that it cannot be listed."
                problem = error("Evaluation takes too long", detail, block.header, self.file)
                self.diagnostics.append(problem)
                return found
            inner = scope.inner(self.objects)
            reader = CommonReader(block.body, inner, self.file, self.diagnostics)
            common = reader.read(names)
            self._check_names(block, common)
            if not common.runs_for(self.source):
                continue
            override = block.body.attributes.get("override") if "override" in names else None
            kind_name = block.labels[0].value
            found.append(
                ComponentBody(
                    kind,
                    kind_name,
                    common.name,
                    (kind_name,),
                    block.header,
                    self.file,
                    (Part(block.body, inner, self.file),),
                    common,
                    names,
                    overrides_for(
                        override,
                        self.local_name,
                        inner,
                        self.file,
                        self.diagnostics,
                    ),
                )
            )
        return found

    def _check_names(self, block: Block, common: CommonOptions) -> None:
        """Warns of a name in `only` or `except` that no source of the build has; Packer is silent there."""
        if common.only and common.except_:
            return  # an error already
        for option, names in (("only", common.only), ("except", common.except_)):
            for name in names:
                if name in self.sources or not self.sources:
                    continue
                detail = (
                    f'"{option}" names "{name}", and no source of this build is called that; write '
                    f"TYPE.NAME.{did_you_mean(name, self.sources)}"
                )
                place = block.body.attributes[option].expression.span
                self.diagnostics.append(warning("Unknown source", detail, place, self.file))

    def chains(self, blocks: list[ScopedBlock]) -> list[list[ComponentBody]]:
        """The chains of post-processors; a chain of which nothing is meant for the source is none."""
        found: list[list[ComponentBody]] = []
        for scoped in blocks:
            if scoped.block.type == "post-processor":
                found.append(self.read([scoped], "post-processor"))
            elif scoped.block.type == "post-processors":
                inner = Expander(self.file, self.diagnostics, CHAIN.blocks).blocks(
                    scoped.block.body.items, scoped.scope
                )
                found.append(self.read(inner, "post-processor"))
        return [chain for chain in found if chain]

    def all(self, blocks: list[ScopedBlock]) -> Members:
        """All members, of every kind."""
        cleanup = self.read(blocks, "error-cleanup-provisioner")
        return Members(
            self.read(blocks, "provisioner"), cleanup[0] if cleanup else None, self.chains(blocks)
        )
