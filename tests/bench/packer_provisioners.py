"""What one more `true` shell provisioner costs, beside packer, near the guest and 50 ms away."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.side_by_side import ROUND_TRIPS, TOOLS, Lab, lab, shell_block

BUILDS = 3
PROVISIONERS = 10
AT_MOST = 0.35


def run(
    builds: int = BUILDS,
    provisioners: int = PROVISIONERS,
    round_trips: tuple[int, ...] = ROUND_TRIPS,
) -> dict[str, Any]:
    """Milliseconds, medians of builds that take turns: whole builds, and each provisioner after the first."""
    result: dict[str, Any] = {"unit": "ms", "builds": builds, "provisioners": provisioners}
    met = {}
    for round_trip in round_trips:
        with tempfile.TemporaryDirectory() as name, lab(Path(name), round_trip) as there:
            found = _measure(there, builds, provisioners)
        each = {tool: (many - one) / (provisioners - 1) for tool, (one, many) in found.items()}
        at = f"at_{round_trip}_ms"
        result[at] = {
            "one": round(found["oxtui"][0]),
            "many": round(found["oxtui"][1]),
            "each": round(each["oxtui"], 1),
        }
        if "packer" in each:
            ratio = each["oxtui"] / each["packer"]
            one, many = found["packer"]
            result[f"baseline_packer_{at}"] = {
                "one": round(one),
                "many": round(many),
                "each": round(each["packer"], 1),
            }
            result[f"ratio_{at}"] = round(ratio, 2)
            met[f"ratio_{at}_at_most_{AT_MOST}"] = ratio <= AT_MOST
    return {**result, "met": met}


def _measure(there: Lab, builds: int, provisioners: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of a build with one provisioner, and with all, by tool."""
    taken: dict[tuple[str, int], list[float]] = {}
    # The first round writes bytecode and fills caches; it does not count.
    for turn in range(builds + 1):
        for count in (1, provisioners):
            template = there.template(*[shell_block(there.folder)] * count)
            for tool in TOOLS:
                seconds = there.build(tool, template)
                if turn:
                    taken.setdefault((tool, count), []).append(seconds * 1000)
    median = {key: statistics.median(each) for key, each in taken.items()}
    return {tool: (median[tool, 1], median[tool, provisioners]) for tool in TOOLS}
