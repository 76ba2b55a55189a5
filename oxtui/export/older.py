"""Words of older releases, as the plugin's present one has them: types of sources, and names of their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from oxtui.component.options import Options, block_specs
from oxtui.component.registry import OLDER_TYPES, UnknownComponent, component
from oxtui.export.draft import Draft
from oxtui.template.hcl.edit.extent import item_end, line_start
from oxtui.template.hcl.edit.text_edit import TextEdit
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Block, Body
from oxtui.template.hcl.tree.walk import walk
from oxtui.template.hcl.write import quote

_TYPES: Final = OLDER_TYPES["builder"]
_OLD: Final = "|".join(map(re.escape, sorted(_TYPES, key=len, reverse=True)))
_REFERENCE: Final = re.compile(rf"(source\.)?({_OLD})(\..+)?")
_IN_NAME: Final = re.compile(rf"(?<![^.])({_OLD})(?=\.)")


def now_called(build: str) -> str:
    """A build's name with the type that its source has now."""
    return _IN_NAME.sub(lambda found: _TYPES[found[1]], build)


def without_older_words(draft: Draft) -> None:
    """Rewrites them all; an option without effect that the present release refuses is left out."""
    text = draft.document.text
    edits = [*_types(draft), *_options(draft)]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    if edits:
        draft.document.rewrite(text)


def _types(draft: Draft) -> Iterator[TextEdit]:
    body = draft.document.body
    for block in _blocks(body):
        for label in block.labels[:1] if block.type == "source" else ():
            if found := _REFERENCE.fullmatch(label.value):
                yield TextEdit(*label.span, quote(_renamed(found)))
                told = f"{found[2]} is called {_TYPES[found[2]]} in the plugin."
                draft.notes.append(told)
    for each in (body, *(block.body for block in _blocks(body))):
        for attribute in each.attributes.values():
            for node in walk(attribute.expression):
                literal = node.literal if isinstance(node, x.Template) else None
                if literal is not None and (found := _REFERENCE.fullmatch(literal)) and found[3]:
                    yield TextEdit(*node.span, quote(_renamed(found)))


def _renamed(found: re.Match[str]) -> str:
    return f"{found[1] or ''}{_TYPES[found[2]]}{found[3] or ''}"


def _blocks(body: Body) -> Iterator[Block]:
    for block in body.blocks:
        yield block
        yield from _blocks(block.body)


def _options(draft: Draft) -> Iterator[TextEdit]:
    for block in _blocks(draft.document.body):
        if block.type != "source" or not block.labels:
            continue
        kind = block.labels[0].value.removeprefix("source.").partition(".")[0]
        try:
            options = component("builder", kind).Options
        except UnknownComponent:
            continue
        yield from _names(draft, block.body, options)


def _names(draft: Draft, body: Body, options: type[Options]) -> Iterator[TextEdit]:
    text = draft.document.text
    inner = {spec.name: spec.options for spec in block_specs(options)}
    for attribute in body.attributes.values():
        if attribute.name in options.outdated:
            yield _renaming(draft, attribute.name_span, attribute.name, options)
        elif attribute.name in options.retired:
            why = options.without_effect[attribute.name]
            draft.notes.append(
                f"{attribute.name} is left out, which the plugin's present release refuses: {why}."
            )
            start, end = line_start(text, attribute.span.start), item_end(text, attribute.span.end)
            alone = not text[start : attribute.span.start].strip()
            yield TextEdit(start, end, "") if alone else TextEdit(*attribute.span, "")
    for block in body.blocks:
        now = options.older_names.get(block.type, block.type)
        if block.type in options.outdated:
            yield _renaming(draft, block.type_span, block.type, options)
        if now in inner:
            yield from _names(draft, block.body, inner[now])


def _renaming(draft: Draft, span: tuple[int, int], name: str, options: type[Options]) -> TextEdit:
    now = options.older_names[name]
    draft.notes.append(f"{name} is called {now} in the plugin's present release.")
    return TextEdit(*span, now)
