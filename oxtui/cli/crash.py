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
from oxtui.logs.redact import MARK, Redactor, redactors_of
from oxtui.settings import SettingsError, load, private_folder
from oxtui.settings.paths import platform_defaults

_SECRET_NAMES = re.compile(r"TOKEN|PASSW|SECRET|KEY|CREDENTIAL|AUTH|^PKR_VAR_", re.IGNORECASE)
_SHORTEST = 4
"""A shorter value would blot out half of the report, and be guessed from the rest."""
_PATTERNS = (
    (re.compile(r"(?i)\b(bearer |oxide-[a-z]+-)[^\s'\"]+"), rf"\1{MARK}"),
    (re.compile(r"(://[^/\s:@]+:)[^/\s@]+@"), rf"\1{MARK}@"),
    (re.compile(r"-----BEGIN [^-]*PRIVATE KEY-----.*?(-----END[^\n]*|\Z)", re.DOTALL), MARK),
    # pydantic quotes what it was given, which may be the value of a sensitive variable
    (re.compile(r"input_value=.*?, input_type=", re.DOTALL), f"input_value={MARK}, input_type="),
)
"""What a secret looks like that no variable told of."""


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
    except SettingsError:
        return platform_defaults()["state"]


def _report(
    error: BaseException, words: Sequence[str], environment: Mapping[str, str]
) -> Iterator[str]:
    yield f"oxtui {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    yield f"command: {' '.join(words[:1])}\n\n"
    trace = "".join(traceback.TracebackException.from_exception(error).format())
    trace = Redactor(_secrets(words, environment)).text(trace)
    for redactor in redactors_of(error):
        trace = redactor.text(trace)
    for pattern, replacement in _PATTERNS:
        trace = pattern.sub(replacement, trace)
    yield trace


def _secrets(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Values that the report must not show: of secret environment variables, and of `-var`."""
    values = [value for name, value in environment.items() if _SECRET_NAMES.search(name)]
    for word in words:  # -var name=value and -var=name=value; the value may hold a = too
        parts = word.split("=")
        values += ["=".join(parts[cut:]) for cut in range(1, len(parts))]
    return (value for value in values if len(value) >= _SHORTEST)
