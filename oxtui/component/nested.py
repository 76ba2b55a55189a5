"""Nested blocks of a component, however the template writes them: as blocks, or in JSON as objects."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from oxtui.template.component_body import DecodedAttribute, DecodedBody
from oxtui.template.hcl.values.value import Value


def bodies_of(
    body: DecodedBody, names: Collection[str]
) -> Iterator[tuple[str, DecodedBody | None]]:
    """Each nested block: its type and its body; None where the value that it is in is not known yet.

    JSON has no blocks: there an attribute of one of these names that is an object, or a list of objects,
    is one block each.
    """
    for block in body.blocks:
        yield block.type, block.body
    for name in names:
        attribute = body.attributes.get(name)
        if attribute is None or attribute.value.is_null:
            continue
        if not attribute.value.is_known:
            yield name, None
            continue
        data = attribute.value.data
        several = data if isinstance(data, tuple) else (attribute.value,)
        for value in several:
            yield name, _as_body(value, attribute, body)


def _as_body(value: Value, attribute: DecodedAttribute, body: DecodedBody) -> DecodedBody:
    """An object as the body of a block; each of its attributes stands where the whole does."""
    place = attribute.span, attribute.name_span, attribute.file
    data = value.data if isinstance(value.data, dict) else {"": value}
    inner = {name: DecodedAttribute(name, each, *place) for name, each in data.items()}
    return DecodedBody(inner, (), attribute.span, attribute.file, (), body.interpolation)
