"""The Compose screen under test, on a rack in another process."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from textual.pilot import Pilot

from screens.compose.screen import ComposeScreen
from screens.connection import Target
from screens.dialogs.choice import ChoiceDialog
from screens.places import Place
from screens.services import Services
from tests.screens.driving import app_of, loaded, press, running, services, until

TEMPLATE = """\
# What the web servers run on.
variable "greeting" {
  type    = string
  default = "hello"
}

source "oxide-instance" "web" {
  project            = "web" # everybody's
  boot_disk_image_id = "ubuntu-24-04"
  cpus               = 2
  ssh_username       = "ubuntu"
  artifact_name      = "web-{{timestamp}}"
}

build {
  sources = ["source.oxide-instance.web"]

  provisioner "file" {
    content     = "${var.greeting}\\n"
    destination = "greeting.txt"
  }

  # the packages
  provisioner "shell" {
    inline = [
      "set -eu",
      "for name in nginx curl; do echo \\"installing $name\\"; done",
    ]
  }

  provisioner "breakpoint" {
    note = "look at /etc/nginx"
  }
}
"""
SIZES = ((80, 24), (120, 40))


def compose_of(pilot: Pilot[int]) -> ComposeScreen:
    """The Compose screen."""
    screen = app_of(pilot).place_screen("compose")
    assert isinstance(screen, ComposeScreen)
    return screen


async def settled(pilot: Pilot[int]) -> None:
    """Everything is drawn and checked, and the rack has said what it has to say."""

    def is_settled() -> bool:
        screen = compose_of(pilot)
        row = screen.form.row
        busy = any(
            worker.group
            in ("edit", "arrange", "answer", "try", "open", "save", "swap", "take", "find")
            and not worker.is_finished
            and len(app_of(pilot).screen_stack) < 3
            for worker in pilot.app.workers
        )
        waiting = row is not None and row.answer.text == "…"
        return screen.settled and not busy and not waiting and not screen.moving.locked()

    await until(pilot, is_settled)


async def type_in(pilot: Pilot[int], text: str) -> None:
    """Type a text."""
    for character in text:
        await pilot.press({" ": "space"}.get(character, character))


@contextlib.asynccontextmanager
async def composing(
    folder: Path,
    rack: tuple[str, str],
    *names: str,
    size: tuple[int, int] = (120, 40),
    given: Services | None = None,
    start: Target | None = None,
) -> AsyncIterator[Pilot[int]]:
    """The app with a place of Compose in front."""
    offered = given or (services(folder, *rack, start=start) if start else services(folder, *rack))
    async with running(offered, size) as pilot:
        await loaded(pilot)
        await app_of(pilot).go(Place("compose", names))
        await settled(pilot)
        yield pilot


async def with_template(folder: Path, text: str = TEMPLATE) -> Path:
    """A template in a file."""
    path = folder / "web.pkr.hcl"
    path.write_text(text)
    return path


async def do(pilot: Pilot[int], *keys: str) -> None:
    """Press keys and wait until nothing is under way any more."""
    await press(pilot, *keys)
    await settled(pilot)


def shown_text(pilot: Pilot[int]) -> str:
    """The template as it is now."""
    bench = compose_of(pilot).bench
    assert bench is not None
    return bench.reading.text


def field_text(pilot: Pilot[int], name: str) -> str:
    """What a field of the form shows."""
    row = compose_of(pilot).form.row_of(name)
    assert row is not None
    return row.field.text


@contextlib.asynccontextmanager
async def composing_until_asked(
    folder: Path, rack: tuple[str, str], path: Path
) -> AsyncIterator[Pilot[int]]:
    """The app with a template whose draft is offered."""
    async with running(services(folder, *rack)) as pilot:
        await loaded(pilot)
        await app_of(pilot).go(Place("compose", ("file", str(path))))
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog) and pilot.app.focused)
        yield pilot
