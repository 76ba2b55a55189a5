"""One word to a session, for scripts."""

from __future__ import annotations

import time
from collections.abc import Sequence

from oxtui.build.remote.client import RemoteSession
from oxtui.cli.attached.at_stop import perform
from oxtui.cli.attached.editing import edit_once
from oxtui.cli.attached.shell import enter
from oxtui.cli.attached.status import status
from oxtui.cli.attached.words import NotUnderstood, understood
from oxtui.cli.errors import USAGE, CommandError
from oxtui.cli.telling import complain
from oxtui.component.commands import Beside


async def tell(session: RemoteSession, words: Sequence[str], build: str | None) -> int:
    """Tells it; 0 if it was taken, 1 if the build says something against it; what is done at the stop ends first."""
    if words == ["status"]:
        print("\n".join(status(session.state, time.time())))
        return 0
    if words == ["shell"]:
        return await enter(session, build)
    if words[0] in ("edit", "e"):
        return await edit_once(session, words[1:], build)
    try:
        command = understood(words, session.state, build)
    except NotUnderstood as error:
        raise CommandError(str(error), USAGE) from None
    if isinstance(command, Beside):
        return await perform(session, command)
    refused = await session.ask(command)
    return complain(f"oxtui: {refused}") if refused else 0
