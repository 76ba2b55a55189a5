"""The report of an unexpected error helps us and gives nothing away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import BaseModel

from oxtui.build.environment import open_environment
from oxtui.cli.crash import report
from oxtui.settings import load


def raised(error: BaseException) -> BaseException:
    """The error with a stack, in which a local variable holds a secret."""
    token = "in-a-local-variable"  # noqa: F841
    try:
        raise error
    except BaseException as caught:
        return caught


def written(folder: Path) -> str:
    """The text of the one report."""
    (path,) = folder.glob("crash-*.txt")
    return path.read_text()


def test_it_tells_version_command_error_and_stack(tmp_path: Path) -> None:
    sentence = report(
        raised(ValueError("no such flux")), ["build"], {"OXTUI_STATE_DIR": str(tmp_path)}
    )
    (path,) = tmp_path.iterdir()
    assert str(path) in sentence
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert text.startswith("oxtui ")
    assert "command: build\n" in text
    assert "ValueError: no such flux" in text
    assert "test_crash.py" in text


def test_it_has_no_local_variable(tmp_path: Path) -> None:
    report(raised(ValueError("x")), [], {"OXTUI_STATE_DIR": str(tmp_path)})
    assert "in-a-local-variable" not in written(tmp_path).replace(
        'token = "in-a-local-variable"', ""
    )
    # the line of source may be quoted, its value at run time not
    assert "token = 'in-a-local-variable'" not in written(tmp_path)


PEM = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAAhidden\n-----END OPENSSH PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("OXIDE_TOKEN was abc123 and did not do", "abc123"),
        ("base64 of it is YWJjMTIz, too", "YWJjMTIz"),
        ("variable is swordfish", "swordfish"),
        ("typed: hunter22", "hunter22"),
        ("typed: a=b==", "a=b=="),
        ("got oxide-token-feedbeef from the file", "feedbeef"),
        ("Authorization: Bearer xyz.987", "xyz.987"),
        ("cannot reach https://me:pass@rack.example/v1", "pass"),
        (f"bad key {PEM} here", "AAAAhidden"),
        (f"cut {PEM[:50]}", "AAAAhidden"),
    ],
)
def test_no_secret_is_in_it(tmp_path: Path, message: str, secret: str) -> None:
    environment = {
        "OXTUI_STATE_DIR": str(tmp_path),
        "OXIDE_TOKEN": "abc123",
        "PKR_VAR_animal": "swordfish",
    }
    words = ["build", "-var", "password=hunter22", "-var=x=a=b=="]
    try:
        raise RuntimeError(message) from OSError(message)
    except RuntimeError as error:
        error.add_note(message)
        report(error, words, environment)
    trace = written(tmp_path).partition("\n\n")[2]
    assert secret not in trace
    assert "sensitive" in trace


def test_pydantic_s_quotation_of_its_input_is_hidden(tmp_path: Path) -> None:
    class Options(BaseModel):
        port: int

    try:
        Options.model_validate({"port": "s3cret"})
    except ValueError as error:
        report(error, [], {"OXTUI_STATE_DIR": str(tmp_path)})
    text = written(tmp_path)
    assert "should be a valid integer" in text
    assert "s3cret" not in text.partition("ValidationError:")[2]


def test_it_is_written_even_if_the_settings_are_what_is_wrong(home: Path) -> None:
    report(ValueError("x"), [], {"OXTUI_COLOR": "no"})
    assert "ValueError" in written(home / ".local/state/oxtui")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sentence = report(KeyError("x"), [], {"OXTUI_STATE_DIR": str(tmp_path / "file" / "state")})
    assert "(KeyError), and its report cannot be written" in sentence
    assert str(tmp_path / "file") in sentence


async def failing_session(environment: dict[str, str]) -> None:
    """A session whose error quotes what only a file told it."""
    async with (
        asyncio.TaskGroup(),
        open_environment(load(environment), environment) as opened,
    ):
        opened.redactor.add("of-a-variable-file")
        try:
            raise KeyError("of-a-variable-file")
        except KeyError as error:
            raise RuntimeError("it was 'of-a-variable-file'") from error


async def test_secrets_that_a_session_learnt_are_not_in_it(tmp_path: Path) -> None:
    environment = {"OXTUI_STATE_DIR": str(tmp_path)}
    with pytest.raises(ExceptionGroup) as met:
        await failing_session(environment)
    report(met.value, ["build"], environment)
    trace = written(tmp_path).partition("\n\n")[2]
    messages = [line for line in trace.splitlines() if "Error: " in line]
    assert [line.strip(" |") for line in messages] == [
        "KeyError: '<sensitive>'", "RuntimeError: it was '<sensitive>'",
    ]  # fmt: skip
