"""One edit by a form in a template of 2,000 lines: to the new text, and to the tree that the form shows.

Beside it, what reading the whole text again would take.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from oxtui.template.document import Document
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile
from tests.bench.template_text import LINES, template_text

EDITS = 60


def run(lines: int = LINES, edits: int = EDITS) -> dict[str, Any]:
    """Milliseconds of an edit; the worst, not the median, must keep within a frame and a half."""
    text = template_text(lines)
    document = Document(text, "t.pkr.hcl")
    sources = [block.labels[1].value for block in document.body.blocks_of("source")]
    taken, modelled = [], []
    for number in range(edits):
        source = f"source.oxide-instance.{sources[number * 7 % len(sources)]}"
        name, value = _CHANGES[number % len(_CHANGES)]
        taken.append(
            _taken(lambda s=source, n=name, v=value, i=number: document.set(s, n, v + str(i)))
        )
        modelled.append(_taken(lambda: document.template))
    whole = [_taken(lambda: parse_body(SourceFile("t", document.text))) for _ in range(5)]
    worst = max(taken)
    return {
        "unit": "ms",
        "lines": text.count("\n"),
        "edit_to_text_and_tree": round(statistics.median(taken), 1),
        "worst_edit": round(worst, 1),
        "then_template_model": round(statistics.median(modelled), 1),
        "baseline_read_all_again": round(statistics.median(whole), 1),
        "met": {"edit_at_most_30": statistics.median(taken) <= 30},
    }


_CHANGES = [("artifact_name", "made-"), ("description", "added "), ("ssh_username", "u")]


def _taken(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
