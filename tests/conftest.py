"""What holds for every test: nothing of the machine or its user shows through."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import WorkStealingScheduling

from oxtui.cli.open_screens import FRAMES
from tests.roots import unmount_stale

# The same examples at each run, and none refused because the machine is slow.
settings.register_profile(
    "oxtui",
    max_examples=50,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("oxtui")

# Started in the background of a script, a process ignores SIGINT, and so would all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The tests start oxtui some hundred times: without its compiled modules, a third of each start is compiling.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Read when Textual is imported; the command sets it so.
os.environ["TEXTUAL_FPS"] = FRAMES

FOREIGN = (
    "OXTUI_", "OXIDE_", "PKR_", "PACKER_", "TEXTUAL", "XDG_", "SSH_", "VAULT_", "CONSUL_", "AWS_",
    "OSC_", "OUTSCALE_",
)  # fmt: skip
"""Beginnings of the variables that would change what oxtui does."""

FOREIGN_NAMES = (
    "PYTHONUNBUFFERED",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLORTERM",
    "EDITOR",
    "VISUAL",
    "PAGER",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the folders of earlier runs safe to remove."""
    if not hasattr(config, "workerinput"):
        unmount_stale()


def pytest_collection_finish() -> None:
    """Keep the collector from what stays to the end: it took a fifth of the time of all tests.

    Modules and collected tests are hundreds of thousands of objects, looked through at each full
    collection; and what one widget makes is enough for one of the youngest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer
) -> WorkStealingScheduling | None:
    """Keep most modules on one worker: a rack of a module is started once, not once per worker.

    Each worker takes one half of all tests, and whoever is done takes half of what another has left.
    """
    stealing = config.getoption("dist") == "load"  # -n says that; another --dist is somebody's wish
    return WorkStealingScheduling(config, log) if stealing else None


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own, of which nothing exists yet but the folder itself."""
    for name in list(os.environ):
        kept = name == "OXTUI_SHARED"
        if not kept and (name.startswith(FOREIGN) or name.upper() in FOREIGN_NAMES):
            monkeypatch.delenv(name)
    folder = tmp_path.with_name(f"{tmp_path.name}-home")
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def one_grammar(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """python-hcl2's grammar is made once for the tests of a worker: that takes it seconds, whoever exports."""
    from oxtui.export import second_reader

    monkeypatch.setattr(second_reader, "GRAMMAR", tmp_path_factory.getbasetemp() / "grammar")
