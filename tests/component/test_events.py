"""Events survive JSON, and the same events give the same state whenever they are read."""

from __future__ import annotations

import json

import pytest

from oxtui.build.folding import fold
from oxtui.build.masking import masked
from oxtui.build.state import SessionState
from oxtui.component import debugger_events as d
from oxtui.component import event_records as records
from oxtui.component import events as e

PLAN = e.BuildPlanned(
    time=1.0, build="b",
    steps=(e.StepPlan(id="s", kind="provision", title="1 shell", breakpoint=True),),
    values=(e.PlanValue(name="project", value="web", source="template"),),
)  # fmt: skip
FAILURE = e.Failure(
    summary="it broke", exit_status=3, last_lines=("one", "two"), traceable=True,
    errors=(e.LogLine(number=7, text="E: one"),),
)  # fmt: skip
STORY: list[e.Event] = [
    e.SessionStarted(time=0.5, session="7", template="t", host="http://r", simulated=True),
    PLAN,
    e.StepStarted(time=2.0, build="b", step="s"),
    e.StepProgress(time=2.1, build="b", step="s", text="half", done=1, total=2),
    e.OutputGrown(time=2.2, build="b", step="s", lines=3, size=40),
    e.OutputGrown(time=2.2, build="b", step="serial", lines=9, size=90),
    e.InstanceStateChanged(time=2.3, build="b", instance="i", state="running"),
    e.BootTroubleSeen(time=2.3, build="b", trouble="t", text="T", line="l", fatal=True),
    e.AddressKnown(time=2.4, build="b", address="10.0.0.1", port=22, user="u"),
    e.ResourceIntended(time=2.5, build="b", resource=1, kind="oxide.disk", name="d"),
    e.ResourceCreated(time=2.6, build="b", resource=1, kind="oxide.disk", name="d", id="x"),
    e.StepFinished(time=3.0, build="b", step="s", status="failed", seconds=1.0, failure=FAILURE),
    e.Paused(time=3.1, build="b", step="s", reason="failure", choices=("retry",), failure=FAILURE),
    e.StepEdited(
        time=3.2,
        build="b",
        step="s",
        changes={"inline": ["true"]},
        before="a\n",
        after="b\n",
        language="bash",
    ),
    e.Resumed(time=3.3, build="b", step="s", command="edit_and_retry"),
    e.StepStarted(time=3.4, build="b", step="s", attempt=2),
    e.StepFinished(time=4.0, build="b", step="s", status="done", seconds=0.6),
    e.ResourceLeft(
        time=4.1, build="b", resource=1, kind="oxide.disk", name="d", reason="stuck", command="rm x"
    ),
    e.Noted(time=4.2, build="b", text="note", level="warning"),
    e.SecretAsked(time=4.25, build="b", step="s", question="Passphrase of k", problem="wrong"),
    e.SecretAnswered(time=4.26, build="b", step="s", given=True),
    e.BreakpointSet(time=4.3, build="b", step="s", on=False),
    e.ArtifactMade(time=4.4, build="b", builder_id="o", id="i", name="n", fields=(("os", "u"),)),
    e.ArtifactMade(time=4.5, build="b", builder_id="", id="", name="", text="t", files=("a", "b")),
    e.ApiCalled(
        time=4.5, build="b", operation="o", method="GET", path="/", status=200, seconds=0.1
    ),
    e.SshCalled(
        time=4.5,
        build="b",
        operation="run",
        place="u@h port 22",
        text="true",
        seconds=0.1,
        status=0,
    ),
    e.ChangesCollected(time=4.5, build="b", moment="before", seconds=0.1),
    e.ChangesCollected(
        time=4.5, build="b", moment="after", seconds=0.2, counts={"packages": 2}, size=9
    ),
    d.SessionContinued(time=4.51, pid=7),
    d.BuilderRemembered(time=4.51, build="b", memory={"instance": "i"}),
    d.StepMissed(time=4.52, build="b", step="s", reason="Its text changed."),
    d.StopSet(time=4.52, build="b", kind="output", on=True, pattern="E:"),
    d.PauseAsked(time=4.52, build="b", on=True),
    d.PauseAsked(time=4.52, build="b", on=False),
    d.DeadlineMoved(time=4.52, build="b", step="s", until=9.0),
    d.ScriptExited(time=4.52, build="b", step="s", script="a.sh", status=3),
    d.BesideStarted(time=4.53, build="b", step="s", kind="run_command", text="id"),
    d.CommandRan(time=4.53, build="b", step="s", command="id", status=0, seconds=0.1),
    d.BesideFinished(time=4.53, build="b", step="s", kind="run_command", problem="It was cut."),
    d.FileUploaded(time=4.53, build="b", step="s", source="a", destination="/a", size=3),
    d.StepMarkedDone(time=4.53, build="b", step="s"),
    d.CommandRecorded(
        time=4.53, build="b", step="s", command="id", status=0, directory="/", seconds=0.1
    ),
    d.CheckpointTaken(
        time=4.54, build="b", step="s", checkpoint="k", name="oxtui-k", id="c", size=1
    ),
    d.CheckpointUsed(time=4.54, build="b", step="s", checkpoint="k", name="oxtui-k", id="c"),
    d.ProvisionerAdded(
        time=4.55,
        build="b",
        after="s",
        plan=e.StepPlan(id="added-1", kind="provision", title="shell"),
        type_name="shell",
        options={"inline": ["id"]},
    ),
    d.Rewound(time=4.56, build="b", to="added-1"),
    d.StepReused(time=4.57, build="b", step="added-1", reason="It was done.", seconds=1.0),
    e.ResourceDeleted(time=4.6, build="b", resource=1, kind="oxide.disk", name="d"),
    e.BuildFinished(time=5.0, build="b", status="succeeded", seconds=3.0),
    e.SessionFinished(time=5.1, status="succeeded", seconds=4.6),
]


