"""Secrets that stand in a template are not drawn where it is only looked at."""

from __future__ import annotations

from screens.compose.code_language import code_language
from screens.compose.field_words import DOTS
from screens.compose.reading import Reading
from screens.compose.value_text import is_expression


def masked(reading: Reading, file: str) -> str:
    """The text of a file with dots in place of the values of secret fields; its lines stay."""
    source = reading.source(file)
    text, is_json = source.text, code_language(source) == "json"
    spans = sorted(
        field.span
        for part in reading.parts
        if part.file == file
        for field in part.fields
        if field.span is not None and field.spec.secret and not is_expression(field.text)
    )
    for span in reversed(spans):
        start = text.find(":" if is_json else "=", span.start, span.end)
        breaks = text.count("\n", start, span.end)
        text = text[: start + 1] + f' "{DOTS}"' + "\n" * breaks + text[span.end :]
    return text
