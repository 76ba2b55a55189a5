"""Accounts of Outscale for tests of the screens: one whose things keep their age, and the app on one."""

from __future__ import annotations

import contextlib
import json
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from textual.pilot import Pilot

from oxtui.settings import load
from screens.connection import opener
from screens.services import Services
from tests.screens.driving import FOLDERS, TRUECOLOR, loaded, running
from tests.screens.racks import NOW, ROOT

_START = f"""
import argparse, datetime, sys
from oxtui.rack.outscale import serve
seed = serve.seed
then = datetime.datetime.fromisoformat("{NOW.isoformat()}")
serve.seed = lambda store, contents, clock: seed(store, contents, lambda: then)
from oxtui.cli import rack
parser = argparse.ArgumentParser()
rack.configure(parser)
sys.exit(rack.run(parser.parse_args(sys.argv[1:])))
"""
"""Signatures are of the hour, so the clock goes on; what is there was made as if it were `NOW`."""


@contextlib.contextmanager
def still_account() -> Iterator[Mapping[str, str]]:
    """The OSC_* environment of an account that is only looked at."""
    command = [
        sys.executable, "-c", _START, "serve", "--cloud", "outscale", "--with-parent",
        "--allow-none", "--latency", "fast",
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        try:
            exports = [process.stdout.readline().decode() for _ in range(5)][:4]
            yield dict(shlex.split(line)[1].split("=", 1) for line in exports)
        finally:
            process.terminate()
            process.wait(30)


def account_services(
    folder: Path, environment: Mapping[str, str], settings: Mapping[str, str] | None = None
) -> Services:
    """Services that open what they are told to, with a clock that stands still."""
    environ = {f"OXTUI_{name.upper()}_DIR": str(folder / name) for name in FOLDERS}
    environ["OXTUI_SESSIONS_DIR"] = str(folder / "sessions")
    flags = {"general.theme": "oxtui-dark", "general.clipboard": "osc52", "build.changes": "off"}
    found = load(environ, flags | dict(settings or {}))
    return Services(
        settings=found,
        environment={**TRUECOLOR, "HOME": str(folder), **environment},
        oxide_config=folder / "oxide",
        open=opener(found.paths),
        clock=NOW.timestamp,
    )


def keep_profiles(folder: Path, **profiles: Mapping[str, str]) -> None:
    """Write profiles with the keys of these environments, as Outscale's tools do."""
    (folder / ".osc").mkdir()
    found = {
        name: {
            "access_key": known["OSC_ACCESS_KEY"],
            "secret_key": known["OSC_SECRET_KEY"],
            "region": known["OSC_REGION"],
            "endpoints": {"api": known["OSC_ENDPOINT_API"]},
        }
        for name, known in profiles.items()
    }
    (folder / ".osc" / "config.json").write_text(json.dumps(found))


@contextlib.asynccontextmanager
async def on_account(
    folder: Path,
    environment: Mapping[str, str],
    size: tuple[int, int] = (120, 40),
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Pilot[int]]:
    """The app on the account of this environment, its OMIs read."""
    async with running(account_services(folder, environment, settings), size) as pilot:
        await loaded(pilot)
        yield pilot
