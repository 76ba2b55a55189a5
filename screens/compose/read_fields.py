"""Reads the attributes of a block into fields of a form."""

from __future__ import annotations

from collections.abc import Sequence

from oxtui.component.options import OptionSpec
from oxtui.template.hcl.tree.bodies import Attribute, Block
from screens.compose.kinds import is_raw
from screens.compose.reading import Field
from screens.compose.value_text import show


def fields_of(
    block: Block, specs: Sequence[OptionSpec], text: str, kind: str = "", type_text: str = ""
) -> tuple[Field, ...]:
    """The fields of a block: those of its specs, then what else stands in it."""
    attributes = block.body.attributes
    fields = [
        field_of(spec, attributes.get(spec.name), text, is_raw(kind, spec.name, type_text))
        for spec in specs
    ]
    names = {spec.name for spec in specs}
    for name, attribute in attributes.items():
        if name not in names:
            spec = OptionSpec(
                name=name, type="string", required=False, default=None,
                help="No such option is known here.", group="Others",
            )  # fmt: skip
            fields.append(Field(spec, source_text(attribute, text), attribute.span, True, False))
    return tuple(fields)


def field_of(spec: OptionSpec, attribute: Attribute | None, text: str, raw: bool) -> Field:
    """One field; `raw`: shown and typed as HCL."""
    if attribute is None:
        return Field(spec, raw=raw)
    shown = source_text(attribute, text) if raw else show(attribute.expression, text, spec)
    return Field(spec, shown, attribute.span, raw)


def source_text(attribute: Attribute, text: str) -> str:
    """An attribute's expression as it is written."""
    span = attribute.expression.span
    return text[span.start : span.end]
