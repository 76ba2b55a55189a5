"""Sources that `dynamic` blocks at the top of a template make (packer.md 1.2, step 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oxtui.template.dynamic import Expander
from oxtui.template.hcl.diagnostic import error
from oxtui.template.model import ComponentDeclaration, ComponentKey
from oxtui.template.read.schema import dynamic_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.model import Template

_KNOWN = {"source": ("type", "name")}


class ScopedSource(NamedTuple):
    """A source with the scope that its expressions are evaluated in."""

    declaration: ComponentDeclaration
    scope: Scope


def all_sources(
    template: Template, scope: Scope, diagnostics: list[Diagnostic]
) -> Mapping[ComponentKey, ScopedSource]:
    """Every source of a template, those that are written first; problems are added to the diagnostics."""
    found = {key: ScopedSource(each, scope) for key, each in template.sources.items()}
    for file in template.files:
        dynamic = [block for block in file.body.blocks if dynamic_target(block) is not None]
        for block, inner in Expander(file.source, diagnostics, _KNOWN).blocks(dynamic, scope):
            key = ComponentKey(*(label.value for label in block.labels))
            if key in found:
                first = found[key].declaration
                line = first.file.line_number(first.block.span.start)
                detail = (
                    f'source "{key.type}" "{key.name}" is in {first.file.name} line {line} already.'
                )
                problem = error("Duplicate source block", detail, block.header, file.source)
                diagnostics.append(problem)
            else:
                declaration = ComponentDeclaration(key, block, file.source)
                found[key] = ScopedSource(declaration, inner)
    return found
