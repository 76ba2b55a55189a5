"""A session printed again is what was printed when it ran."""

from __future__ import annotations

from pathlib import Path

from oxtui.build.control import Policy
from oxtui.build.engine import Session
from oxtui.build.recorded import recorded_events
from oxtui.build.replay.printing import print_replay
from oxtui.build.replay.replay import replay_of
from oxtui.build.report.plain import PlainLog
from oxtui.component.events import Event, OutputGrown
from tests.sessions import rackless

TEMPLATE = """
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["source.null.a", "source.null.b"]
  provisioner "shell-local" { inline = ["echo one; sleep 0.15; echo two; echo three >&2"] }
  provisioner "shell-local" { inline = ["printf 'no end'", "exit 3"] }
}
"""


async def test_output_stands_where_it_stood(tmp_path: Path) -> None:
    live: list[str] = []
    async with rackless(tmp_path) as there:
        planning = await there.plan(TEMPLATE)
        assert planning.plan is not None
        session = Session(there.environment, planning.plan, Policy())
        names = [build.name for build in planning.plan.builds]
        log = PlainLog(session.spool, live.append, builds=names, header=True)
        events: list[Event] = []
        session.subscribe(log)
        session.subscribe(events.append)
        await session.run()
        log.close()
        replay = await replay_of(
            there.environment.journal, there.environment.folders, session.number
        )
        assert await recorded_events(there.environment.journal, session.number) == events
    printed: list[str] = []
    print_replay(replay, printed.append)
    assert any(isinstance(event, OutputGrown) for event in events)
    assert any("three" in line for line in printed)
    assert printed == live
