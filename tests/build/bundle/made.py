"""Sessions with output, and bundles of them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from oxtui.build.bundle import form
from oxtui.build.session import SessionFolder
from oxtui.component import events as e
from oxtui.logs.index import Stream
from oxtui.logs.spool import SpoolWriter

HOST = "https://oxide.sys.rack.site-7.example.org"
PLAN = e.BuildPlanned(
    time=2.0, build="b",
    steps=(
        e.StepPlan(id="provision-1", kind="provision", title="1 shell"),
        e.StepPlan(id="provision-2", kind="provision", title="2 shell"),
    ),
)  # fmt: skip


def session(
    folder: Path, output: bytes = b"one\ntwo\n", *more: e.Event, template: str = "# t\n"
) -> tuple[list[e.Event], SessionFolder]:
    """A session whose first step printed `output`, a line at a time."""
    there = SessionFolder(41, folder / "41")
    (folder / "41").mkdir()
    there.template.write_text(template)
    there.keep_key("b", "-----BEGIN OPENSSH PRIVATE KEY-----\nthe key itself\n")
    events: list[e.Event] = [
        e.SessionStarted(time=1.0, session="41", template="/home/alice/t.pkr.hcl", host=HOST),
        PLAN,
        e.StepStarted(time=3.0, build="b", step="provision-1"),
    ]
    with SpoolWriter(there.spool("b", "provision-1"), clock=lambda: 4.0) as writer:
        for line in output.splitlines(keepends=True):
            writer.write(Stream.STDOUT, line)
            grown = e.OutputGrown(
                time=4.0, build="b", step="provision-1", lines=writer.lines, size=writer.size
            )
            events.append(grown)
    events += [
        e.StepFinished(time=5.0, build="b", step="provision-1", status="done", seconds=2.0),
        *more,
        e.SessionFinished(time=9.0, status="succeeded", seconds=8.0),
    ]
    return events, there


def contents(bundle: Path) -> dict[str, bytes]:
    """The files of a bundle."""
    with zipfile.ZipFile(bundle) as there:
        return {name: there.read(name) for name in there.namelist()}


def remade(
    bundle: Path,
    target: Path,
    change: Callable[[dict[str, bytes]], None] = lambda files: None,
    manifest: Mapping[str, object] | None = None,
) -> Path:
    """A bundle with other files, whose manifest tells of them rightly; `manifest` overrides parts of it."""
    files = contents(bundle)
    told = json.loads(files.pop(form.MANIFEST))
    change(files)
    told["files"] = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    ]
    told |= manifest or {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(form.MANIFEST, json.dumps(told))
        for name, data in files.items():
            out.writestr(name, data)
    return target
