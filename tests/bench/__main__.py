"""`python -m tests.bench NAME…`: measure, and print one JSON line each; without a name, list the names.

Every figure stands beside a baseline of the same run, because machines and their load differ.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module

BENCHES = {
    "browse_large": "tests.bench.browse_large",
    "build_overhead": "tests.bench.build_overhead",
    "cached_build": "tests.bench.cached_build",
    "cold_start": "tests.bench.cold_start",
    "log_latency": "tests.bench.log_latency",
    "log_memory": "tests.bench.log_memory",
    "output_watch": "tests.bench.output_watch",
    "packer_files": "tests.bench.packer_files",
    "packer_memory": "tests.bench.packer_memory",
    "packer_provisioners": "tests.bench.packer_provisioners",
    "shell_pane": "tests.bench.shell_pane",
    "ssh_connect": "tests.bench.ssh_connect",
    "template_edit": "tests.bench.template_edit",
    "template_open": "tests.bench.template_open",
    "template_wait": "tests.bench.template_wait",
}
"""Modules with `run() -> dict` by name."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    # Checked below: argparse would check the empty list, too.
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHES)}, or all")
    names = parser.parse_args().names
    unknown = [name for name in names if name not in (*BENCHES, "all")]
    if unknown:
        parser.error(f"no bench is named {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    if not names:
        print("\n".join(BENCHES))
    met = True
    for name in BENCHES if "all" in names else names:
        result = import_module(BENCHES[name]).run()
        met = met and all(result.get("met", {}).values())
        print(json.dumps({"bench": name, **result}), flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
