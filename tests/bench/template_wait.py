"""How long an event loop stands still while a template is opened and a cold grammar is made in threads.

The interpreter is shared with those threads, so what a screen waits is what they hold it for at once.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import hcl2.parser

from oxtui.export.second_reader import read_otherwise
from oxtui.template.document import Document
from tests.bench.template_text import LINES, template_text

TICK = 0.005


def run(lines: int = LINES) -> dict[str, Any]:
    """Milliseconds of the longest wait of the loop, of an idle one, and with each of the two at work."""
    return asyncio.run(_run(template_text(lines)))


async def _run(text: str) -> dict[str, Any]:
    idle = await _longest(asyncio.to_thread(time.sleep, 0.5))
    document = Document(text, "t.pkr.hcl")
    opening = await _longest(asyncio.to_thread(lambda: document.template))
    hcl2.parser.parser.cache_clear()
    with tempfile.TemporaryDirectory() as folder:
        small = text[: text.index("source ")]
        body = Document(small, "t.pkr.hcl").body
        cold = await _longest(
            asyncio.to_thread(read_otherwise, small, body, Path(folder) / "cache")
        )
    return {
        "unit": "ms",
        "lines": text.count("\n"),
        "longest_wait_opening": round(opening, 1),
        "longest_wait_cold_grammar": round(cold, 1),
        "baseline_idle": round(idle, 1),
        "met": {"wait_at_most_100": max(opening, cold) <= 100},
    }


async def _longest(work: Any) -> float:
    """The longest time between two ticks while something runs, less the tick itself."""
    task = asyncio.ensure_future(work)
    longest = 0.0
    while not task.done():
        begun = time.perf_counter()
        await asyncio.sleep(TICK)
        longest = max(longest, time.perf_counter() - begun - TICK)
    await task
    return longest * 1000
