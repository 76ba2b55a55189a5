"""Reads the nested blocks of a source or data source into parts of their own."""

from __future__ import annotations

from collections.abc import Iterator

from oxtui.component.options import Options, block_specs
from oxtui.template.hcl.tree.bodies import Block
from screens.compose.kinds import specs_of
from screens.compose.read_fields import Language, fields_of
from screens.compose.reading import Part


def nested_parts(
    block: Block, options: type[Options] | None, address: str, language: Language
) -> Iterator[Part]:
    """Each nested block that the component declares, and those in it; JSON has none."""
    for spec in () if options is None else block_specs(options):
        for number, inner in enumerate(block.body.blocks_of(spec.name)):
            at = f"{address}/{spec.name}.{number}"
            fields = fields_of(inner, specs_of(spec.options), language)
            texts = [each.text for each in fields if each.text and each.spec.type != "block"]
            detail = texts[0].strip().split("\n")[0] if texts else ""
            title = spec.name.replace("_", " ")
            if spec.several and detail:  # what tells one from its like
                title, detail = detail, title
            yield Part(at, at, "block", title, fields, inner.span, detail, index=number)
            yield from nested_parts(inner, spec.options, at, language)
