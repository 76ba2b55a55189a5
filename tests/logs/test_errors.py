"""Lines that look like errors are found, and ordinary lines that speak of errors are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.logs.errors import error_tool, errors, next_error, previous_error
from oxtui.logs.spool import SpoolReader, SpoolWriter, Stream


@pytest.mark.parametrize(
    "line",
    [
        "E: Unable to locate package ngnix",
        "dpkg: error processing package nginx (--configure):",
        "/tmp/script_1.sh: line 14: ngnix: command not found",
        "script.sh: 3: ngnix: not found",
        "sh: 1: cannot create /etc/x: Permission denied",
        "cp: cannot stat 'a': No such file or directory",
        "mv: missing file operand",
        "tar: app.tar.gz: Cannot open: No such file or directory",
        "Traceback (most recent call last):",
        "ModuleNotFoundError: No module named 'yaml'",
        "requests.exceptions.ConnectionError: ...",
        "ERROR: Could not find a version that satisfies the requirement x",
        "curl: (6) Could not resolve host: example.invalid",
        "make[1]: *** [Makefile:3: all] Error 2",
        "main.c:3:5: error: expected ';' before 'return'",
        "error[E0308]: mismatched types",
        "npm ERR! code E404",
        "npm error code ENOENT",
        "panic: runtime error: index out of range",
        "fatal: repository 'x' does not exist",
        'fatal: [host]: FAILED! => {"changed": false}',
        "Failed to start nginx.service: Unit not found.",
        "Job for nginx.service failed because the control process exited",
        "write /x: No space left on device",
        "[   12.3] Out of memory: Killed process 811 (cc1plus)",
        "2024-11-20 10:11:12,123 - cc_scripts_user.py[ERROR]: failed",
        "2024-11-20T10:11:12Z ERROR could not open",
        "[ERROR] something is wrong",
        "sudo: nginx: command not found",
        "Error: Unable to find a match: ngnix",
    ],
)
def test_errors_of_common_tools(line: str) -> None:
    assert error_tool(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Setting up libgpg-error0:amd64 (1.47-3) ...",
        "0 errors, 0 warnings",
        "Errors: 0",
        "ERROR = 0",
        "retrying on error",
        "no errors found",
        "Installing error-pages",
        "Reading package lists... Done",
        "Get:1 http://mirror.example stable InRelease [151 kB]",
        "+ trap 'echo failed' ERR",
        "test_fatal_error ... ok",
    ],
)
def test_ordinary_lines(line: str) -> None:
    assert error_tool(line) is None


def test_going_from_error_to_error(tmp_path: Path) -> None:
    ordinary = b"ordinary\n" * 3000
    with SpoolWriter(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, b"E: one\n" + ordinary + b"\x1b[31mE: \x1b[0mtwo\n" + ordinary)
    with SpoolReader(tmp_path / "s") as reader:
        assert list(errors(reader)) == [0, 3001]
        assert next_error(reader, -1) == 0
        assert next_error(reader, 0) == 3001
        assert next_error(reader, 3001) is None
        assert previous_error(reader, reader.lines) == 3001
        assert previous_error(reader, 3001) == 0
        assert previous_error(reader, 0) is None
