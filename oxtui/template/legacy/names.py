"""Whether the builders that `only`, `except` and `override` name are there, as Packer asks of a legacy template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.tree import expressions as x

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import Span
    from oxtui.template.legacy.model import LegacyComponent, LegacyTemplate


def check_names(template: LegacyTemplate, diagnostics: list[Diagnostic]) -> None:
    """Adds an error for each name that no builder has."""
    known = [builder.name for builder in template.builders]
    members = [
        *template.provisioners,
        *(each for chain in template.post_processors for each in chain),
    ]
    if template.error_cleanup is not None:
        members.append(template.error_cleanup)
    for member in members:
        for where, name, span in _named(member):
            if name not in known:
                detail = (
                    f'"{where}" names the builder "{name}", and there is none of that name.'
                    f"{did_you_mean(name, known)}"
                )
                diagnostics.append(error("Unknown builder", detail, span, template.file))


def _named(member: LegacyComponent) -> Iterator[tuple[str, str, Span]]:
    attributes = member.body.attributes
    for name in ("only", "except"):
        found = attributes.get(name)
        if found is not None and isinstance(found.expression, x.Tuple):
            for item in found.expression.items:
                if isinstance(item, x.Template) and item.literal is not None:
                    yield name, item.literal, item.span
    override = attributes.get("override")
    if override is not None and isinstance(override.expression, x.Object):
        for pair in override.expression.items:
            if isinstance(pair.key, x.Template) and pair.key.literal is not None:
                yield "override", pair.key.literal, pair.key.span
