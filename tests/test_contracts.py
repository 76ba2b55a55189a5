"""Imports point one way; what the contracts say is in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
import tomllib

from tests.repository import ROOT


def test_the_import_contracts_hold() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_in_the_engine_has_its_place_in_the_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contracts = {each["name"]: each for each in settings["contracts"]}
    layers = contracts["Arrows point one way"]
    only_cli = contracts["Only the command line starts the simulated rack"]
    rack_alone = contracts["The simulated rack stands alone"]
    no_terminal = contracts["The engine works without a terminal"]
    inside = {path.parent.name for path in (ROOT / "oxtui").glob("*/__init__.py")}
    inside |= {path.stem for path in (ROOT / "oxtui").glob("*.py") if path.stem[0] != "_"}
    engine = {f"oxtui.{name}" for name in inside} - {"oxtui.cli"}
    layered = {name.strip(" ()") for layer in layers["layers"] for name in layer.split("|")}
    assert layered == engine - {"oxtui.rack"} | {"oxtui.cli", "screens"}
    assert set(no_terminal["source_modules"]) == engine
    apart = {"oxtui.rack", "oxtui.oxide", "oxtui.outscale"}  # each by a contract of its own
    assert set(only_cli["source_modules"]) == engine - apart | {"screens"}
    below = apart | {"oxtui.service", "oxtui.logs", "oxtui.settings"}
    assert set(rack_alone["forbidden_modules"]) == engine - below | {"oxtui.cli", "screens"}
