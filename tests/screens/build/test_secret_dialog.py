"""A step that asks for a secret: the dialog, its answers, and what it looks like."""

from __future__ import annotations

from pathlib import Path

import asyncssh
import pytest
from textual.widgets import Input

from screens.build.screen import BuildScreen
from screens.build.secrets import SecretDialog
from tests.builders.test_null import template
from tests.screens.driving import in_front, press, running, services, until
from tests.screens.live import ended, stopped
from tests.screens.test_rackless_build import opened
from tests.sessions import shell
from tests.sshd import sshd


@pytest.mark.slow
async def test_a_passphrase_is_typed_masked_and_again_where_it_is_wrong(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key", passphrase="canary", rounds=1, ignore_few_rounds=True)
    with sshd(tmp_path, key.export_public_key().decode().strip()) as guest:
        path = tmp_path / "t.pkr.hcl"
        path.write_text(
            template(
                shell("echo in"),
                source=(
                    f'ssh_host = "127.0.0.1"\n  ssh_port = {guest.port}\n'
                    f'  ssh_username = "{guest.user}"\n  ssh_private_key_file = "{tmp_path}/key"'
                ),
            )
        )
        there = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
        async with running(there, template=path) as pilot:
            await opened(pilot)
            await press(pilot, "B")
            await in_front(pilot, SecretDialog)
            assert pilot.app.screen.query_one("#secret", Input).password
            first = pilot.app.screen
            await press(pilot, *"wrong", "enter")
            await until(
                pilot,
                lambda: (
                    isinstance(pilot.app.screen, SecretDialog) and pilot.app.screen is not first
                ),
            )
            await press(pilot, "escape")
            await in_front(pilot, BuildScreen)
            pause = await stopped(pilot)
            assert "is locked with a passphrase, and nobody gave it" in pause.failure.summary
            await press(pilot, "r")
            await in_front(pilot, SecretDialog)
            await press(pilot, *"canary", "enter")
            state = await ended(pilot)
            assert state.phase == "succeeded"
            assert isinstance(pilot.app.screen, BuildScreen)
