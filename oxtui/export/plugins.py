"""`required_plugins`: stock Packer fetches the plugins of oxtui's own builders by it."""

from __future__ import annotations

from oxtui.component.plugins import PLUGINS, Plugin
from oxtui.export.draft import Draft
from oxtui.template.hcl.edit.attributes import add_attribute
from oxtui.template.hcl.edit.blocks import insert_lines
from oxtui.template.hcl.edit.extent import indentation, item_end, line_end, newline_of
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Block, Body
from oxtui.template.hcl.write import Writable, write_block, write_value


def plugins_of(body: Body) -> list[Plugin]:
    """The plugins of which a source or a data source of a template is."""
    used = [
        block.labels[0].value
        for block in body.blocks
        if block.type in ("source", "data") and block.labels
    ]
    return [plugin for plugin in PLUGINS if any(map(plugin.brings, used))]


def require_plugins(draft: Draft) -> None:
    """Asks for the plugins of which a source or a data source is, where nothing asks for them yet."""
    for plugin in plugins_of(draft.document.body):
        _require(draft, plugin)


def _require(draft: Draft, wanted: Plugin) -> None:
    name = wanted.name
    plugin: dict[str, Writable] = {"version": wanted.constraint, "source": wanted.source}
    packers = draft.document.body.blocks_of("packer")
    lists = [inner for block in packers for inner in block.body.blocks_of("required_plugins")]
    for block in lists:
        if name in block.body.attributes:
            _mend(draft, block, wanted)
            return
    text, newline = draft.document.text, newline_of(draft.document.text)
    if lists:
        indent = indentation(text, lists[0].type_span.start) + "  "
        value = write_value(plugin, indent, newline=newline)
        after = add_attribute(text, lists[0].body, name, value, block=lists[0])
        draft.document.rewrite(after)
    elif packers:
        indent = indentation(text, packers[0].type_span.start) + "  "
        lines = write_block("required_plugins", [], {name: plugin}, indent, newline=newline)
        draft.document.rewrite(_into(text, packers[0], lines))
    else:
        draft.document.add_block("packer", [], {})
        added = draft.document.body.blocks_of("packer")[0]
        lines = write_block("required_plugins", [], {name: plugin}, "  ", newline=newline)
        draft.document.rewrite(_into(draft.document.text, added, lines))
    draft.notes.append(f"required_plugins asks for {wanted.source} {wanted.constraint}.")


def _into(text: str, block: Block, lines: str) -> str:
    """The lines of a block at the end of another one."""
    newline = newline_of(text)
    inside = text[block.open.end : block.close.start]
    if "\n" not in inside:
        indent = indentation(text, block.type_span.start)
        kept = f"{indent}  {inside.strip()}{newline}" if inside.strip() else ""
        filled = f"{newline}{kept}{lines}{indent}"
        return text[: block.open.end] + filled + text[block.close.start :]
    ends = [item_end(text, item.span.end) for item in block.body.items]
    return insert_lines(text, max(ends, default=line_end(text, block.open.end)), lines)


def _mend(draft: Draft, block: Block, wanted: Plugin) -> None:
    """Corrects the plugin's source where it is another's."""
    written = block.body.attributes[wanted.name].expression
    if not isinstance(written, x.Object):
        return  # no entry that Packer accepts: reading the template has told of it
    for item in written.items:
        key = item.literal_key or (item.key.literal if isinstance(item.key, x.Template) else None)
        given = item.value.literal if isinstance(item.value, x.Template) else None
        if key == "source" and given != wanted.source:
            draft.replace(*item.value.span, write_value(wanted.source))
            draft.notes.append(f"The {wanted.name} plugin's source is {wanted.source}.")
