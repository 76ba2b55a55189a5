"""Everything outside of the edits is byte for byte what it was."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oxtui.template.hcl.edit.extent import newline_of
from tests.export.sessions import Told

NOISE = st.sampled_from(
    [
        "",
        "# a comment",
        "  // another,   oddly   laid out",
        "/* one\n   of lines */",
        "\t# tab",
        "   ",
    ]
)
OPTION = st.sampled_from(
    [
        "insecure_skip_verify=true",
        "memory    =   4294967296",
        'vpc = "default"   # the usual',
        'hostname = upper("x")',
    ]
)
EDIT = st.sampled_from(["edited", "skipped", "left"])


@st.composite
def sessions(draw: st.DrawFn) -> tuple[str, Told, set[str]]:
    """A template with comments and odd layout all over, its session, and the lines that may go."""
    lines: list[str] = []

    def put(*more: str) -> None:
        for line in more:
            lines.extend([*draw(NOISE).split("\n"), line])

    may_go = {'boot_disk_image_id="ubuntu-24-04"', 'artifact_name = "w-{{timestamp}}"'}
    put('source "oxide-instance" "t" {', 'project = "web"', *sorted(may_go))
    put('ssh_username =    "ubuntu"', *draw(st.lists(OPTION, unique=True, max_size=3)), "}")
    put("build {", 'sources = ["source.oxide-instance.t"]')
    edits = draw(st.lists(EDIT, min_size=1, max_size=4))
    told = Told().build(*["shell"] * len(edits))
    for number, edit in enumerate(edits, 1):
        step = ['provisioner  "shell" {', f'inline=[  "echo {number}"  ]', "}"]
        if edit == "edited":
            told.edit(number, {"inline": ["true"]})
            may_go.add(step[1])
        elif edit == "skipped":
            told.phase(number, "skipped")
        put(*step)
    put("}")
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = newline.join(lines) + draw(st.sampled_from(["", newline]))
    return text, told, may_go


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sessions())
async def test_lines_that_were_not_edited_stay_in_order(case: tuple[str, Told, set[str]]) -> None:
    text, told, may_go = case
    exported = await told.export(text)
    assert exported.problems == ()
    newline = newline_of(text)
    made = iter(exported.text.split(newline))
    for line in text.split(newline):
        if line.strip() in may_go:
            continue
        # A skipped step's lines follow a comment mark; all others are as they were.
        assert any(
            there == line
            or there == f"# {line}".rstrip(" ")
            or there == f"#{line}"
            or there == f"# {line}"
            for there in made
        ), line
    assert newline == "\n" or "\n" not in exported.text.replace("\r\n", "")


@settings(max_examples=25, deadline=None)
@given(sessions())
async def test_an_export_is_exported_as_it_is(case: tuple[str, Told, set[str]]) -> None:
    """Once everything is written out, nothing more is to be done."""
    text, told, _ = case
    first = (await told.export(text)).text
    # The second session runs what is left: nothing is edited or skipped any more.
    steps = [
        s for s in told.state.builds["oxide-instance.t"].steps.values() if s.phase != "skipped"
    ]
    count = sum(step.plan.kind == "provision" for step in steps) + 1
    again = Told().build(*["shell"] * count, boot_disk_image_id="")
    exported = await again.export(first)
    assert exported.text == first
