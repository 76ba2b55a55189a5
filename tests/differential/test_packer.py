"""What Debian's Packer says of our templates, oxtui says too: layout, verdicts, values and what is in them.

Debian has 1.6.6. Templates with what came later are compared only where that does not matter; how 1.16
differs otherwise is written beside each exception.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from oxtui.cli import main
from oxtui.template.load import load_template
from tests.differential.examples import documents, name, templates, text_of
from tests.differential.tools import Tool, tool

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]

LATER: Final = {
    r"^data\b": "data blocks came with 1.7",
    r"^local\b": "local blocks came with 1.7",
    r"\brequired_plugins\b": "came with 1.7",
    r"\berror-cleanup-provisioner\b": "came with 1.7",
    r"\bhcp_packer_registry\b": "came with 1.7.9",
    r"\boptional\(": "came with 1.16",
    r"\btype\s*=\s*(map\()?any\b": "1.6.6 wants an exact type",
    r"\benv\(": "came with 1.7",
    r"\b(alltrue|anytrue|regex|regexall|sum|templatefile)\(": "came after 1.6.6",
    r"\benv = \{": "an option of shell that came after 1.6.6",
}
"""What 1.6.6 does not read, by how it is written."""


@pytest.fixture
def packer(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """Debian's Packer."""
    return tool("packer", ["version"], "v1.6.6", tmp_path_factory.mktemp("packer"))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """oxtui with a command line and a standard input: its exit code and standard output."""
    for folder in ("STATE", "DATA", "CACHE", "CONFIG", "SESSIONS"):
        monkeypatch.setenv(f"OXTUI_{folder}_DIR", str(tmp_path / folder.lower()))

    def started(*words: str, stdin: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(list(words))
        return code, capsys.readouterr().out

    return started


def text_of_all(template: Path) -> str:
    """The text of a template, of all its files."""
    files = [template] if template.is_file() else sorted(template.glob("*.pkr.hcl"))
    return "\n".join(map(text_of, files))


def later(template: Path) -> list[str]:
    """Why 1.6.6 cannot read a template."""
    text = text_of_all(template)
    return [why for written, why in LATER.items() if re.search(written, text, re.MULTILINE)]


def known(kind: str) -> list[Path]:
    """Templates of a kind that 1.6.6 can read."""
    return [template for template in templates(kind) if not later(template)]


def test_enough_is_compared() -> None:
    assert len(templates("valid")) >= 58
    assert len(known("valid")) >= 30
    assert len(known("refused")) + len(known("invalid")) >= 20


BLANK_AFTER_NOT = re.compile(r"!(?: )(?=[\w(!])")
"""1.6.6 writes `! x`, later versions `!x`."""


@pytest.mark.parametrize("kind", ["valid", "refused", "invalid"])
def test_fmt_gives_the_same_bytes(packer: Tool, tmp_path: Path, run: Run, kind: str) -> None:
    both = [tmp_path / "theirs", tmp_path / "ours"]
    for number, document in enumerate(documents(kind)):
        for folder in both:
            (folder / str(number)).mkdir(parents=True)
            shutil.copyfile(document, folder / str(number) / document.name)
        theirs, ours = (folder / str(number) / document.name for folder in both)
        theirs_failed = packer("fmt", str(theirs), cwd=tmp_path).code != 0
        assert (run("fmt", str(ours))[0] != 0) == theirs_failed, name(document)
        texts = [BLANK_AFTER_NOT.sub("!", text_of(path)) for path in (theirs, ours)]
        assert texts[1] == texts[0], name(document)
        if theirs_failed:
            assert text_of(ours) == text_of(document)


SYNTAX: Final = {
    "refused/duplicate-source.pkr.hcl": "oxtui tells it at once, as it needs no evaluating",
    "refused/wrong-default.pkr.hcl": "oxtui evaluates nothing here, and tells it without the flag",
    "refused/sentence-missing.pkr.hcl": "oxtui evaluates nothing here, and tells it without the flag",
}
"""Templates on which the verdicts of -syntax-only differ; those of all checks do not."""


@pytest.mark.parametrize("kind", ["valid", "refused", "invalid"])
def test_syntax_is_accepted_or_refused_alike(packer: Tool, run: Run, kind: str) -> None:
    wrong = {}
    for template in known(kind):
        theirs = packer("validate", "-syntax-only", str(template), cwd=template.parent)
        code, out = run("validate", "-syntax-only", str(template))
        if bool(code) != bool(theirs.code):
            wrong[name(template)] = (code, out, theirs.out + theirs.err)
    assert set(wrong) == {found for found in SYNTAX if found.startswith(kind)}, wrong


def types(template: Path) -> set[str]:
    """The types of all components of a template."""
    block = r'(?:source|provisioner|post-processor)\s+"?([\w-]+)"?(?: "|\s*\{)'
    return set(re.findall(block, text_of_all(template)))


THERE: Final = {"null", "file", "shell-local", "shell", "breakpoint", "manifest", "checksum"}

LACKING: Final = re.compile(
    r'^Error: Unknown [\w -]+ type "[\w-]+"\n.*?\n\noxtui has no [^\n]* yet, though Packer does\. [^\n]*\n\n',
    re.DOTALL | re.MULTILINE,
)
"""What is said of a component that oxtui does not have; all else must be what Packer says."""


def test_all_of_it_is_accepted_or_refused_alike(packer: Tool, run: Run) -> None:
    wrong = {}
    asked = 0
    for template in (*known("valid"), *known("refused"), *known("invalid")):
        if not types(template) <= THERE:
            continue
        asked += 1
        theirs = packer("validate", str(template), cwd=template.parent)
        _, out = run("validate", str(template))
        ours = "Error: " in LACKING.sub("", out)
        if ours != bool(theirs.code):
            wrong[name(template)] = (out, theirs.out + theirs.err)
    assert wrong == {}
    assert asked > 20


def locals_of(template: Path) -> list[str]:
    """Names of the locals whose values are the same at each time and in each home."""
    found = load_template(template).locals
    unstable = {
        local
        for local, declared in found.items()
        if re.search(
            r"\b(timestamp|data|path)\b", declared.file.text[slice(*declared.expression.span)]
        )
    }
    while True:  # and what is made of those
        more = {
            local
            for local, declared in found.items()
            if unstable
            & set(
                re.findall(r"\blocal\.(\w+)", declared.file.text[slice(*declared.expression.span)])
            )
        } - unstable
        if not more:
            return [local for local in found if local not in unstable]
        unstable |= more


def decoded(answer: str) -> Any:
    """The value of a line in base64."""
    return json.loads(base64.b64decode(answer), parse_float=Decimal, parse_int=Decimal)


CONSOLE: Final = {
    "valid/null-values.pkr.hcl percent": "1.6.6 keeps 64 bits of a remainder, later versions all",
}
"""Locals to which 1.6.6 gives another value."""


def test_console_gives_the_same_values(packer: Tool, run: Run) -> None:
    wrong = {}
    compared = 0
    for template in known("valid"):
        names = locals_of(template)
        if not names:
            continue
        whole = "base64encode(jsonencode({" + ", ".join(f"{n} = local.{n}" for n in names) + "}))"
        theirs = packer("console", str(template), cwd=template.parent, stdin=whole + "\n")
        code, out = run("console", str(template), stdin=whole + "\n")
        assert (code, theirs.code) == (0, 0), (name(template), out, theirs.out, theirs.err)
        values = decoded(out), decoded(theirs.out)
        for local in names:
            compared += 1
            if values[0][local] != values[1][local]:
                wrong[f"{name(template)} {local}"] = (values[0][local], values[1][local])
    assert set(wrong) == set(CONSOLE), wrong
    assert compared > 100


INSPECT: Final = {
    "valid/googlecompute-gke.pkr.hcl": "a renamed source has its local name, as it has in the build's",
    "valid/several-builds.pkr.hcl": "a renamed source has its local name, as it has in the build's",
    "valid/null-for.pkr.hcl": "1.6.6 leaves attributes out that are null",
    "valid/null-functions.pkr.hcl": "1.6.6 leaves attributes out that are null",
    "valid/null-values.pkr.hcl": "1.6.6 keeps 64 bits of a remainder, later versions all",
}


def test_inspect_prints_the_same(packer: Tool, run: Run) -> None:
    wrong = {}
    compared = 0
    for template in known("valid"):
        if "timestamp()" in text_of_all(template):
            continue
        if "sensitive" in text_of_all(template):
            continue  # 1.6.6 shows a secret that is empty; and hides it as a part of other values
        theirs = packer("inspect", str(template), cwd=template.parent)
        code, out = run("inspect", str(template))
        assert (code, theirs.code) == (0, 0), (name(template), out, theirs.out)
        compared += 1
        if out.rstrip() != theirs.out.rstrip():
            wrong[name(template)] = (out, theirs.out)
    assert set(wrong) == set(INSPECT), wrong
    assert compared > 20
