"""A build again after an edit of its last provisioner, against the whole build, on a rack that waits for nothing."""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
import time
from pathlib import Path
from typing import Any

from oxtui.component.events import StepStarted
from tests.sessions import Bench, bench, shell, template

PROVISIONERS = 5
SECONDS = 10.0
"""Of each provisioner."""


def run(provisioners: int = PROVISIONERS, seconds: float = SECONDS) -> dict[str, Any]:
    """Milliseconds of a whole build without checkpoints, of one that takes them, and of the one after the edit."""
    return asyncio.run(_run(provisioners, seconds))


async def _run(provisioners: int, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        async with bench(Path(name), "--seed", "demo") as there:
            blocks = [shell(f"sleep {seconds} # {n}") for n in range(provisioners)]
            whole = await _build(there, "off", template(*blocks))
            taking = await _build(there, "each", template(*blocks))
            before = len(there.events)
            edited = template(*blocks[:-1], shell(f"sleep {seconds} # edited"))
            again = await _build(there, "each", edited)
            ran = [e.step for e in there.events[before:] if isinstance(e, StepStarted)]
    assert [step for step in ran if step.startswith("provision-")] == [f"provision-{provisioners}"]
    return {
        "unit": "ms",
        "provisioners": provisioners,
        "baseline_whole_build": round(whole * 1000),
        "whole_build_with_checkpoints": round(taking * 1000),
        "after_the_edit": round(again * 1000),
        "ratio": round(again / whole, 3),
        "met": {"ratio_at_most_0.3": again <= 0.3 * whole},
    }


async def _build(there: Bench, policy: str, text: str) -> float:
    """Seconds of a build, from the template's text to the end of the session."""
    chosen = dataclasses.replace(there.environment.checkpoints, policy=policy)  # type: ignore[arg-type]
    there.environment = dataclasses.replace(there.environment, checkpoints=chosen)
    begun = time.perf_counter()
    finished = await there.run(text, force=True)
    assert finished.status == "succeeded", there.build.error
    return time.perf_counter() - begun
