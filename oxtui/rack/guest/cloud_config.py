"""User data: scripts that start with `#!`, and `#cloud-config` with `write_files` and `runcmd`."""

from __future__ import annotations

import base64
import binascii
import gzip
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import yaml

from oxtui.rack.guest import pipes
from oxtui.rack.guest.console import Console
from oxtui.rack.guest.pipes import Pipe
from oxtui.rack.guest.system import System

_SUPPORTED = {"write_files", "runcmd"}
_OUTPUT_LOG = "/var/log/cloud-init-output.log"


class UserDataError(Exception):
    """A part of the user data that cannot be used; the text says which and why."""


class Runner:
    """Takes an instance's user data apart and runs what is in it, as root."""

    def __init__(self, system: System, console: Console) -> None:
        self._system = system
        self._console = console
        self._errors: list[str] = []

    def prepare(self, user_data: bytes) -> None:
        """Writes the files of the user data, and its scripts where `run_scripts` finds them."""
        if not user_data.strip():
            return
        try:
            self._prepare(user_data)
        except (UserDataError, OSError) as error:
            self._complain(str(error))

    def _prepare(self, user_data: bytes) -> None:
        if user_data[:2] == b"\x1f\x8b":
            user_data = _unzipped(user_data)
        if user_data.startswith(b"#!"):
            self._script("part-001", user_data)
        elif user_data.startswith(b"#cloud-config"):
            self._apply(user_data)
        else:
            first = user_data.split(b"\n", 1)[0][:40].decode(errors="replace")
            raise UserDataError(
                f"Unhandled non-multipart (text/x-not-multipart) userdata: '{first}'... "
                "(it must start with #! or #cloud-config)"
            )

    def _complain(self, text: str) -> None:
        self._errors.append(text)
        self._console.line(f"[    4.100523] cloud-init[612]: [WARNING]: {text}")

    def _script(self, name: str, content: bytes) -> None:
        folder = Path(self._system.path("/var/lib/cloud/instances"), self._system.request.instance)
        path = folder / "scripts" / name
        path.write_bytes(content)
        path.chmod(0o700)

    def _apply(self, user_data: bytes) -> None:
        try:
            config = yaml.safe_load(user_data)
        except yaml.YAMLError as error:
            text = str(error).replace("\n", " ")
            raise UserDataError(f"Failed loading yaml blob: {text}") from error
        if config is None:
            return
        if not isinstance(config, dict):
            raise UserDataError(
                f"cloud-config must be a mapping of keys, got {type(config).__name__}"
            )
        for key in sorted(set(map(str, config)) - _SUPPORTED):
            self._complain(f"cloud-config key '{key}' is not carried out by the simulated rack")
        for position, entry in enumerate(_list(config, "write_files"), start=1):
            try:
                self._write_file(entry)
            except (UserDataError, OSError, LookupError) as error:
                self._complain(f"write_files entry {position}: {error}")
        commands = _list(config, "runcmd")
        if commands:
            self._script("runcmd", _shell_script(commands))

    def _write_file(self, entry: Any) -> None:
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
            raise UserDataError("needs a path")
        content = _decoded(entry.get("content", ""), str(entry.get("encoding", "text/plain")))
        path = Path(self._system.path(os.path.normpath("/" + entry["path"])))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab" if entry.get("append") else "wb") as file:
            file.write(content)
        permissions = entry.get("permissions", 0o644)
        path.chmod(int(permissions, 8) if isinstance(permissions, str) else int(permissions))
        owner = str(entry.get("owner", "root:root")).partition(":")[0]
        account = self._system.account(owner)
        if account is None:
            raise UserDataError(f"unknown owner {owner}")
        if self._system.runs_as(account) is not None:
            os.chown(path, account.uid, account.gid)

    async def run_scripts(self) -> list[str]:
        """Runs the scripts in order, their output on the console; returns what went wrong."""
        inside = f"/var/lib/cloud/instances/{self._system.request.instance}/scripts"
        folder = Path(self._system.path(inside))
        names = sorted(os.listdir(folder)) if folder.is_dir() else []
        for name in names:
            status = await self._run(f"{self._system.path(inside)}/{name}")
            if status:
                self._complain(f"Failed to run {inside}/{name}: exit status {status}")
        return self._errors

    async def _run(self, script: str) -> int:
        root = self._system.account("root")
        if root is None:
            self._complain("no account root in /etc/passwd")
            return 1
        with Pipe() as output:
            try:
                child = self._system.processes.start(
                    [script],
                    account=self._system.runs_as(root),
                    environment=self._system.environment(root),
                    folder=str(self._system.root),
                    streams=(subprocess.DEVNULL, output.writer, output.writer),
                )
            except OSError as error:
                self._console.line(f"cloud-init[801]: {error}")
                return 126
            output.close_writer()
            await self._copy_output(output.reader)
            return os.waitstatus_to_exitcode(await child.ended)

    async def _copy_output(self, descriptor: int) -> None:
        """Copies a pipe to the console and the log until every writer has closed it."""
        log = os.open(self._system.path(_OUTPUT_LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            while data := await pipes.read(descriptor):
                self._console.output(data)
                os.write(log, data)
        finally:
            os.close(log)


def _list(config: dict[Any, Any], key: str) -> list[Any]:
    value = config.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UserDataError(f"cloud-config key '{key}' must be a list")
    return value


def _unzipped(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise UserDataError(f"user data looks like gzip and is not: {error}") from error


def _decoded(content: Any, encoding: str) -> bytes:
    data = content if isinstance(content, bytes) else str(content).encode()
    steps = {
        "gz": ("gzip",), "gzip": ("gzip",), "b64": ("base64",), "base64": ("base64",),
        "gz+b64": ("base64", "gzip"), "gz+base64": ("base64", "gzip"),
        "gzip+b64": ("base64", "gzip"), "gzip+base64": ("base64", "gzip"),
        "text/plain": (),
    }.get(encoding.strip().lower())  # fmt: skip
    if steps is None:
        raise UserDataError(f"unknown encoding {encoding}")
    for step in steps:
        try:
            data = base64.b64decode(data) if step == "base64" else gzip.decompress(data)
        except (binascii.Error, OSError, EOFError) as error:
            raise UserDataError(f"content is not {step}: {error}") from error
    return data


def _shell_script(commands: list[Any]) -> bytes:
    """One script of all commands: a string is shell, a list is a program with its arguments."""
    lines = ["#!/bin/sh"]
    for command in commands:
        if isinstance(command, list):
            lines.append(shlex.join(str(word) for word in command))
        elif command is not None:
            lines.append(str(command))
    return ("\n".join(lines) + "\n").encode()
