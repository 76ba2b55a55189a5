"""What it costs to look for lines in the output of a step that prints much (`--break-on-output`).

The same step with and without patterns, in turns, and how long the event loop is held up meanwhile.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxtui.build.control import Policy
from oxtui.build.stops import Stopping
from oxtui.component.events import StepFinished
from tests.builders.test_null import local, template
from tests.sessions import Sessions, rackless

RUNS = 5
LINES = 500_000
PATTERNS = ("(a+)+$", "(?i)kernel panic|no space left", r"^E: .*\bfailed\b")
"""None is in the output; with the first of them Python's `re` would not come to an end."""
TICK = 0.005
"""Seconds between two looks at the loop."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of the step, those of the processor (of oxtui, all threads), and the longest that the loop was late."""

    seconds: float
    cpu: float
    late: float


def run(runs: int = RUNS, lines: int = LINES) -> dict[str, Any]:
    """Milliseconds of the step, watched and not, and how late the loop was at worst."""
    return asyncio.run(_run(runs, lines))


async def _run(runs: int, lines: int) -> dict[str, Any]:
    text = template(local(f"yes '{'a' * 70}b' | head -n {lines}"))
    found: dict[bool, list[Run]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as name:
        async with rackless(Path(name)) as there:
            for _ in range(runs):
                for watched in found:
                    outputs = PATTERNS if watched else ()
                    found[watched].append(await _once(there, text, Stopping(outputs=outputs)))
    plain, watched_ = (statistics.median(each.seconds for each in found[on]) for on in found)
    cpu, watched_cpu = (statistics.median(each.cpu for each in found[on]) for on in found)
    return {
        "unit": "ms",
        "lines": lines,
        "patterns": len(PATTERNS),
        "baseline_unwatched": round(1000 * plain),
        "watched": round(1000 * watched_),
        "ratio": round(watched_ / plain, 2),
        "cpu_ratio": round(watched_cpu / cpu, 2),
        "loop_late": {
            "unwatched": round(1000 * max(each.late for each in found[False]), 1),
            "watched": round(1000 * max(each.late for each in found[True]), 1),
        },
        "met": {"cpu_ratio_at_most_1.2": watched_cpu / cpu <= 1.2},
    }


async def _once(there: Sessions, text: str, stopping: Stopping) -> Run:
    session = await there.session(text, Policy(stopping=stopping))
    late = 0.0

    async def look() -> None:
        nonlocal late
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            late = max(late, time.perf_counter() - before - TICK)

    looking, cpu = asyncio.create_task(look()), time.process_time()
    try:
        finished = await session.run()
    finally:
        looking.cancel()
        cpu = time.process_time() - cpu
    assert finished.status == "succeeded"
    (step,) = [e for e in there.events if isinstance(e, StepFinished) and e.step == "provision-1"]
    there.events.clear()
    return Run(step.seconds, cpu, late)
