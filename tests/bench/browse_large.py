"""A project with ten thousand images in Browse, in a real terminal: the first page, and a key of the filter."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from oxtui.rack.seeds.large import IMAGES, PROJECT
from oxtui.rack.seeds.planting import BASES
from screens.browse.resource import PAGE
from tests.bench.terminal import Terminal, own_folders
from tests.rack_process import RackProcess, rack

OPENINGS = 5
_ALL = f" {IMAGES + len(BASES):,} ".encode()
"""The count at the end of the tabs, once the last page is there."""
_BEGINNING = "ly-0"
"""The filter before the keys that count; all images of the project pass it, by name alone."""
_TYPED = "4321"
"""Each of these keys leaves a tenth."""


def run(openings: int = OPENINGS) -> dict[str, Any]:
    """Milliseconds from enter on the project to its images, and from a key of the filter to its rows."""
    return asyncio.run(_run(openings))


async def _run(openings: int) -> dict[str, Any]:
    pages: list[float] = []
    keys: list[float] = []
    moves: list[float] = []
    async with rack("--seed", "large") as there, httpx.AsyncClient() as client:
        bare = [await _bare_page(client, there) for _ in range(openings + 1)][1:]
        with tempfile.TemporaryDirectory() as name:
            environment = {
                **own_folders(Path(name)), "OXIDE_HOST": there.host, "OXIDE_TOKEN": there.token,
            }  # fmt: skip
            for _ in range(openings):
                # The terminal waits without the loop; the rack is another process.
                page, move, typed = await asyncio.to_thread(_open, environment)
                pages.append(page)
                moves.append(move)
                keys.extend(typed)
    page, key = statistics.median(pages), statistics.median(keys)
    return {
        "unit": "ms",
        "images": IMAGES,
        "openings": openings,
        "first_page": round(page),
        "first_page_best": round(min(pages)),
        "baseline_bare_request": round(statistics.median(bare)),
        "ratio_first_page": round(page / statistics.median(bare), 1),
        "filter_key": round(key, 1),
        "filter_key_best": round(min(keys), 1),
        "baseline_cursor_key": round(statistics.median(moves), 1),
        "ratio_filter_key": round(key / statistics.median(moves), 1),
        "met": {"first_page_at_most_300": page <= 300, "filter_key_at_most_30": key <= 30},
    }


async def _bare_page(client: httpx.AsyncClient, there: RackProcess) -> float:
    begun = time.perf_counter()
    answer = await client.get(
        f"{there.host}/v1/images",
        params={"project": PROJECT, "limit": PAGE},
        headers={"Authorization": f"Bearer {there.token}"},
    )
    taken = (time.perf_counter() - begun) * 1000
    assert len(answer.json()["items"]) == PAGE
    return taken


def _open(environment: dict[str, str]) -> tuple[float, float, list[float]]:
    """Milliseconds of the first page, of one step of the cursor, and of each key of the filter."""
    with Terminal("-m", "oxtui", environment=environment) as terminal:
        terminal.wait_for(b"nightly-")  # connected
        terminal.press(b"1")
        terminal.wait_for(PROJECT.encode())
        terminal.drain(1.0)
        pressed = terminal.press(b"\r")
        page = terminal.wait_for(b"nightly-") - pressed
        terminal.wait_for(_ALL)
        terminal.drain(2.0)
        pressed = terminal.press(b"\x1b[B")
        move = terminal.wait_for(b"nightly-") - pressed
        terminal.drain(0.5)
        terminal.press(b"/")
        terminal.drain(0.5)
        terminal.press(_BEGINNING.encode())
        terminal.wait_for(f" {IMAGES:,} of".encode())
        terminal.drain(0.5)
        keys = []
        for end, key in enumerate(_TYPED, 1):
            left = IMAGES // 10**end
            pressed = terminal.press(key.encode())
            keys.append(terminal.wait_for(f" {left:,} of".encode()) - pressed)
            terminal.drain(0.5)
    return page * 1000, move * 1000, [key * 1000 for key in keys]
