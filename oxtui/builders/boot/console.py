"""What builders make of a machine's serial console while somebody logs in, whatever the provider."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.component.errors import ConnectError
from oxtui.component.protocols import StepContext

END_LINES = 20


def tell_end(console: bytes, context: StepContext) -> None:
    """Puts the console's last lines into the step's output, where a login fails for a reason in them."""
    lines = console.splitlines()[-END_LINES:]
    if not lines:
        context.say("The serial console is empty")
        return
    context.say(f"The last {len(lines)} lines of the serial console:")
    context.output("stdout", b"\n".join(lines) + b"\n")


async def check_host_key(
    ssh: SshCommunicator, look: Callable[[], Awaitable[object]], context: StepContext
) -> None:
    """Looks at the console once more: keys that it prints after this end the connection by themselves.

    Args:
        ssh: the connection, with the keys that were printed so far.
        look: reads what the console has by now, and adds the keys in it.
        context: of the step.

    Raises:
        ConnectError: the console printed other keys; the connection is closed.
    """
    pin = ssh.target.pin
    was_printed = pin.is_printed
    await look()
    if problem := pin.problem(ssh.target.place):
        await ssh.close()
        raise ConnectError(problem)
    if pin.is_printed and not was_printed:
        context.say("The serial console printed the same host key")
