"""What the public cases record of Packer 1.6.6, and where oxtui rightly prints something else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.shared import shared

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OPEN = {
    "<UUID>": _UUID,
    "script_<N>": r"script_\d+",
    "varfile_<N>": r"varfile_\d+",
    "packer-shell<N>": r"packer-shell\w+",
    "conf-": "work",
    "ver=1.6.6": r"ver=1\.\d+\.\d+",
    "<DUR>": r"\d.*",
    "<RFC3339>": r"\S+",
}
"""What is another text in each run, as a regular expression."""
_MADE_OF_IT = {  # what is made of a secret is hidden too
    "derived pre-<sensitive>-post": "derived <sensitive>",
    "visible base64 aHVudGVyMg==": "visible base64 <sensitive>",
}
OTHER_LINES: dict[tuple[str, int], dict[str, str]] = {
    ("v01-precedence", 5): {"a=f2": "a=f1"},  # 1.16 keeps the order of -var-file
    ("v04-sensitive", 1): _MADE_OF_IT,
    ("v04-sensitive", 2): {  # of two letters: hiding them would tear all other words apart
        "plain <sensitive>": "plain se",
        "derived pre-<sensitive>-post": "derived <sensitive>",
        "visible ba<sensitive>64 c2U=": "visible base64 c2U=",
    },
    ("v04-sensitive", 3): {  # 1.16 hides each line of it
        "plain line1 line2": "plain <sensitive> <sensitive>",
        "derived pre-line1": "derived <sensitive>",
    },
    ("v04-sensitive", 4): {  # 1.16 hides it in these records as well
        **_MADE_OF_IT,
        "plain hunter2": "plain <sensitive>",
        "derived pre-hunter2-post": "derived <sensitive>",
    },
    ("v04-sensitive", 6): _MADE_OF_IT,
    ("s14-shell-output", 1): {
        "\x1b[31mred\x1b[0m": "red"
    },  # a guest does not write on the terminal
}
"""Lines of the scripts that are others here, by case and step."""


def steps(name: str, work: Path) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Number, step and record of each step, in a copy of the case."""
    case = shared(f"cases/packer/{name}")
    shutil.copytree(case, work, copy_function=shutil.copyfile)
    work.chmod(0o755)
    for script in work.glob("*.sh"):
        script.chmod(0o755)
    (work / "emptydir").mkdir()
    records = re.split(r"^## step \d+: ", (case / "expected.txt").read_text(), flags=re.MULTILINE)
    listed = json.loads((case / "case.json").read_text())["steps"]
    assert len(records) == len(listed) + 1
    yield from zip(range(1, len(records)), listed, records[1:], strict=True)


def printed(record: str) -> Iterator[str]:
    """What the record tells of the scripts' standard output."""
    for line in record.splitlines():
        found = re.match(r"(?:<UNIX>,,ui,message,)? {4}[\w.-]+: (.*)", line)
        if found:
            yield found[1]


def told(out: str) -> set[str]:
    """What oxtui tells in its own lines, also in those of `-machine-readable`."""
    return {line.partition(": ")[2] for line in out.splitlines() if "==> " in line}


def others(name: str, number: int, line: str) -> str:
    """The line that stands for a recorded one."""
    return OTHER_LINES.get((name, number), {}).get(line, line)


def pattern(line: str, **known: str) -> str:
    """A recorded line as a regular expression, open where each run has its own text.

    `known` are what stands for `<WORK>`, `<TMPDIR>` and the like, by name.
    """
    places = {f"<{name}>": re.escape(text) for name, text in known.items()}
    stands = {**_OPEN, **places}
    parts = re.split("(" + "|".join(map(re.escape, stands)) + ")", line.rstrip())
    return "".join(stands.get(part, re.escape(part)) for part in parts)
