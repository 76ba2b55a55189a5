"""The steps of a template as breakpoints follow them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from oxtui.build.following import TemplateStep
from oxtui.template.document_kinds import document_of
from screens.compose.read import read_document
from screens.compose.reading import Part, Reading, gathered

STEPS = ("provisioner", "post-processor")
"""Kinds of parts that are steps of a build."""


def template_steps(reading: Reading) -> tuple[TemplateStep, ...]:
    """The steps of a template, those that are switched off among them."""
    return tuple(_steps(reading))


def _steps(reading: Reading) -> Iterator[TemplateStep]:
    numbers: Counter[tuple[str, int]] = Counter()
    texts = reading.texts
    for part in reading.of_kind("provisioner", "post-processor"):
        title = part.title
        if part.kind == "provisioner":
            numbers[part.file, part.build] += 1
            title = f"{numbers[part.file, part.build]} {title}"
        span = part.span
        yield TemplateStep(
            part.id, part.kind, title, texts[part.file][span.start : span.end], part.file,
            span.start, part.enabled, _stops(part),
        )  # fmt: skip


def steps_of_texts(texts: Mapping[str, str]) -> tuple[TemplateStep, ...] | None:
    """The same of a template's texts by the names of their files; None where their syntax has errors.

    Call it in a thread.
    """
    reading = gathered([read_document(document_of(text, name)) for name, text in texts.items()])
    return template_steps(reading) if reading.is_whole else None


def _stops(part: Part) -> bool:
    return part.enabled and part.title == "breakpoint" and part.value("disable") != "true"