def test_the_story_has_every_type_of_event() -> None:
    assert {records.event_type(event) for event in STORY} == set(records.EVENT_TYPES)


@pytest.mark.parametrize("event", STORY, ids=records.event_type)
def test_an_event_survives_json(event: e.Event) -> None:
    assert records.from_record(json.loads(json.dumps(records.record(event)))) == event


def test_fields_of_a_newer_version_are_left_out() -> None:
    values = {**records.record(PLAN), "moon": 1}
    values["steps"] = [{**values["steps"][0], "phase_of_moon": 2}]
    assert records.from_record(values) == PLAN


def test_an_artifact_of_an_older_version_has_no_line_and_no_files() -> None:
    old = {"type": "artifact_made", "time": 1.0, "build": "b", "builder_id": "o", "id": "i"}
    made = records.from_record({**old, "name": "n", "fields": [["os", "u"]]})
    assert isinstance(made, e.ArtifactMade)
    assert (made.name, made.fields, made.text, made.files) == ("n", (("os", "u"),), "", ())


def test_the_state_tells_the_story() -> None:
    state = SessionState()
    for event in STORY:
        state = fold(state, event)
    build = state.builds["b"]
    step = build.steps["s"]
    assert (state.session, state.simulated, build.phase) == ("7", True, "succeeded")
    assert (step.phase, step.attempt, step.failure, step.lines) == ("done", 2, None, 3)
    assert (step.changes, step.breakpoint) == ({"inline": ["true"]}, False)
    assert (build.serial_lines, build.instance_state) == (9, "running")
    assert build.address is not None
    assert build.resources[1].phase == "deleted"
    assert build.values == PLAN.values
    assert [made.name for made in build.artifacts] == ["n", ""]
    assert [records.event_type(each.call) for each in state.calls] == ["api_called", "ssh_called"]
    assert list(build.steps) == ["s", "added-1"]
    added = build.steps["added-1"]
    assert (added.phase, added.seconds, added.reason) == ("reused", 1.0, "It was done.")
    assert [records.event_type(each) for each in step.by_hand] == [
        "command_ran", "file_uploaded", "step_marked_done"
    ]  # fmt: skip
    assert (step.reason, step.checkpoint and step.checkpoint.id) == ("Its text changed.", "c")
    assert [each.command for each in build.recorded] == ["id"]
    assert (build.memory, [stop.pattern for stop in build.stops]) == ({"instance": "i"}, ["E:"])


def test_going_back_leaves_the_steps_before_it_alone() -> None:
    state = SessionState()
    for event in STORY:
        state = fold(state, event)
    step = fold(state, d.Rewound(time=9, build="b", to="s")).builds["b"].steps["s"]
    assert (step.phase, step.seconds, step.changes) == ("waiting", None, {"inline": ["true"]})


def test_what_was_done_by_hand_is_gone_with_the_disk_unless_the_checkpoint_holds_it() -> None:
    def command(time: float) -> d.CommandRan:
        return d.CommandRan(time=time, build="b", step="t", command="x", status=0, seconds=1)

    taken = d.CheckpointTaken(
        time=3.0, build="b", step="s", checkpoint="k", name="n", id="i", size=1
    )
    steps = (*PLAN.steps, e.StepPlan(id="t", kind="provision", title="2 shell"))
    state = SessionState()
    for event in (
        e.BuildPlanned(time=1.0, build="b", steps=steps), command(2.0), taken, command(4.0),
    ):  # fmt: skip
        state = fold(state, event)
    state = fold(state, d.Rewound(time=5.0, build="b", to="t"))
    assert state.builds["b"].steps["t"].by_hand == (command(2.0),)
    state = fold(state, d.Rewound(time=6.0, build="b", to="s"))
    assert state.builds["b"].steps["t"].by_hand == ()


def test_a_stop_shows_its_reason_until_the_build_goes_on() -> None:
    state = SessionState()
    seen = []
    for event in STORY:
        state = fold(state, event)
        if "b" in state.builds and state.builds["b"].pause:
            seen.append((state.builds["b"].phase, state.builds["b"].pause.reason))
    assert set(seen) == {("paused", "failure")}


def test_masking_hides_texts_and_leaves_identifiers() -> None:
    hide = lambda text: text.replace("secret", "<sensitive>")  # noqa: E731
    event = e.Paused(
        time=1, build="secret", step="secret", reason="failure", choices=("retry",),
        note="a secret", failure=e.Failure(summary="secret", last_lines=("x secret",)),
    )  # fmt: skip
    clean = masked(event, hide)
    assert isinstance(clean, e.Paused)
    assert (clean.build, clean.step, clean.note) == ("secret", "secret", "a <sensitive>")
    assert clean.failure == e.Failure(summary="<sensitive>", last_lines=("x <sensitive>",))
    edited = e.StepEdited(time=1, step="s", changes={"inline": ["echo secret"]})
    assert masked(edited, hide).changes == {"inline": ["echo <sensitive>"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "port", "place"),
    [
        ("10.0.0.1", 22, "u@10.0.0.1"),
        ("10.0.0.1", 2222, "u@10.0.0.1:2222"),
        ("2001:db8::7", 22, "u@2001:db8::7"),
        ("2001:db8::7", 2222, "u@[2001:db8::7]:2222"),
    ],
)
def test_a_place_keeps_address_and_port_apart(address: str, port: int, place: str) -> None:
    known = e.AddressKnown(time=0.0, build="b", address=address, port=port, user="u")
    assert known.place == place
