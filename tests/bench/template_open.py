"""Opening and evaluating a template of 2,000 lines, beside python-hcl2 that just reads it, grammar warm."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Any

import hcl2

from oxtui.template.load import parse_template
from oxtui.template.resolve import resolve
from oxtui.template.variables import VariableInputs
from tests.bench.template_text import LINES, template_text

REPEATS = 7


def run(lines: int = LINES, repeats: int = REPEATS) -> dict[str, Any]:
    """Milliseconds from the text to all values and builds with their options evaluated."""
    text = template_text(lines)
    hcl2.loads("a = 1\n")  # makes or loads the grammar
    pairs = [
        (_taken(lambda: _evaluated(text)), _taken(lambda: hcl2.loads(text))) for _ in range(repeats)
    ]
    ours = statistics.median(first for first, _ in pairs)
    theirs = statistics.median(second for _, second in pairs)
    return {
        "unit": "ms",
        "lines": text.count("\n"),
        "parse": round(
            statistics.median(
                _taken(lambda: parse_template(text, "t.pkr.hcl")) for _ in range(repeats)
            )
        ),
        "open_and_evaluate": round(ours),
        "baseline_hcl2_loads": round(theirs),
        "ratio_to_hcl2_loads": round(ours / theirs, 2),
        "met": {"ratio_at_most_1": ours <= theirs},
    }


def _taken(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _evaluated(text: str) -> None:
    template = parse_template(text, "t.pkr.hcl")
    resolved = asyncio.run(resolve(template, VariableInputs()))
    assert not resolved.has_errors, resolved.diagnostics[:1]
    for build in resolved.builds:
        for body in (
            build.body,
            *build.provisioners,
            *(b for c in build.post_processors for b in c),
        ):
            assert not body.evaluate().diagnostics
