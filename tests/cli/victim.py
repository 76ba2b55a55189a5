"""A process that makes what a build makes, and then waits to be killed.

python -m tests.cli.victim HOST TOKEN SESSIONS_FOLDER STOP

STOP is the kind of resource whose creation it does not live to see the end of, or `none`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.build.ledger import Ledger
from oxtui.build.session import SessionFolders
from oxtui.logs.redact import Redactor
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.models.snapshot import SnapshotCreate
from oxtui.oxide.models.ssh_key import SshKeyCreate
from oxtui.oxide.token import Token
from tests.builders.oxide.leftovers import MARK, PROJECT, instance_body, place

KEY = SshKeyCreate(name="victim", description=MARK, public_key="ssh-ed25519 AAAA victim")


async def main(host: str, token: str, sessions: Path, stop: str) -> None:
    """Make a key, an instance with its disk, and a snapshot; tell of each before it is made."""
    async with (
        Journal.open(journal_path(sessions), Redactor([token])) as journal,
        OxideClient(Connection(host, Token(token))) as client,
    ):
        session = await journal.begin_session("victim.pkr.hcl", host=host)
        with SessionFolders(sessions).claim(session) as folder:
            ledger = Ledger(journal, session, "web", lambda _: None, folder=folder)
            where = await place(client)

            async with ledger.create("oxide.ssh_key", "victim", where) as made:
                await before("ssh_key", stop)
                await made.make(client.ssh_keys.create(KEY))
            body = await instance_body(client, "victim")
            async with (
                ledger.create("oxide.disk", "victim", where) as disk,
                ledger.create("oxide.instance", "victim", where) as made,
            ):
                await before("instance", stop)
                instance = await made.make(client.instances.create(body, PROJECT))
                disk.created(instance.boot_disk_id or "")
            taken = SnapshotCreate(name="victim", description=MARK, disk=disk.id)
            async with ledger.create("oxide.snapshot", "victim", where) as made:
                await before("snapshot", stop)
                await made.make(client.snapshots.create(taken, PROJECT))
            folder.keep_key("web", "private")
            print("all", flush=True)
            await asyncio.Event().wait()


async def before(kind: str, stop: str) -> None:
    """Tell that the creation comes next; it is not asked for where the victim is to stop there."""
    print(kind, flush=True)
    if stop == kind:
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
