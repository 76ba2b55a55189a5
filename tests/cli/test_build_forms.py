"""The forms in which `oxtui build` writes: Packer's lines, colours and records (cases c01 and c03)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from oxtui.cli import main
from oxtui.component.event_records import EVENT_TYPES
from tests.cli.build_templates import null_template

AFTER = r"\d+ (?:milli|micro)?seconds?(?: \d+ (?:milli|micro)seconds?)?"
NOTHING = "Did not export anything. This is the null builder"


@pytest.fixture
def good(tmp_path: Path) -> str:
    """Two builds that succeed."""
    return null_template(tmp_path, "echo out; echo err,x >&2", builds=("aa", "ab"))


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A build that fails, and one that does not."""
    script = "test $PACKER_BUILD_NAME = ab || exit 4"
    return null_template(tmp_path, script, builds=("aa", "ab"))


def fits(out: str, *patterns: str) -> None:
    """Each pattern fits a line behind that of the one before."""
    lines = iter(out.splitlines())
    for pattern in patterns:
        assert any(re.fullmatch(pattern, line) for line in lines), (pattern, out)


def test_a_good_build_says_what_packer_says(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "-color=false", "-parallel-builds=1", good]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "in this color" not in out
    fits(
        out,
        r"==> null\.aa: out",
        r"==> null\.aa: err,x",
        rf"Build 'null\.aa' finished after {AFTER}\.",
        r"==> null\.ab: out",
        rf"Build 'null\.ab' finished after {AFTER}\.",
        "",
        rf"==> Wait completed after {AFTER}",
        "",
        "==> Builds finished. The artifacts of successful builds are:",
        rf"--> null\.aa: {NOTHING}",
        rf"--> null\.ab: {NOTHING}",
    )
    assert out.endswith(f"--> null.ab: {NOTHING}\n")


def test_an_error_is_told_where_packer_tells_it(
    bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "-color=false", "-parallel-builds=1", bad]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    fits(
        out,
        rf"Build 'null\.aa' errored after {AFTER}: .*exit.* status:? 4.* \(step 1 shell-local\)",
        rf"Build 'null\.ab' finished after {AFTER}\.",
        rf"==> Wait completed after {AFTER}",
        "",
        "==> Some builds didn't complete successfully and had errors:",
        r"--> null\.aa: .* status:? 4.*",
        "",
        "==> Builds finished. The artifacts of successful builds are:",
        rf"--> null\.ab: {NOTHING}",
    )
    assert main(["build", "-color=false", "-only=null.aa", bad]) == 1
    assert capsys.readouterr().out.endswith(
        "\n\n==> Builds finished but no artifacts were created.\n"
    )


def test_each_build_has_its_colour_and_errors_are_red(
    good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "-color=true", "-parallel-builds=1", good]) == 0
    out = capsys.readouterr().out.replace("\x1b", "^")
    fits(
        out,
        r"\^\[1;32mnull\.aa: output will be in this color\.\^\[0m",
        r"\^\[1;36mnull\.ab: output will be in this color\.\^\[0m",
        "",
        r"\^\[1;32m==> null\.aa: Running .*\^\[0m",
        r"\^\[0;32m==> null\.aa: out\^\[0m",
        r"\^\[1;31m==> null\.aa: err,x\^\[0m",
        rf"\^\[1;32mBuild 'null\.aa' finished after {AFTER}\.\^\[0m",
        r"\^\[0;36m==> null\.ab: out\^\[0m",
        rf"==> Wait completed after {AFTER}",
    )


@pytest.mark.parametrize(
    ("words", "variable"),
    [([], "X"), (["-color=true"], "PACKER_NO_COLOR"), (["-color=false"], "X")],
)
def test_a_pipe_and_a_variable_ask_for_no_colour(
    words: list[str],
    variable: str,
    good: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, "1")
    assert main(["build", *words, good]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert ("null.aa: output will be in this color." in out) == (words != ["-color=false"])


def test_a_time_stands_before_what_a_build_says_and_nowhere_else(
    good: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    assert main(["build", "-color=false", "-timestamp-ui", good]) == 0
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d): "
    for line in capsys.readouterr().out.splitlines():
        of_build = re.search(r"==> null\.|Build 'null", line)
        assert bool(re.match(moment, line)) == bool(of_build), line


def test_records_are_packers(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "-machine-readable", "-parallel-builds=1", good]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert all(re.match(r"\d+,[^,]*,[^,]+", line) for line in out.splitlines())
    fits(
        out,
        r"\d+,,ui,message,==> null\.aa: out",
        r"\d+,,ui,error,==> null\.aa: err%!\(PACKER_COMMA\)x",
        rf"\d+,,ui,say,Build 'null\.aa' finished after {AFTER}\.",
        rf"\d+,,ui,say,\\n==> Wait completed after {AFTER}",
        r"\d+,,ui,say,\\n==> Builds finished\. The artifacts of successful builds are:",
        r"\d+,null\.aa,artifact-count,\d",
        rf"\d+,,ui,say,--> null\.aa: {NOTHING}",
        r"\d+,null\.ab,artifact-count,\d",
    )


def test_records_of_errors_are_packers(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "-machine-readable", "-only=null.aa", bad]) == 1
    fits(
        capsys.readouterr().out,
        r"\d+,,ui,error,==> null\.aa: Failed: .* 4.*",
        r"\d+,,ui,error,Build 'null\.aa' errored after .*",
        r"\d+,,error-count,1",
        r"\d+,,ui,error,\\n==> Some builds didn't complete successfully and had errors:",
        r"\d+,null\.aa,error,.* 4.*",
        r"\d+,,ui,error,--> null\.aa: .*",
        r"\d+,,ui,say,\\n==> Builds finished but no artifacts were created\.",
    )


def test_every_json_record_of_a_build_is_listed(
    bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "-json", bad]) == 1
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert main(["build", "--json-types"]) == 0
    blocks = capsys.readouterr().out.split("\n\n")[1:]
    listed = {block.splitlines()[0]: block.splitlines()[2].strip().split(", ") for block in blocks}
    assert set(EVENT_TYPES) - {"output_grown"} <= set(listed)
    for each in records:
        assert each.keys() - {"type", "time"} <= set(listed[each["type"]]), each


@pytest.mark.parametrize("name", ["validate", "inspect"])
def test_other_commands_make_records_of_what_they_print(
    name: str, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, good]) == 0
    plain = capsys.readouterr().out.splitlines()
    assert main([name, "-machine-readable", good]) == 0
    records = capsys.readouterr().out.splitlines()
    assert [line.split(",", 4)[4].replace("%!(PACKER_COMMA)", ",") for line in records] == plain


def test_flags_that_mean_nothing_here_are_taken_before_and_behind_the_template(
    good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ["-ignore-prerelease-plugins", "-use-sequential-evaluation", "--skip-enforcement"]
    behind = [
        "-config-type=hcl2",
        "-force=false",
        "-warn-on-undeclared-var",
        "-var-file=v.pkrvars.hcl",
    ]
    Path(good).with_name("v.pkrvars.hcl").write_text('other = "1"\n')
    behind[-1] = f"-var-file={Path(good).with_name('v.pkrvars.hcl')}"
    assert main(["build", *before, good, *behind]) == 0
    assert "Undefined variable" in capsys.readouterr().out
    assert main(["build", *before, good, behind[-1]]) == 0
    assert "Undefined variable" not in capsys.readouterr().out
