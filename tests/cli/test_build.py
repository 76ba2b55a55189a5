"""`oxtui build` and `oxtui demo` as an operator or a CI job runs them."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from tests.cli.running import on, oxtui, started
from tests.rack_process import RackProcess, rack
from tests.sessions import shell, template


def written(folder: Path, text: str, there: RackProcess | None = None) -> str:
    """The template in a file; on a simulated rack instances listen on a port of its own."""
    if there is not None:
        text = text.replace('"web"\n', f'"web"\n  ssh_port = {there.ssh_port}\n', 1)
    folder.mkdir(exist_ok=True)
    path = folder / "t.pkr.hcl"
    path.write_text(text)
    return str(path)


async def test_a_good_build_ends_with_0_and_a_log_that_tells_all(tmp_path: Path) -> None:
    async with rack() as there:
        path = written(tmp_path, template(shell("echo hello", "echo oops >&2")), there)
        code, out, err = await oxtui("build", path, environ=on(there))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith(f"oxtui session 1: {path}")
    for text in ("✓ preflight done", "hello", "oops", "Image made (", "Deleted instance"):
        assert any(text in line for line in lines), text
    assert any(re.match(r"Build 'oxide-instance\.t' finished after \d", line) for line in lines)
    assert lines[-2] == "==> Builds finished. The artifacts of successful builds are:"
    assert lines[-1].startswith("--> oxide-instance.t: ")
    assert "made" in lines[-1]
    assert "\x1b" not in out


async def test_json_is_one_typed_record_a_line_with_output(tmp_path: Path) -> None:
    async with rack() as there:
        path = written(tmp_path, template(shell("echo hello", "exit 4")), there)
        code, out, _ = await oxtui("build", "--json", path, environ=on(there))
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert records[0]["type"] == "session_started"
    assert records[-1]["type"] == "session_finished"
    assert records[-1]["status"] == "failed"
    output = [r for r in records if r["type"] == "output" and r["stream"] == "stdout"]
    assert [(r["step"], r["text"]) for r in output if r["step"] == "provision-1"] == [
        ("provision-1", "hello")
    ]
    failed = [r for r in records if r["type"] == "step_finished" and r["status"] == "failed"]
    assert failed[0]["failure"]["exit_status"] == 4


async def test_a_template_with_errors_shows_each_with_its_excerpt_and_spends_nothing(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, template("bogus = ${", shell("true"), source="cpus = 300"))
    code, out, err = await oxtui("build", path)
    assert (code, err) == (1, "")
    assert f"on {path} line" in out
    assert "^" in out
    assert "session" not in out
    code, out, err = await oxtui("build", "--json", path)
    assert (code, err) == (1, "")
    records = [json.loads(line) for line in out.splitlines()]
    assert {each["type"] for each in records} == {"diagnostic"}
    assert records[0]["severity"] == "error"
    assert records[0]["line"] >= 1
    code, out, err = await oxtui("build", "-machine-readable", path)
    assert (code, err) == (1, "")
    assert re.match(r"\d+,,ui,error,Error: .*\\n", out)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "oxtui login --host HOST"),
        ({"OXIDE_TOKEN": "oxide-token-x"}, "OXIDE_TOKEN is set but OXIDE_HOST is not"),
        ({"OXIDE_HOST": "http://127.0.0.1:9", "OXIDE_TOKEN": "oxide-token-x"}, "127.0.0.1:9"),
    ],
)
async def test_a_rack_that_is_not_there_is_told_with_the_next_step(
    tmp_path: Path, environ: dict[str, str], message: str
) -> None:
    code, out, _ = await oxtui("build", written(tmp_path, template()), environ=environ)
    assert code == 1
    assert message in out


async def test_a_wrong_token_is_told(tmp_path: Path) -> None:
    async with rack() as there:
        environ = {**on(there), "OXIDE_TOKEN": "oxide-token-" + "0" * 40}
        code, out, _ = await oxtui("build", written(tmp_path, template(), there), environ=environ)
    assert code == 1
    assert "credentials" in out or "token" in out


async def test_ctrl_c_cleans_up_and_ends_with_1(tmp_path: Path) -> None:
    async with rack() as there:
        path = written(tmp_path, template(shell("echo working; sleep 60")), there)
        process = await started("build", path, environ=on(there))
        assert process.stdout is not None
        while b"working" not in await process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
        assert process.returncode == 1
        assert b"cleaning up" in err
        assert b"Deleted instance" in out
        assert b"Cancelling build after receiving interrupt\n" in out
        assert out.endswith(b"\nCleanly cancelled builds after being interrupted.\n")
        code, listed, _ = await oxtui("sweep", environ=on(there))
        assert code == 0, listed


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["auto", "none"])
async def test_the_demo_proves_its_image_without_a_terminal(isolation: str) -> None:
    code, out, err = await oxtui("demo", "--isolation", isolation)
    assert code == 0, err
    assert re.fullmatch(r"Instances (have their own|are plain folders, not isolated).*\.\n", err)
    assert out.splitlines()[-1] == (
        "Proven: /srv/www/index.txt in the image says 'Hello from an image that oxtui made.'."
    )


@pytest.mark.slow
async def test_plain_folders_build_what_oxtui_did_not_come_with_only_if_asked_for(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, template(shell("echo mine", more='remote_folder = "."')))
    code, out, err = await oxtui("build", "--demo", "--isolation", "none", path)
    assert code == 0, err
    assert "mine" in out
    assert err.startswith("Instances are plain folders, not isolated: their commands run as you; ")
    # Where the demo rack's state is of plain folders, that is what auto takes.
    mine = {"OXTUI_DATA_DIR": str(tmp_path / "data")}
    state = tmp_path / "data" / "demo-rack" / "state"
    async with rack("--isolation", "none", "--state", str(state)):
        pass
    code, out, err = await oxtui("build", "--demo", path, environ=mine)
    assert (code, out) == (1, "")
    assert "builds only its own example here" in err
    assert "say --isolation none" in err
    example = tmp_path / "example.pkr.hcl"
    example.write_text((await oxtui("demo", "--show"))[1])
    code, out, err = await oxtui("build", "--demo", str(example), environ=mine)
    assert (code, out.splitlines()[-1][:26]) == (0, "--> oxide-instance.hello: "), err
    code, _, err = await oxtui("build", "--isolation", "none", path)
    assert code == 1
    assert "--isolation is of the demo rack: say --demo as well" in err


async def test_the_demo_shows_its_template() -> None:
    code, out, _ = await oxtui("demo", "--show")
    assert code == 0
    assert 'source "oxide-instance" "hello"' in out


@pytest.mark.slow
async def test_an_image_is_promoted_where_a_setting_asks_for_it_and_no_flag_forbids_it(
    tmp_path: Path,
) -> None:
    async with rack() as there:
        path = written(tmp_path, template(shell("true")), there)
        environ = on(there) | {"OXTUI_BUILD_PROMOTE": "true"}
        code, out, err = await oxtui("build", path, environ=environ)
        assert (code, err) == (0, ""), out
        source = "environment OXTUI_BUILD_PROMOTE"
        for text in (f"promote = to the silo  ({source})", "✓ promote image done"):
            assert text in out
        shown = await oxtui("image", "show", "made", environ=environ)
        assert shown[0] == 0, shown[2]
        code, out, _ = await oxtui("build", "--no-promote", path, environ=environ)
        assert code == 0, out
        assert "promote image" not in out
        shown = await oxtui("image", "show", "made", "--project", "web", environ=environ)
        assert shown[0] == 0, shown[2]


NULL = """source "null" "x" {
  communicator = "none"
}
build {
  sources = ["source.null.x"]
  provisioner "shell-local" {
    inline = ["echo hello", "echo oops >&2"]
  }
}
"""


async def test_a_template_of_the_null_builder_needs_no_rack_and_no_credentials(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, NULL)
    environ = {"HOME": str(tmp_path), "OXIDE_HOST": "", "OXIDE_TOKEN": "", "OXIDE_PROFILE": ""}
    code, out, err = await oxtui("build", "-color=false", path, environ=environ)
    assert (code, err) == (0, "")
    assert "==> null.x: hello" in out.splitlines()
    assert out.splitlines()[-1] == "--> null.x: Did not export anything. This is the null builder"
    assert "\x1b" not in out
    code, out, err = await oxtui(
        "build", "-color=true", "-parallel-builds=1", path, environ=environ
    )
    assert (code, err) == (0, "")
    assert "\x1b[1;31m==> null.x: oops\x1b[0m" in out.splitlines()


@pytest.mark.parametrize("number", ["-1", "x", "1.5"])
async def test_a_number_of_builds_that_is_none_is_wrong_usage(number: str) -> None:
    code, _, err = await oxtui("build", f"-parallel-builds={number}", "t.pkr.hcl")
    assert code == 1
    assert f'"{number}" is no number of builds; write 0 or more' in err
