"""The first frame waits for no heavy import: what the screens load at start is bounded."""

from __future__ import annotations

import subprocess
import sys

LATER = {
    "asyncssh", "cryptography", "hcl2", "lark", "httpx", "pydantic", "starlette", "uvicorn",
    "websockets", "oxtui.build.state", "oxtui.component.events",
}  # fmt: skip
"""Libraries, and of our own what only a build needs."""

PROGRAM = """
import asyncio, sys
from oxtui.settings.load import load
from screens.app import OxtuiApp
from screens.services import services

async def first_frame():
    async with OxtuiApp(services(load({}))).run_test():
        print(*sys.modules)

asyncio.run(first_frame())
"""


def test_the_first_frame_comes_without_ssh_http_hcl_and_builds() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    modules = set(done.stdout.split())
    assert "screens.browse.screen" in modules
    assert LATER.isdisjoint(modules), LATER & modules
