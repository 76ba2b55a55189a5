"""The `build` block: the sources it starts from, and its provisioners and post-processors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error, warning
from oxtui.template.model import BuildDeclaration
from oxtui.template.read.schema import Schema, check

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Block
    from oxtui.template.model import Template

BUILD = Schema(
    attributes=frozenset(("name", "description", "sources")),
    blocks={
        "source": ("reference",),
        "provisioner": ("type",),
        "error-cleanup-provisioner": ("type",),
        "post-processor": ("type",),
        "post-processors": (),
        "hcp_packer_registry": (),
        "dynamic": ("type",),
    },
)
CHAIN = Schema(blocks={"post-processor": ("type",), "dynamic": ("type",)})


def read_build(template: Template, block: Block, file: SourceFile) -> None:
    """Adds a `build` block to the template."""
    template.diagnostics += check(block.body, BUILD, file, block.header)
    for inner in block.body.blocks:
        if inner.type == "post-processors":
            template.diagnostics += check(inner.body, CHAIN, file, inner.header)
        elif inner.type == "hcp_packer_registry":
            warn_registry(template, inner, file)
    cleanups = block.body.blocks_of("error-cleanup-provisioner")
    for extra in cleanups[1:]:
        detail = "A build has at most one error-cleanup-provisioner."
        problem = error("Only one error-cleanup-provisioner is allowed", detail, extra.header, file)
        template.diagnostics.append(problem)
    attributes = block.body.attributes
    template.builds.append(
        BuildDeclaration(
            block,
            attributes.get("name"),
            attributes.get("description"),
            attributes.get("sources"),
            file,
        )
    )


def warn_registry(template: Template, block: Block, file: SourceFile) -> None:
    """Says that nothing will be sent to the HCP Packer registry."""
    detail = "This block is read, but nothing is published to HCP Packer."
    template.diagnostics.append(warning("HCP Packer is not used", detail, block.header, file))
