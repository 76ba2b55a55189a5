"""What a build takes beside its provisioners, on a simulated rack that waits for nothing."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from oxtui.component.commands import Keep
from oxtui.component.events import AddressKnown, Event, StepFinished
from tests.sessions import Bench, bench, shell, template

BUILDS = 5
PROVISIONERS = 21
"""Of one build, each running `true`."""
_BREAKPOINT = 'provisioner "breakpoint" {}'


def run(builds: int = BUILDS, provisioners: int = PROVISIONERS) -> dict[str, Any]:
    """Milliseconds of whole builds without their provisioners, and of one more provisioner."""
    return asyncio.run(_run(builds, provisioners))


async def _run(builds: int, provisioners: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with bench(folder, "--seed", "demo") as there:
            trips = await _round_trips(there, folder, 3 * provisioners)
            found = [await _build(there, provisioners, number) for number in range(builds)]
    overhead = statistics.median(each.overhead for each in found)
    provisioner = statistics.median(each.provisioner for each in found)
    trip = statistics.median(trips)
    return {
        "unit": "ms",
        "builds": builds,
        "provisioners": provisioners,
        "overhead": round(overhead),
        "steps": {
            step: round(statistics.median(each.steps[step] for each in found))
            for step in found[0].steps
        },
        "per_true_provisioner": round(provisioner, 1),
        "baseline_ssh_true": round(trip, 1),
        "ratio_to_ssh_true": round(provisioner / trip, 1),
        "met": {
            "overhead_at_most_1500": overhead <= 1500,
            "per_true_provisioner_at_most_30": provisioner <= 30,
        },
    }


@dataclass(frozen=True, slots=True)
class _Build:
    """Milliseconds of one build."""

    overhead: float
    """From the template's text to the end of the session, without the provisioners."""
    provisioner: float
    """From the end of one provisioner to the end of the next."""
    steps: dict[str, float]
    """The other steps."""


async def _build(there: Bench, provisioners: int, number: int) -> _Build:
    text = template(*[shell("true")] * provisioners).replace('"made"', f'"made-{number}"')
    first = len(there.events)
    begun = time.perf_counter()
    finished = await there.run(text)
    whole = time.perf_counter() - begun
    assert finished.status == "succeeded", there.build.error
    steps = [event for event in there.events[first:] if isinstance(event, StepFinished)]
    done = [event for event in steps if event.step.startswith("provision-")]
    return _Build(
        overhead=(whole - sum(event.seconds for event in done)) * 1000,
        provisioner=(done[-1].time - done[0].time) / (len(done) - 1) * 1000,
        steps={event.step: event.seconds * 1000 for event in steps if event not in done},
    )


async def _round_trips(there: Bench, folder: Path, count: int) -> list[float]:
    """Milliseconds of `true` over a bare SSH connection to an instance that a build left running."""
    finished = await there.run(template(_BREAKPOINT), lambda stop: Keep())
    assert finished.status == "kept"
    (key,) = folder.glob("sessions/*/builds/*/key")
    address, port = _address(there.events)
    taken = []
    async with asyncssh.connect(
        address, port, username="ubuntu", client_keys=[str(key)], known_hosts=None, config=None
    ) as connection:
        for _ in range(count):
            begun = time.perf_counter()
            await connection.run("true", check=True)
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _address(events: Sequence[Event]) -> tuple[str, int]:
    known = next(event for event in events if isinstance(event, AddressKnown))
    return known.address, known.port
