"""Where a session that goes on has what it made, held against what is connected now.

The builders look again, with the keys that they find, before anything is done; this is for who can say
so before a session is taken up at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from oxtui.build.journal import SessionRecord
from oxtui.build.state import BuildState


def elsewhere(
    record: SessionRecord, builds: Iterable[BuildState], host: str, account: str = ""
) -> str:
    """Why a session cannot go on where `host` is connected, as that account; empty if nothing says so.

    Only a session that was begun with the same service connected: what its template names by itself, or
    its environment, is no matter of what is connected.
    """
    for build in builds:
        memory = build.memory.get("builder", {})
        at = memory.get("endpoint") or memory.get("host")
        if not at or at != record.host:
            continue
        number, theirs = record.number, memory.get("account", "")
        if host != at:
            of = f", in account {theirs}" if theirs else ""
            return f"Session {number} runs on {at}{of}, and {host} is connected."
        if account and theirs and account != theirs:
            return f"Session {number} runs in account {theirs}, and account {account} is connected."
    return ""
