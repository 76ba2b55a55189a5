"""Which attributes, blocks and labels may stand in a block that Packer itself understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.tree.bodies import Attribute, Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Body


@dataclass(frozen=True, slots=True)
class Schema:
    """What a body may hold. `blocks` gives the names of each block's labels."""

    attributes: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    blocks: dict[str, tuple[str, ...]] | None = None


def check(body: Body, schema: Schema, file: SourceFile, where: Span) -> Iterator[Diagnostic]:
    """Says what stands in a body that must not, and what is missing; `where` is its header."""
    blocks = schema.blocks or {}
    known = schema.attributes | schema.required
    for item in body.items:
        if isinstance(item, Attribute):
            if item.name not in known:
                yield _unsupported_attribute(item, known, blocks, file)
        elif item.type not in blocks:
            hint = did_you_mean(item.type, [*blocks, *known])
            if item.type in known:
                hint = f' "{item.type}" is an argument: write "=" after it.'
            detail = f'Blocks of type "{item.type}" are not expected here.{hint}'
            yield error("Unsupported block type", detail, item.type_span, file)
        else:
            yield from check_labels(item, blocks[item.type], file)
    present = body.attributes
    for name in sorted(schema.required - present.keys()):
        detail = f'The argument "{name}" is required, but no definition was found.'
        yield error("Missing required argument", detail, where, file)


def _unsupported_attribute(
    item: Attribute, known: frozenset[str], blocks: dict[str, tuple[str, ...]], file: SourceFile
) -> Diagnostic:
    hint = did_you_mean(item.name, known)
    if item.name in blocks:
        hint = f' "{item.name}" is a block: leave out the equals sign.'
    detail = f'An argument named "{item.name}" is not expected here.{hint}'
    return error("Unsupported argument", detail, item.name_span, file)


def check_labels(block: Block, names: tuple[str, ...], file: SourceFile) -> Iterator[Diagnostic]:
    """Says which labels of a block are missing or too many."""
    wanted, found = len(names), len(block.labels)
    if found < wanted:
        missing = names[found]
        summary = f"Missing {missing} for {block.type}"
        labels = ", ".join(names)
        plural = "s" if wanted > 1 else ""
        detail = f"All {block.type} blocks must have {wanted} label{plural} ({labels})."
        yield error(summary, detail, block.open, file)
    elif found > wanted:
        summary = f"Extraneous label for {block.type}"
        labels = f"only {wanted} label{'s' if wanted > 1 else ''} ({', '.join(names)})"
        detail = f"A {block.type} block has {labels if wanted else 'no labels'}."
        yield error(summary, detail, block.labels[wanted].span, file)


def check_target(
    block: Block, known: Mapping[str, tuple[str, ...]] | None, file: SourceFile
) -> Iterator[Diagnostic]:
    """Says what is wrong with the type of the blocks that a `dynamic` block makes, and whether it lacks labels."""
    target = block.labels[0]
    if known is not None and target.value not in known:
        hint = did_you_mean(target.value, known)
        detail = f'Blocks of type "{target.value}" are not expected here.{hint}'
        yield error("Unsupported block type", detail, target.span, file)
    elif (known or {}).get(target.value) and "labels" not in block.body.attributes:
        detail = 'The argument "labels" is required, but no definition was found.'
        yield error("Missing required argument", detail, block.header, file)


def dynamic_target(block: Block) -> str | None:
    """The block type that a `dynamic` block makes, or None for every other block."""
    return block.labels[0].value if block.type == "dynamic" and block.labels else None
