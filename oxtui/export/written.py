"""Values of options as a template writes them, and lists of which most items stay as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from oxtui.component.options import OptionSpec, parse_duration
from oxtui.export.draft import Draft
from oxtui.template.component_body import DecodedAttribute
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Attribute
from oxtui.template.hcl.write import Code, Writable, write_value
from oxtui.template.values import is_known, to_python


def writable(value: Any, spec: OptionSpec | None) -> Writable:
    """A changed value in the form that Packer reads: times as Go durations, lists as lists."""
    if isinstance(value, list | tuple):
        return [writable(item, None) for item in value]
    if isinstance(value, Mapping):
        return {str(name): writable(item, None) for name, item in value.items()}
    if spec is not None and spec.type == "duration" and isinstance(value, int | float):
        return duration(value)
    made: Writable = value
    return made


def duration(seconds: float) -> str:
    """Seconds as Go writes them."""
    return f"{seconds:g}s" if seconds >= 0.001 or seconds <= 0 else f"{seconds * 1e6:g}us"


def same_value(known: DecodedAttribute | None, value: Any, spec: OptionSpec | None) -> bool:
    """Whether an attribute has that value already; `"1m"` and 60 seconds are the same."""
    if known is None or not is_known(known.value):
        return False
    there = to_python(known.value)
    if spec is not None and spec.type == "duration" and isinstance(there, str):
        try:
            return bool(parse_duration(there) == parse_duration(value))
        except ValueError:
            return False
    return bool(there == value)


def set_list(
    draft: Draft,
    address: str,
    attribute: Attribute,
    known: DecodedAttribute,
    items: Sequence[Writable],
) -> None:
    """Gives a list other items; those that stay keep their own text, such as `"echo ${var.name}"`."""
    written = attribute.expression
    text = draft.document.text
    values = known.value.data
    if not isinstance(written, x.Tuple) or not isinstance(values, tuple):
        draft.document.set(address, attribute.name, list(items))
        return
    if len(values) != len(written.items):
        draft.document.set(address, attribute.name, list(items))
        return
    old = [to_python(value) if is_known(value) else None for value in values]
    spans = [item.span for item in written.items]
    steps = SequenceMatcher(None, [repr(v) for v in old], [repr(v) for v in items], False)
    opcodes = steps.get_opcodes()
    if all(tag == "equal" or b - a == d - c for tag, a, b, c, d in opcodes):
        for tag, a, b, c, _ in reversed(opcodes):
            if tag == "equal":
                continue
            for place in reversed(range(a, b)):
                span = spans[place]
                draft.replace(span.start, span.end, write_value(items[c + place - a]))
        return
    made: list[Writable] = []
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            made += [Code(text[span.start : span.end]) for span in spans[a:b]]
        else:
            made += items[c:d]
    draft.document.set(address, attribute.name, made)
