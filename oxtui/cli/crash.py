"""The report of an unexpected error: a private file without secrets, and one sentence about it."""

from __future__ import annotations

import os
import platform
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from oxtui import __version__
from oxtui.settings import SettingsError, load, private_folder
from oxtui.settings.paths import platform_defaults

_SECRET_NAMES = re.compile(r"TOKEN|PASSW|SECRET|KEY|CREDENTIAL|AUTH|^PKR_VAR_", re.IGNORECASE)
_SHORTEST_SECRET = 4
"""A shorter value would blot out half of the report and be guessed from the rest."""
_PATTERNS = (
    (re.compile(r"(?i)(bearer |oxide-[a-z]+-)[^\s'\"]+"), r"\1(hidden)"),
    (re.compile(r"(://[^/\s:@]+:)[^/\s@]+@"), r"\1(hidden)@"),
    (re.compile(r"-----BEGIN [^-]*PRIVATE KEY-----.*?(-----END|\Z)", re.DOTALL), "(hidden key)"),
    # pydantic quotes what it was given, which may be the value of a sensitive variable
    (re.compile(r"input_value=.*?, input_type="), "input_value=(hidden), input_type="),
)


def report(error: BaseException, words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Write the report into the state folder and return the sentence that tells of it."""
    what = f"oxtui met an error of its own ({type(error).__name__})"
    try:
        folder = private_folder(_state_folder(environment))
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        path = folder / f"crash-{moment}-{os.getpid()}.txt"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(_report(error, words, environment)))
    except OSError as failure:
        return f"{what}, and its report cannot be written: {failure}"
    return f"{what}; please report it with {path}, which holds no value of a variable"


def _state_folder(environment: Mapping[str, str]) -> Path:
    try:
        return load(environment).paths.state
    except (SettingsError, OSError):
        return platform_defaults()["state"]


def _report(
    error: BaseException, words: Sequence[str], environment: Mapping[str, str]
) -> Iterator[str]:
    yield f"oxtui {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    yield f"command: {' '.join(words[:1])}\n\n"
    secrets = sorted(_secrets(words, environment), key=len, reverse=True)
    for part in traceback.TracebackException.from_exception(error).format():
        yield _hidden(part, secrets)


def _secrets(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Values that the report must not show: of secret environment variables, and of `-var`."""
    for name, value in environment.items():
        if _SECRET_NAMES.search(name) and len(value) >= _SHORTEST_SECRET:
            yield value
    for word in words:
        value = word.rpartition("=")[2]
        if value != word and len(value) >= _SHORTEST_SECRET:
            yield value


def _hidden(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "(hidden)")
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
