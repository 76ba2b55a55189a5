"""The stops of a template in the sessions of it: each at its own step of its own build."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.following import TemplateStep
from oxtui.component.commands import SetBreakpoint, SetStop
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs
from screens.compose.steps import steps_of_texts
from screens.template_stops import SessionStops, TemplateStops
from tests.sessions import Sessions, rackless

TWO_BUILDS = """\
source "null" "x" {
  communicator = "none"
}
source "null" "y" {
  communicator = "none"
}
build {
  name    = "first"
  sources = ["null.x", "null.y"]
  provisioner "shell-local" {
    inline = ["echo of y alone"]
    only   = ["null.y"]
  }
  # oxtui: disabled
  # provisioner "shell-local" {
  #   inline = ["echo off"]
  # }
  provisioner "shell-local" {
    inline = ["echo of both"]
  }
  post-processors {
    post-processor "shell-local" {
      inline = ["echo p1"]
    }
    post-processor "shell-local" {
      inline = ["echo p2"]
    }
  }
}
build {
  name    = "second"
  sources = ["null.x"]
  provisioner "shell-local" {
    inline = ["echo other"]
  }
  post-processor "shell-local" {
    inline = ["echo p3"]
  }
}
"""
HCL_JSON = """\
{
  "source": {"null": {"x": {"communicator": "none"}}},
  "build": [{
    "sources": ["source.null.x"],
    "provisioner": [
      {"shell-local": {"inline": ["echo one"]}},
      {"shell-local": {"inline": ["echo two"]}}
    ]
  }]
}
"""
LEGACY = """\
{
  "builders": [{"type": "null", "name": "x", "communicator": "none"}],
  "provisioners": [
    {"type": "shell-local", "inline": ["echo one"]},
    {"type": "shell-local", "inline": ["echo two"]}
  ],
  "post-processors": [{"type": "shell-local", "inline": ["echo p"]}]
}
"""


async def in_session(there: Sessions, stops: TemplateStops, text: str, name: str) -> SessionStops:
    steps = steps_of_texts({name: text})
    assert steps is not None
    stops.follow(steps)
    environment = there.environment
    from oxtui.build.planner import make_plan

    planning = await make_plan(
        parse_template(text, name), VariableInputs({}, (), ()), name=name, text=text,
        folder=Path.cwd(), data=None, hide=environment.redactor.add,
    )  # fmt: skip
    assert planning.plan is not None, planning.diagnostics
    return stops.session(planning.plan)


def mark(stops: TemplateStops, having: str) -> None:
    (step,) = [step for step in stops.steps if having in step.text]
    stops.apply(SetBreakpoint(step=step.id, on=True))


async def test_a_breakpoint_is_at_its_step_in_every_build_that_has_it_and_in_no_other(
    tmp_path: Path,
) -> None:
    async with rackless(tmp_path) as there:
        stops = TemplateStops()
        await in_session(there, stops, TWO_BUILDS, "t.pkr.hcl")
        for having in ("both", "off", "p2"):
            mark(stops, having)
        session = await in_session(there, stops, TWO_BUILDS, "t.pkr.hcl")
        marked = {build: set(places) for build, places in session.stopping().marked.items()}
        assert marked == {
            "first.null.x": {("before", "provision-1"), ("before", "post-process-2")},
            "first.null.y": {("before", "provision-2"), ("before", "post-process-2")},
            "second.null.x": set(),
        }


@pytest.mark.parametrize(
    ("text", "name"), [(HCL_JSON, "t.pkr.json"), (LEGACY, "t.json")], ids=["hcl", "legacy"]
)
async def test_a_json_template_has_the_same_steps_for_both(
    tmp_path: Path, text: str, name: str
) -> None:
    async with rackless(tmp_path) as there:
        stops = TemplateStops()
        await in_session(there, stops, text, name)
        mark(stops, "two")
        session = await in_session(there, stops, text, name)
        (places,) = session.stopping().marked.values()
        assert list(places) == [("before", "provision-2")]
        assert steps_of_texts({name: text[:-3]}) is None  # cannot be read


def step(text: str) -> TemplateStep:
    return TemplateStep(f"id {text}", "provisioner", text, text)


def test_what_goes_and_comes_back_has_its_breakpoints_again() -> None:
    stops = TemplateStops()
    stops.follow([step("a"), step("b")])
    stops.apply(SetBreakpoint(step="id b", on=True))
    stops.apply(SetBreakpoint(step="id b", on=True, when="after"))
    assert [str(lost) for lost in stops.follow([step("a")])] == ["before and after b"]
    assert stops.count == 0
    assert stops.follow([step("x"), step("b"), step("a")]) == []
    assert stops.marks == {"id b": {"before", "after"}}


def test_stops_at_no_step_are_set_and_taken_away() -> None:
    stops = TemplateStops()
    for on in (True, False):
        stops.apply(SetStop(kind="cleanup", on=on))
        stops.apply(SetStop(kind="error", on=on))
        stops.apply(SetStop(kind="output", on=on, pattern="E:"))
        stops.apply(SetStop(kind="exit", on=on, pattern="3"))
        stops.apply(SetBreakpoint(step="cleanup", on=on))
        assert stops.count == 4 * on
        every = [("error", ""), ("cleanup", ""), ("output", "E:"), ("exit", "3")]
        assert stops.kinds == every * on
