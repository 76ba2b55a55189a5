"""Reads the attributes of a block into fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oxtui.component.options import OptionSpec
from oxtui.template.document import Document
from oxtui.template.editing.template_document import TemplateDocument
from oxtui.template.hcl.tree.bodies import Attribute, Block
from screens.compose.kinds import is_raw
from screens.compose.literal import Told
from screens.compose.reading import Field
from screens.compose.value_text import is_expression, show, show_whole

NONE_OLDER: Mapping[str, str] = {}


_SCRIPTS = frozenset(("inline",))
"""Lists whose items are the lines of one script, so that it does not matter how they are parted."""


@dataclass(frozen=True, slots=True)
class Language:
    """How the values of a document are shown and typed."""

    told: Told
    hcl: bool = True
    """False in a legacy template, where a value is never an expression."""
    heredocs: bool = True
    """Whether a text can be written as a heredoc, which JSON does not have."""


def language_of(document: TemplateDocument) -> Language:
    """The language of a document."""
    return Language(
        document.expression_text, document.is_hcl, heredocs=isinstance(document, Document)
    )


def fields_of(
    block: Block,
    specs: Sequence[OptionSpec],
    language: Language,
    kind: str = "",
    type_text: str = "",
    older: Mapping[str, str] = NONE_OLDER,
) -> tuple[Field, ...]:
    """The fields of a block: those of its specs, then what else stands in it.

    `older` are names that options had before, and those that they have now.
    """
    attributes = block.body.attributes
    fields = [
        block_field(spec, block)
        if spec.type == "block"
        else field_of(spec, attributes.get(spec.name), language, is_raw(kind, spec.name, type_text))
        for spec in specs
    ]
    names = {spec.name for spec in specs}
    for name, attribute in attributes.items():
        if name not in names:
            now = older.get(name, "")
            help_ = f"An older name of {now}." if now else "No such option is known here."
            spec = OptionSpec(
                name=name, type="string", required=False, default=None, help=help_, group="Others"
            )
            text = source_text(attribute, language)
            fields.append(Field(spec, text, attribute.span, True, bool(now)))
    return tuple(fields)


def block_field(spec: OptionSpec, block: Block) -> Field:
    """A nested block, or several, in a few words: what the first sets, and how many more there are."""
    inner = block.body.blocks_of(spec.name)
    written = block.body.attributes.get(spec.name)  # JSON has no blocks
    if not inner:
        return Field(spec, "written as JSON", written.span) if written is not None else Field(spec)
    names = [*inner[0].body.attributes, *(each.type for each in inner[0].body.blocks)]
    more = f" and {len(inner) - 1} more" if len(inner) > 1 else ""
    return Field(spec, f"{{ {', '.join(dict.fromkeys(names))} }}{more}", inner[0].span)


def field_of(spec: OptionSpec, attribute: Attribute | None, language: Language, raw: bool) -> Field:
    """One field; `raw`: shown and typed as HCL."""
    hcl = language.hcl
    if attribute is None:
        return Field(spec, raw=raw, hcl=hcl)
    expression = attribute.expression
    if language.heredocs and not raw and spec.name in _SCRIPTS:
        whole = show_whole(expression, language.told, spec)
        if whole is not None:
            return Field(spec, whole, attribute.span, whole=True)
        lines = show(expression, language.told, spec)
        return Field(spec, lines, attribute.span, whole=None if is_expression(lines) else False)
    shown = language.told(expression) if raw else show(expression, language.told, spec, hcl=hcl)
    return Field(spec, shown, attribute.span, raw, hcl=hcl)


def source_text(attribute: Attribute, language: Language) -> str:
    """An attribute's expression as it is written."""
    return language.told(attribute.expression)
