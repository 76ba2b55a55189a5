"""Memory of all processes of a build with many provisioners, beside packer's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.bench.side_by_side import TOOLS, Lab, lab, shell_block

PROVISIONERS = 30
AT_MOST = 0.4
_MIB = 1 << 20


def run(provisioners: int = PROVISIONERS) -> dict[str, Any]:
    """MiB, each page counted once (PSS), while the last provisioner runs."""
    with tempfile.TemporaryDirectory() as name, lab(Path(name), 0) as there:
        found = {tool: _memory(there, tool, provisioners) for tool in TOOLS}
    result: dict[str, Any] = {"unit": "MiB", "provisioners": provisioners}
    result["oxtui"] = round(found["oxtui"] / _MIB, 1)
    met = {}
    if "packer" in found:
        ratio = found["oxtui"] / found["packer"]
        result["baseline_packer"] = round(found["packer"] / _MIB, 1)
        result["ratio"] = round(ratio, 2)
        met[f"ratio_at_most_{AT_MOST}"] = ratio <= AT_MOST
    return {**result, "met": met}


def _memory(there: Lab, tool: str, provisioners: int) -> int:
    here, go = there.folder / "here", there.folder / "go"
    here.unlink(missing_ok=True)
    go.unlink(missing_ok=True)
    waits = f"echo reached-the-last; while [ ! -e {go} ]; do sleep 0.1; done"
    blocks = [shell_block(there.folder)] * (provisioners - 1)
    process = there.start(tool, there.template(*blocks, shell_block(there.folder, waits)))
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.rstrip().endswith(": reached-the-last"):
                break
        taken = sum(_pss(each) for each in _family(process.pid))
    finally:
        go.touch()
        process.communicate()
    assert process.returncode == 0
    return taken


def _family(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def _pss(process: int) -> int:
    """Bytes, pages that several hold divided among them."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024
