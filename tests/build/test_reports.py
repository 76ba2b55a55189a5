"""What guests and racks say reaches a terminal without a code that it would obey."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from oxtui.build.report.durations import in_words
from oxtui.build.report.json_lines import JsonLines
from oxtui.build.report.machine_readable import MachineReadable, record
from oxtui.build.report.plain import PlainLog
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.logs.sanitise import safe_json
from oxtui.logs.spool import SpoolWriter, Stream

HOSTILE = {
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "title": "\x1b]0;evil\x1b\\",
    "query": "\x1b[6n\x1b[c\x1b[>0q",
    "device": "\x1bP$qm\x1b\\",
    "eight-bit": "\x9b6n\x9d52;c;ZXZpbA==\x9c\x90$qm\x9c",
    "begun": "\x1b]52;c;",
    "other": "\x00\x07\x08\x0b\x0c\x0e\x7f\x85\u202e\u2066\u200b\ufeff",
}
BYTES = b"\xff\xfe\x9b6n\xc3("


def told(hostile: str) -> list[e.Event]:
    """Events with hostile text wherever a guest or a rack has the word."""
    failure = e.Failure(summary=hostile, line=1, line_source="bash", line_text=hostile,
                        script=hostile, meaning=hostile, exit_status=1, last_lines=(hostile,))  # fmt: skip
    plan = e.StepPlan(id="p", kind="provision", title=hostile, detail=hostile)
    value = e.PlanValue(name=hostile, value=hostile, source=hostile)
    return [
        e.SessionStarted(time=0, session="1", template=hostile, host=hostile),
        e.BuildPlanned(time=0, build="b", steps=(plan,), values=(value,)),
        e.StepStarted(time=0, build="b", step="p"),
        e.Noted(time=0, build="b", text=hostile, level="warning"),
        e.OutputGrown(time=0, build="b", step="p", lines=9, size=9),
        e.Paused(time=0, build="b", step="p", reason="failure",
                 choices=("retry",), note=hostile, failure=failure),
        e.StepFinished(time=0, build="b", step="p", status="failed", seconds=1,
                       failure=failure),
        e.ArtifactMade(time=0, build="b", builder_id="x", id="i", name=hostile,
                       fields=((hostile, hostile),)),
        e.ArtifactMade(time=0, build="b", builder_id="x", id="i", name="", text=hostile,
                       files=(hostile,)),
        e.BuildFinished(time=0, build="b", status="failed", seconds=1, error=hostile),
    ]  # fmt: skip


def dangerous(text: str) -> list[str]:
    """Characters in a line that a terminal obeys, or that hide or turn text."""
    return [c for c in text if not c.isprintable() and c != "\n"]


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.parametrize("reader", [PlainLog, JsonLines, MachineReadable])
def test_no_reader_hands_on_a_control_character(
    tmp_path: Path, hostile: str, reader: type[PlainLog | JsonLines | MachineReadable]
) -> None:
    with SpoolWriter(tmp_path / "spool") as spool:
        spool.write(Stream.STDOUT, hostile.encode() + b" seen\n" + BYTES + b"seen too\n")
    lines: list[str] = []
    follow = reader(lambda build, step: tmp_path / "spool", lines.append)
    for event in told(hostile):
        follow(event)
    follow.close()
    text = "\n".join(lines)
    assert dangerous(text) == []
    assert "seen" in text
    assert "seen too" in text
    if reader is JsonLines:
        finished = json.loads(lines[-1])
        assert finished["error"] == hostile  # a program still gets what was said


def test_json_stays_the_same_value_and_readable() -> None:
    text = json.dumps({"a": "grün 木 \x9b6n\u202e"}, ensure_ascii=False)
    assert safe_json(text) == '{"a": "grün 木 \\u009b6n\\u202e"}'
    assert json.loads(safe_json(text)) == json.loads(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (0.000_001, "1 microsecond"),
        (0.523_012, "523 milliseconds 12 microseconds"),
        (1, "1 second"),
        (61.5, "1 minute 1 second"),
        (3603.2, "1 hour 3 seconds"),
        (2 * 86_400 + 60, "2 days 1 minute"),
        (400 * 86_400, "1 year 5 weeks"),
    ],
)
def test_a_duration_has_the_two_largest_units_in_words(seconds: float, text: str) -> None:
    assert in_words(seconds) == text


def test_a_record_is_one_line_of_packers_columns() -> None:
    line = record(12.9, "b", "artifact", "0", "string", "a,b\r\nc\x1b[2J")
    assert line == "12,b,artifact,0,string,a%!(PACKER_COMMA)b\\nc"


def finished(builds: dict[str, e.BuildStatus], *, leftovers: int = 0) -> list[e.Event]:
    """Builds that end in that order, of which those that succeed have an artifact."""
    events: list[e.Event] = [e.SessionStarted(time=0, session="1", template="t")]
    for build, status in builds.items():
        if status == "succeeded":
            events.append(
                e.ArtifactMade(time=1, build=build, builder_id="x", id="i", name="web",
                               fields=(("size", "1"),))
            )  # fmt: skip
        why = "" if status == "succeeded" else "no reason"
        events.append(e.BuildFinished(time=1, build=build, status=status, seconds=1, error=why))
    worst: e.BuildStatus = "succeeded" if set(builds.values()) == {"succeeded"} else "failed"
    return [*events, e.SessionFinished(time=2, status=worst, seconds=2, leftovers=leftovers)]


def test_artifacts_are_told_of_builds_that_succeeded_in_the_order_of_the_template() -> None:
    lines: list[str] = []
    follow = MachineReadable(lambda *_: None, lines.append, builds=("a", "b", "c"), now=lambda: 7.0)
    for event in finished({"c": "succeeded", "b": "failed", "a": "succeeded"}):
        follow(event)
    facts = [line for line in lines if ",ui," not in line]
    artifact = ["artifact-count,1", "artifact,0,builder-id,x", "artifact,0,id,i",
                "artifact,0,string,image web (i)", "artifact,0,files-count,0", "artifact,0,end"]  # fmt: skip
    assert facts == [
        "7,,error-count,1",
        "7,b,error,no reason",
        *(f"7,a,{each}" for each in artifact),
        *(f"7,c,{each}" for each in artifact),
    ]


@dataclass(frozen=True, kw_only=True)
class FilesMade(e.ArtifactMade):
    """An artifact with files and a line of its own."""

    text: str = ""
    files: tuple[str, ...] = ()


def test_an_artifact_is_told_by_its_own_line_with_its_files() -> None:
    lines: list[str] = []
    follow = MachineReadable(lambda *_: None, lines.append, now=lambda: 7.0)
    made = FilesMade(time=1, build="a", builder_id="packer.file", id="File", name="",
                     text="Stored file: a,b", files=("a,b", "c"))  # fmt: skip
    begin, end, over = finished({"a": "failed"})
    follow(begin)
    follow(made)
    follow(replace(end, status="succeeded", error=""))
    follow(over)
    assert [line for line in lines if ",artifact," in line] == [
        "7,a,artifact,0,builder-id,packer.file",
        "7,a,artifact,0,id,File",
        "7,a,artifact,0,string,Stored file: a%!(PACKER_COMMA)b",
        "7,a,artifact,0,files-count,2",
        "7,a,artifact,0,file,0,a%!(PACKER_COMMA)b",
        "7,a,artifact,0,file,1,c",
        "7,a,artifact,0,end",
    ]
    assert "1,,ui,say,==> a: Stored file: a%!(PACKER_COMMA)b" in lines
    assert lines[-1] == "7,,ui,say,--> a: Stored file: a%!(PACKER_COMMA)b"


def test_a_cancelled_session_is_clean_only_if_nothing_is_left() -> None:
    for leftovers, told in ((0, "Cleanly cancelled"), (2, "Cancelled")):
        lines: list[str] = []
        follow = PlainLog(lambda *_: None, lines.append, builds=("a", "b"))
        begin, *rest = finished({"a": "cancelled", "b": "succeeded"}, leftovers=leftovers)
        follow(begin)
        follow.interrupted("interrupt", ["a"], 0.5)
        for event in rest:
            follow(event)
        assert lines[1] == "Cancelling build after receiving interrupt"
        assert "Build 'a' cancelled after 1 second." in lines
        assert "--> b: image web (i)" in lines
        assert not any("--> a" in line for line in lines)
        assert lines[-1] == f"{told} builds after being interrupted."
        assert any("2 resources are left" in line for line in lines) == bool(leftovers)


def test_a_session_that_ran_out_of_time_is_an_error() -> None:
    lines: list[str] = []
    follow = PlainLog(lambda *_: None, lines.append)
    for event in finished({"a": "cancelled"}):
        follow(event)
    assert "Build 'a' errored after 1 second: no reason" in lines
    assert "--> a: no reason" in lines
    assert lines[-1] == "\n==> Builds finished but no artifacts were created."


def test_a_stop_is_told_with_how_to_answer_it_and_until_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    lines: list[str] = []
    follow = PlainLog(lambda build, step: None, lines.append)
    plan = e.StepPlan(id="p", kind="provision", title="1 shell")
    place = {"build": "b", "step": "p"}
    stop = e.Paused(
        time=0, reason="output", choices=(), note="line 3 matches E:", until=7.0, **place
    )  # type: ignore[arg-type]
    for event in (
        e.SessionStarted(time=0, session="7", template="t"),
        e.BuildPlanned(time=0, build="b", steps=(plan,)),
        d.StopSet(time=0, build="b", kind="error", on=True),
        d.StopSet(time=0, build="b", kind="exit", on=True, pattern="3"),
        e.BreakpointSet(time=0, on=True, when="after", **place),  # type: ignore[arg-type]
        d.PauseAsked(time=0, build="b", on=True),
        stop,
        e.AddressKnown(time=0, build="b", address="a", port=22, user="u"),
        replace(stop, reason="cleanup"),
        d.DeadlineMoved(time=0, until=None, **place),  # type: ignore[arg-type]
        d.DeadlineMoved(time=0, until=9.0, **place),  # type: ignore[arg-type]
    ):
        follow(event)
    assert [line.removeprefix("==> b: ") for line in lines[1:]] == [
        "stops after a script that ends with exit status 3",
        "stops after 1 shell",
        "pausing at the next safe point",
        "⏸ stopped after 1 shell: line 3 matches E:",
        "`oxtui attach 7` answers it; it ends by itself at 00:00:07 +0000",
        "⏸ stopped before the clean-up",
        "`oxtui attach 7` answers it, `oxtui attach 7 --shell` looks into the instance; "
        "it ends by itself at 00:00:07 +0000",
        "somebody is at work in it: it does not end by itself meanwhile",
        "it ends by itself at 00:00:09 +0000",
    ]


def test_what_a_cache_spares_is_told_and_why_the_next_step_runs() -> None:
    written: list[str] = []
    log = PlainLog(lambda build, step: None, written.append)
    plans = tuple(
        e.StepPlan(id=f"p{n}", kind="provision", title=f"{n} shell", detail="x") for n in (1, 2)
    )
    log(e.BuildPlanned(time=0, build="b", steps=plans))
    log(
        d.StepReused(time=0, build="b", step="p1", reason="It is in checkpoint c, taken 1 day ago.")
    )
    log(d.StepMissed(time=0, build="b", step="p2", reason="Inline changed."))
    assert written == [
        "==> b: · 1 shell x reused: It is in checkpoint c, taken 1 day ago.",
        "==> b: · 2 shell x runs: Inline changed.",
    ]
