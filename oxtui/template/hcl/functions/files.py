"""Functions on files and paths. Relative paths of files start at the template's folder."""

from __future__ import annotations

import base64
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.globs import glob_files
from oxtui.template.hcl.functions.spec import CallError, Function, Parameter
from oxtui.template.hcl.values.sets import set_of
from oxtui.template.hcl.values.types import BOOL, STRING, SetType
from oxtui.template.hcl.values.value import boolean, string

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oxtui.template.hcl.values.value import Value

_PATH = Parameter("path", STRING)
MAX_FILE: Final = 32 << 20


def expand_home(path: str) -> str:
    """A path with a leading `~` replaced by the user's home folder."""
    return str(Path(path).expanduser()) if path == "~" or path.startswith("~/") else path


def read_bytes(folder: Path, path: str) -> bytes:
    """A file's content. Raises CallError with the reason."""
    target = folder / expand_home(path)
    try:
        with target.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise CallError(f'no file exists at "{path}"; the folder is {folder.absolute()}') from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise CallError(f'"{path}" could not be read: {reason}') from None
    if len(data) > MAX_FILE:
        raise CallError(f'"{path}" is larger than {MAX_FILE >> 20} MiB')
    return data


def read_utf8(folder: Path, path: str) -> str:
    """A file's text. Raises CallError for one that is no UTF-8."""
    try:
        return read_bytes(folder, path).decode()
    except UnicodeDecodeError:
        hint = "use filebase64 for what is not text"
        raise CallError(f'the contents of "{path}" are not valid UTF-8; {hint}') from None


def _on_path(name: str, change: Callable[[str], str]) -> Function:
    def implementation(arguments: Sequence[Value]) -> Value:
        return string(change(arguments[0].text))

    return Function(name, (_PATH,), implementation, returns=STRING)


def _basename(path: str) -> str:
    if not path:
        return "."
    return posixpath.basename(path.rstrip("/")) or "/"


def _dirname(path: str) -> str:
    folder, _, _ = path.rpartition("/")
    if not folder:
        return "/" if path.startswith("/") else "."
    return _clean(folder)


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _abspath(path: str) -> str:
    return _clean(os.path.join(os.getcwd(), path))


def file_functions(folder: Path) -> tuple[Function, ...]:
    """The functions, for templates of this folder."""

    def file(arguments: Sequence[Value]) -> Value:
        return string(read_utf8(folder, arguments[0].text))

    def filebase64(arguments: Sequence[Value]) -> Value:
        return string(base64.b64encode(read_bytes(folder, arguments[0].text)).decode())

    def fileexists(arguments: Sequence[Value]) -> Value:
        path = folder / expand_home(arguments[0].text)
        try:
            if path.is_file():
                return boolean(True)
            if path.exists():
                raise CallError(f'"{arguments[0].text}" is not a regular file')
        except (OSError, ValueError) as problem:
            raise CallError(f'"{arguments[0].text}" could not be looked at: {problem}') from None
        return boolean(False)

    def fileset(arguments: Sequence[Value]) -> Value:
        root = folder / expand_home(arguments[0].text)
        try:
            names = glob_files(root, arguments[1].text)
        except (OSError, ValueError) as problem:
            raise CallError(f"failed to glob pattern: {problem}") from None
        return set_of(STRING, map(string, names))

    return (
        Function("file", (_PATH,), file, returns=STRING),
        Function("filebase64", (_PATH,), filebase64, returns=STRING),
        Function("fileexists", (_PATH,), fileexists, returns=BOOL),
        Function(
            "fileset", (_PATH, Parameter("pattern", STRING)), fileset, returns=SetType(STRING)
        ),
        _on_path("basename", _basename),
        _on_path("dirname", _dirname),
        _on_path("abspath", _abspath),
        _on_path("pathexpand", expand_home),
    )
