"""A legacy template as `packer inspect` tells it: what stands in the text, nothing evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from oxtui.template.legacy.model import LegacyTemplate

_NOTE: Final = (
    "Note: If your build names contain user variables or template",
    "functions such as 'timestamp', these are processed at build time,",
    "and therefore only show in their raw form here.",
)
"""The very lines of Packer: programs that read its output know them."""


def legacy_inspection(template: LegacyTemplate) -> Iterator[str]:
    """The lines, in Packer's layout; a sensitive default is `<sensitive>`."""
    yield "Packer Inspect: JSON mode"
    if template.description:
        yield from ("Description:", "", template.description, "")
    required = sorted(name for name, each in template.variables.items() if each.default is None)
    if required:
        yield from ("Required variables:", "", *(f"  {name}" for name in required), "")
    title = "Optional variables and their defaults:" if template.variables else "Variables:"
    yield from (title, "")
    shown = {
        name: "<sensitive>" if name in template.sensitive else each.default
        for name, each in template.variables.items()
        if each.default is not None
    }
    width = max(map(len, shown), default=0)
    lines = [f"  {name:<{width}} = {shown[name]}" for name in sorted(shown)]
    none = [] if template.variables else ["  <No variables>"]
    yield from (*(lines or none), "", "Builders:", "")
    yield from _builders(template)
    yield from ("", "Provisioners:", "")
    types = [each.type for each in template.provisioners]
    yield from (*_indented(types or ["<No provisioners>"]), "", *_NOTE)


def _builders(template: LegacyTemplate) -> Iterator[str]:
    builders = sorted(template.builders, key=lambda each: each.name)
    width = max((len(each.name) for each in builders), default=0)
    for each in builders:
        yield f"  {each.name:<{width}}" + (f" ({each.type})" if each.type != each.name else "")
    if not builders:
        yield "  <No builders>"


def _indented(words: Iterable[str]) -> list[str]:
    return [f"  {word}" for word in words]
