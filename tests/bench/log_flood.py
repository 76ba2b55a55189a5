"""Writes output as a step does, so many lines a second: `log_flood FOLDER LINES_A_SECOND [LINES]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from oxtui.logs.redact import Redactor
from oxtui.logs.spool import SpoolWriter, Stream

BUILD, STEP = "web-01", "provision-3"
_PACE = 0.01
"""Seconds between two writes."""


def flood(folder: Path, rate: int, total: int | None = None) -> None:
    """Write at a rate, or as fast as possible where it is 0; for ever, or so many lines."""
    redactor = Redactor(["a-secret-that-is-looked-for", "and another one"])
    with SpoolWriter(folder / BUILD / STEP, redact=redactor) as spool:
        begun, written = time.monotonic(), 0
        while total is None or written < total:
            due = int((time.monotonic() - begun) * rate) if rate else written + 10_000
            if due > written:
                spool.write(
                    Stream.STDOUT,
                    b"".join(
                        b"[%9d] Setting up libexample%d:amd64 (1.2.3-4+deb12u1) and what it needs ...\n"
                        % (line, line % 977)
                        for line in range(written, due)
                    ),
                )
                if not written:
                    print("writing", flush=True)
                written = due
            if rate:
                time.sleep(_PACE)


if __name__ == "__main__":
    flood(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
