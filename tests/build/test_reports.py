"""What guests and racks say reaches a terminal without a code that it would obey."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.build.report.json_lines import JsonLines
from oxtui.build.report.plain import PlainLog
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
@pytest.mark.parametrize("reader", [PlainLog, JsonLines])
def test_no_reader_hands_on_a_control_character(
    tmp_path: Path, hostile: str, reader: type[PlainLog | JsonLines]
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
