"""The connect step of a builder: logging in, and what provisioners are told of it."""

from __future__ import annotations

import asyncio
from typing import Any

from oxtui.communicators.ssh.calls import SshCall, ssh_called
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.key_ring import KeyRing
from oxtui.communicators.ssh.target import Target
from oxtui.component.durations import go_duration
from oxtui.component.errors import ConnectError
from oxtui.component.protocols import BuilderSetting, StepContext


async def log_in(
    target: Target, ring: KeyRing, setting: BuilderSetting, context: StepContext
) -> SshCommunicator:
    """Logs in, telling each new reason why it does not work yet.

    Raises:
        StepError: a private key cannot be used.
        ConnectError: it did not work in time.
    """
    await ring.open(target.options, context)

    async def answer(question: str) -> str:
        text = await context.ask(f"{question} (asked by the bastion {target.bastion_place})")
        if not text:
            raise ConnectError(
                f"the bastion {target.bastion_place} asks {question!r}, and nobody answered. Run this "
                "where somebody can, or leave ssh_bastion_interactive out."
            )
        setting.hide(text)
        return text

    target.keys, target.answer = ring.keys, answer
    target.agent = setting.environ.get("SSH_AUTH_SOCK", "")
    target.default_wait = setting.waits.ssh

    def attempt(reason: str) -> None:
        context.progress(reason)
        context.say(f"Not yet: {reason}")

    def called(call: SshCall) -> None:
        setting.emit(ssh_called(call, time=setting.now(), build=setting.build))

    pause = target.options.pause_before_connecting
    if pause > 0:
        context.say(f"Pausing {go_duration(pause)} before connecting...")
        await asyncio.sleep(pause)
    context.say(f"Connecting to {target.place}")
    ssh = SshCommunicator(target, attempt, called)
    await ssh.connection()
    context.say(f"Connected; host key {target.pin.pinned}, {target.pin.origin}")
    return ssh


def login_values(target: Target, public_key: str = "") -> dict[str, Any]:
    """`build.*` of the login; `public_key` is that of a temporary key pair."""
    options = target.options
    return {
        "Host": target.host,
        "Port": options.ssh_port,
        "User": options.ssh_username,
        "Password": options.ssh_password,
        "ConnType": "ssh",
        "SSHPublicKey": public_key,
        "SSHPrivateKey": target.private_key,
        "SSHPrivateKeyFile": options.ssh_private_key_file,
        "SSHAgentAuth": options.ssh_agent_auth,
        "WinRMPassword": "",
    }
