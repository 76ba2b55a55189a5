"""The first frame waits for no heavy import: what the screens load at start is bounded."""

from __future__ import annotations

import subprocess
import sys

LATER = {"asyncssh", "cryptography", "hcl2", "lark", "httpx", "starlette", "uvicorn", "websockets"}


def test_the_screens_start_without_ssh_http_and_hcl() -> None:
    program = "import sys, screens.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert LATER.isdisjoint(done.stdout.split())
