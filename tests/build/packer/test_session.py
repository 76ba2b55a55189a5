"""Sessions that packer runs, against transcripts of packer 1.6.6."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.build.recorded import recorded_session
from oxtui.build.session import SessionFolders
from oxtui.component.commands import Abort, Pause, Resume, Retry
from oxtui.component.events import (
    ArtifactMade,
    Event,
    Noted,
    Paused,
    StepProgress,
    StepStarted,
)
from oxtui.logs.redact import Redactor
from tests.build.packer.standing_in import StandIn, stand_in

SSH = """
variable "word" {
  default = "plain"
}
source "null" "one" {
  ssh_host     = "127.0.0.1"
  ssh_username = "root"
  ssh_password = "hidden-word"
}
build {
  sources = ["null.one"]
  provisioner "shell" {
    inline = ["echo hello ${var.word}"]
  }
  provisioner "breakpoint" {
    note = "look here"
  }
  provisioner "ansible" {
    playbook_file = "play.yml"
  }
  provisioner "file" {
    content     = "x"
    destination = "/tmp/play.yml"
  }
  provisioner "shell-local" {
    inline = ["echo local"]
  }
  post-processor "docker-tag" {}
  post-processor "vagrant" {}
}
"""
ASK = """
source "null" "host" {
  communicator = "none"
}
build {
  sources = ["null.host"]
  provisioner "shell-local" {
    inline = ["echo one"]
  }
  provisioner "shell-local" {
    inline = ["exit 3"]
  }
  provisioner "ansible" {
    playbook_file = "play.yml"
  }
}
"""
TWO = """
source "docker" "box" {
  image = "alpine"
}
source "null" "host" {
  communicator = "none"
}
build {
  name    = "two"
  sources = ["docker.box", "null.host"]
  provisioner "shell-local" {
    inline = ["echo first"]
  }
  provisioner "shell-local" {
    inline = ["echo second"]
  }
  post-processors {
    post-processor "docker-tag" {
      only = ["docker.box"]
    }
    post-processor "vagrant" {}
  }
}
"""


@pytest.fixture
def there(tmp_path: Path) -> StandIn:
    return stand_in(tmp_path)


def as_named(there: StandIn, transcript: str, **names: str) -> None:
    """Plays a transcript in which post-processors have other names, which oxtui will never have."""
    path = Path(__file__).parent / "transcripts" / f"{transcript}.json"
    text = path.read_text()
    for old, new in names.items():
        text = text.replace(f"type {old.replace('_', '-')})", f"type {new})")
    there.plays(json.loads(text))


async def test_packers_sentences_become_steps_and_a_breakpoint_is_answered(there: StandIn) -> None:
    as_named(there, "ssh", manifest="docker-tag", shell_local="vagrant")
    finished = await there.run(SSH, lambda paused: Resume(build=paused.build))
    assert finished.status == "succeeded"
    assert there.steps("null.one") == {
        "prepare": "done", "connect": "done", "provision-1": "done", "provision-2": "done",
        "provision-3": "done", "provision-4": "done", "provision-5": "done", "cleanup": "skipped",
        "post-process-1": "done", "post-process-2": "done",
    }  # fmt: skip
    (paused,) = [event for event in there.events if isinstance(event, Paused)]
    assert (paused.step, paused.reason, paused.note) == ("provision-2", "breakpoint", "look here")
    assert paused.choices == ("resume", "abort")
    assert "hello plain" in there.log("null.one", "provision-1")
    assert "ok: [default]" in there.log("null.one", "provision-3")
    assert there.log("null.one", "provision-4") == ["Uploading play.yml => /tmp/play.yml"]
    bars = [event for event in there.events if isinstance(event, StepProgress)]
    assert {(bar.step, bar.text, bar.done, bar.total) for bar in bars} == {
        ("provision-4", "play.yml", 13, 13)
    }
    assert "Press enter" not in str(there.log("null.one", "provision-2"))


async def test_builds_side_by_side_have_their_own_steps_output_and_artifacts(
    there: StandIn,
) -> None:
    as_named(there, "two-builds", manifest="vagrant")
    assert (await there.run(TWO)).status == "succeeded"
    assert there.steps("two.docker.box") == {
        "prepare": "done", "connect": "done", "provision-1": "done", "provision-2": "done",
        "capture": "done", "cleanup": "done", "post-process-1": "done", "post-process-2": "done",
    }  # fmt: skip
    assert there.steps("two.null.host") == {
        "prepare": "done", "provision-1": "done", "provision-2": "done", "cleanup": "skipped",
        "post-process-1": "done",
    }  # fmt: skip
    assert there.log("two.docker.box", "capture") == [
        "Committing the container", "Image ID: sha256:feedface",
    ]  # fmt: skip
    assert there.log("two.null.host", "provision-2")[1:] == ["second"]
    made = [event for event in there.events if isinstance(event, ArtifactMade)]
    assert [(each.build, each.id) for each in made] == [
        ("two.docker.box", "sha256:feedface"), ("two.docker.box", "x/y"),
    ]  # fmt: skip


async def test_a_session_of_packer_is_replayed_from_the_journal(there: StandIn) -> None:
    as_named(there, "two-builds", manifest="vagrant")
    await there.run(TWO)
    assert there.session is not None
    sessions = there.folder / "sessions"
    async with Journal.open(journal_path(sessions), Redactor()) as journal:
        replayed = await recorded_session(journal, SessionFolders(sessions), there.session.number)
    assert replayed.state == there.session.state


@pytest.mark.parametrize(
    ("transcript", "answer", "cleanup"),
    [("ask-clean-up", Abort(), "done"), ("ask-leave", Abort(cleanup=False), "not_run")],
)
async def test_packer_asks_after_a_failure_and_gets_the_operators_choice(
    there: StandIn, transcript: str, answer: Abort, cleanup: str
) -> None:
    there.plays(transcript)
    assert (await there.run(ASK, lambda paused: answer)).status == "failed"
    (paused,) = [event for event in there.events if isinstance(event, Paused)]
    assert (paused.step, paused.choices) == ("provision-2", ("retry", "abort"))
    assert paused.failure is not None
    assert paused.failure.summary.startswith("Script exited with non-zero exit status: 3.")
    assert there.steps("null.host") == {
        "prepare": "done", "provision-1": "done", "provision-2": "failed",
        "provision-3": "not_run", "cleanup": cleanup,
    }  # fmt: skip
    assert there.build.error.startswith("Script exited with non-zero exit status: 3.")


async def test_after_a_retry_packer_begins_anew_and_keeps_its_error(there: StandIn) -> None:
    there.plays("ask-retry")
    assert (await there.run(ASK, lambda paused: Retry())).status == "failed"
    assert set(there.steps("null.host").values()) == {"done"}
    begun = [event for event in there.events if isinstance(event, StepStarted)]
    assert [(e.step, e.attempt) for e in begun if e.step.startswith("provision")] == [
        ("provision-1", 1), ("provision-2", 1), ("provision-1", 2), ("provision-2", 2),
        ("provision-3", 1),
    ]  # fmt: skip
    notes = [note.text for note in there.build.notes]
    assert any("from the first one" in note for note in notes)
    assert any("keeps the earlier error" in note for note in notes)


async def test_an_abort_interrupts_packer_once_and_waits_for_its_cleanup(there: StandIn) -> None:
    there.plays("interrupted")
    there.abort_at("provision-1", Abort())
    assert (await there.run(ASK)).status == "cancelled"
    assert there.steps("null.host")["provision-1"] == "cancelled"


async def test_what_an_interrupt_cut_off_has_not_failed(there: StandIn) -> None:
    told = "Provisioning step had errors: Running the cleanup provisioner, if present..."
    there.plays(
        {
            "exit": 1,
            "written": [
                "==> null.host: Running local shell script: x\n", {"signal": "SIGINT"},
                f"==> null.host: {told}\n", "Cancelling build after receiving interrupt\n",
                "Build 'null.host' errored: Script exited with non-zero exit status: -1\n",
            ],
        }
    )  # fmt: skip
    there.abort_at("provision-1", Abort())
    assert (await there.run(ASK)).status == "cancelled"
    assert there.steps("null.host")["provision-1"] == "cancelled"


@pytest.mark.slow
async def test_what_packer_asks_after_an_interrupt_is_answered_for_the_operator(
    there: StandIn,
) -> None:
    begun = "==> null.host: Running local shell script: x\n"
    asked = (
        "==> null.host: [c] Clean up and exit, [a] abort without cleanup, or [r] retry step (x)? "
    )
    there.plays(
        {
            "exit": 1,
            "written": [
                begun, {"signal": "SIGINT"}, "Cancelling build after receiving interrupt\n", asked,
                {"answer": "c\r"}, "c\n", "Build 'null.host' errored: context canceled\n",
            ],
        }
    )  # fmt: skip
    there.abort_at("provision-1", Abort())
    assert (await there.run(ASK)).status == "cancelled"
    assert not [event for event in there.events if isinstance(event, Paused)]


@pytest.mark.slow
async def test_leaving_everything_kills_packer_and_says_what_that_means(there: StandIn) -> None:
    there.plays("interrupted")
    there.abort_at("provision-1", Abort(cleanup=False))
    assert (await there.run(ASK)).status == "cancelled"
    assert "does not know what that is" in there.build.notes[0].text


async def test_what_packer_cannot_do_is_refused_with_the_reason(there: StandIn) -> None:
    there.plays("ask-clean-up")
    asked: list[asyncio.Task[None]] = []

    def heard(event: Event) -> None:
        if isinstance(event, StepStarted) and event.step == "provision-1":
            assert there.session is not None
            asked.append(asyncio.ensure_future(there.session.command(Pause())))

    there.heard.append(heard)
    await there.run(ASK, lambda paused: Abort())
    assert there.build.notes[0].text.startswith("Pause is not possible: packer runs this build.")


@pytest.mark.slow
async def test_a_breakpoint_that_nobody_answers_is_passed_with_a_note(there: StandIn) -> None:
    as_named(there, "ssh", manifest="docker-tag", shell_local="vagrant")
    assert (await there.run(SSH)).status == "succeeded"
    assert "Breakpoint passed: nobody is here to answer." in [n.text for n in there.build.notes]


@pytest.mark.slow
async def test_each_try_of_a_provisioner_is_an_attempt(there: StandIn) -> None:
    there.plays("retries")
    text = """{"builders": [{"type": "null", "communicator": "none", "name": "bb"}],
      "provisioners": [{"type": "shell-local", "inline": ["exit 4"], "max_retries": 2},
                       {"type": "ansible", "playbook_file": "play.yml"}]}"""
    assert (await there.run(text)).status == "failed"
    step = there.build.steps["provision-1"]
    assert (step.attempt, step.phase) == (3, "failed")
    assert step.failure is not None
    assert "status: 4" in step.failure.summary
    assert there.build.steps["provision-2"].phase == "not_run"


async def test_why_packer_did_not_begin_is_told_of_every_build(there: StandIn) -> None:
    there.plays("refused")
    assert (await there.run(TWO)).status == "failed"
    assert there.session is not None
    errors = {build.error for build in there.session.state.builds.values()}
    assert errors == {'packer build failed: Unknown provisioner type "nope"'}
    assert "known provisioners" in " ".join(there.log("two.docker.box", "prepare"))


@pytest.mark.slow
async def test_several_errors_of_post_processors_are_not_pinned_on_one(there: StandIn) -> None:
    as_named(there, "post-processors", shell_local="vagrant")
    text = ASK.replace("exit 3", "true").replace(
        'provisioner "ansible" {\n    playbook_file = "play.yml"\n  }',
        'post-processor "vagrant" {}\n post-processor "docker-tag" {}',
    )
    assert (await there.run(text)).status == "failed"
    assert "not which step each of them is of" in there.build.notes[0].text
    assert there.build.error.endswith("Can only tag from Docker builder artifacts.")


PLUGINS = """
packer {
  required_plugins {
    docker = {
      version = ">= 1.0"
      source  = "github.com/hashicorp/docker"
    }
  }
}
"""
BUILT: dict[str, Any] = {
    "exit": 0,
    "written": ["==> null.host: Running local shell script: /tmp/x\nBuild 'null.host' finished.\n"],
}


async def test_plugins_are_installed_by_a_packer_that_knows_how(tmp_path: Path) -> None:
    there = stand_in(tmp_path, "Packer v1.16.0")
    there.plays(
        {"exit": 0, "written": ["Installed plugin github.com/hashicorp/docker v1.1\n"]}, "init"
    )
    there.plays(BUILT)
    assert (await there.run(PLUGINS + ASK)).status == "succeeded"
    assert [call["words"][0] for call in there.calls()] == ["init", "build"]
    assert "Installed plugin" in " ".join(there.log("null.host", "prepare"))
    assert there.steps("null.host")["provision-2"] == "done"
    assert "Packer said nothing of this step" in there.log("null.host", "provision-2")[0]


@pytest.mark.slow
async def test_a_failed_installation_of_plugins_ends_it(tmp_path: Path) -> None:
    there = stand_in(tmp_path, "Packer v1.16.0")
    there.plays({"exit": 1, "written": ["Error: no release found\n"]}, "init")
    assert (await there.run(PLUGINS + ASK)).status == "failed"
    assert there.build.error == "packer init failed: no release found"
    assert [call["words"][0] for call in there.calls()] == ["init"]


@pytest.mark.slow
async def test_a_packer_too_old_for_plugins_is_named(there: StandIn) -> None:
    there.plays("refused")
    await there.run(PLUGINS + ASK)
    assert "packer 1.6.6 is too old to know of them" in there.build.notes[0].text


@pytest.mark.slow
async def test_another_program_of_that_name_is_told(tmp_path: Path) -> None:
    there = stand_in(tmp_path, "cracklib packer 2.9")
    assert (await there.run(ASK)).status == "failed"
    assert "is not HashiCorp's packer" in there.build.error


SECRET = (
    'variable "word" {\n sensitive = true\n type = string\n}\n'
    'variable "many" {\n type = list(string)\n default = []\n}\n'
)


async def test_values_of_variables_go_by_a_private_file_and_never_by_the_command_line(
    there: StandIn,
) -> None:
    said = "==> null.host: Running local shell script: x\n    null.host: it is pass-$word\n"
    there.plays({"exit": 0, "written": [said, "Build 'null.host' finished.\n"]})
    await there.run(SECRET + ASK, variables=["word=pass-$word", 'many=["$${a}", "b"]'])
    (call,) = there.calls()
    assert "pass-$word" not in " ".join(call["words"])
    ((path, (text, mode)),) = call["files"].items()
    assert json.loads(text) == {"word": "pass-$word", "many": ["${a}", "b"]}
    assert mode == "0o600"
    assert not Path(path).exists()
    assert there.log("null.host", "provision-1")[-1] == "it is <sensitive>"
    kept = [p.read_bytes() for p in (there.folder / "sessions").rglob("*") if p.is_file()]
    assert not any(b"pass-$word" in each for each in kept)


async def test_the_operators_flags_reach_packer_and_it_does_not_phone_home(there: StandIn) -> None:
    there.plays(BUILT)
    await there.run(ASK)
    (call,) = there.calls()
    assert call["words"] == [
        "build", "-color=false", "-timestamp-ui", "-on-error=cleanup", "-force",
        str(there.folder / "t.pkr.hcl"),
    ]  # fmt: skip
    assert call["environ"]["CHECKPOINT_DISABLE"] == "1"
    assert any("CHECKPOINT_DISABLE=1" in line for line in there.log("null.host", "prepare"))


async def test_a_template_that_is_not_saved_is_not_built_from_another_text(there: StandIn) -> None:
    there.plays(BUILT)

    def heard(event: Event) -> None:
        (there.folder / "t.pkr.hcl").write_text(ASK.replace("exit 3", "exit 4"))

    there.heard.append(heard)
    assert (await there.run(ASK)).status == "failed"
    assert "Save the template there first." in there.build.error
    assert not any(isinstance(event, Noted) for event in there.events)
