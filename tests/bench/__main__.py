"""`python -m tests.bench NAME…`: measure, and print one JSON line each.

Every figure stands beside a baseline of the same run, because machines and their load differ.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module

BENCHES = {
    "log_latency": "tests.bench.log_latency",
    "log_memory": "tests.bench.log_memory",
}
"""Modules with `run() -> dict` by name."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="+", choices=[*BENCHES, "all"], metavar="NAME")
    names = parser.parse_args().names
    met = True
    for name in BENCHES if "all" in names else names:
        result = import_module(BENCHES[name]).run()
        met = met and all(result.get("met", {}).values())
        print(json.dumps({"bench": name, **result}), flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
