"""How the console is spoken to: by a program line by line, from a pipe, or on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import BinaryIO

from oxtui.cli.errors import FAILED
from oxtui.cli.time_limit import TooLongError, time_limit
from oxtui.logs.sanitise import plain_lines
from oxtui.template.console import Console
from oxtui.template.console.answers import Answer, answer, failed
from oxtui.template.console.printed import printed
from oxtui.template.hcl.diagnostic import Diagnostic, Severity, TemplateError, render
from oxtui.template.stores import Stores

PROMPT = "> "
MAX_LINE = 1 << 20
"""Bytes of an expression."""
SECONDS = 10
"""That an expression may take, whatever it does: a function that waits for a file that never comes, too."""
TOO_LONG = "Evaluation takes too long"
TOO_LARGE = "Expression takes too much memory"

HELP = """An expression of Packer's language gives its value: upper("x"), [for n in range(3) : n * 2].
With a template its values have their usual names: var.NAME, local.NAME, data.TYPE.NAME, path.root.

variables  lists all variables and locals with their values
help       prints this
exit       leaves, as do ctrl+d and ctrl+c

{{ }} is the language of options of single components and has no meaning here."""
LEGACY_HELP = """A text gives what a legacy template makes of it: {{user `NAME` | upper}}, {{timestamp}}, {{isotime}}.

variables  lists all user variables with their values
help       prints this
exit       leaves, as do ctrl+d and ctrl+c

With --config-type=hcl2 and no template, lines are expressions of HCL."""


def answer_all(console: Console, lines: BinaryIO) -> int:
    """One line of JSON for each line that comes; returns 0 when no more do."""
    for line in lines_of(lines):
        sys.stdout.write(json.dumps(_answer(console, line)) + "\n")
        sys.stdout.flush()
    return 0


def evaluate_all(console: Console, lines: BinaryIO) -> int:
    """The value of the last line; returns 1 if a line had none."""
    code, last = 0, ""
    for line in lines_of(lines):
        word = None if line is None else line.strip().decode(errors="replace")
        if word == "exit":
            break
        if word != "":
            shown = _shown(console, word, line)
            code, last = (FAILED, "") if shown is None else (code, shown)
    if last:
        _tell(last)
    return code


def talk(console: Console, stores: Stores) -> int:
    """Ask and print until the operator leaves; returns 0. A store that failed is asked again."""
    with suppress(ImportError):  # without it there are no keys to edit a line with
        import readline  # noqa: F401
    while True:
        try:
            typed = input(PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return 0
        if typed == "exit":
            return 0
        if typed:
            stores.forget_failures()
            with suppress(KeyboardInterrupt):  # what is evaluated ends, the console goes on
                shown = _shown(console, typed, typed.encode("utf-8", "surrogateescape"))
                if shown is not None:
                    _tell(shown)


def complain(console: Console, problems: Iterable[Diagnostic]) -> None:
    """Say what is wrong, without secrets."""
    for problem in problems:
        print(plain_lines(console.redactor.text(render(problem))), file=sys.stderr)


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines without their ends; None for one that is longer than an expression may be."""
    while line := stream.readline(MAX_LINE + 1):
        whole = line.endswith(b"\n")
        if len(line) <= MAX_LINE or whole:
            yield line.removesuffix(b"\n").removesuffix(b"\r")
            continue
        while line and not whole:
            line = stream.readline(MAX_LINE)
            whole = line.endswith(b"\n")
        yield None


def _answer(console: Console, line: bytes | None) -> Answer:
    if line is None:
        return failed("syntax", _too_long())
    try:
        with time_limit(SECONDS):
            return answer(console, line)
    except TooLongError:
        return failed("call_failed", TOO_LONG)
    except (MemoryError, RecursionError):
        return failed("call_failed", TOO_LARGE)
    except Exception as problem:  # the next line is to be answered, too
        from oxtui.cli.crash import report

        print(f"oxtui: {plain_lines(report(problem, ['console'], os.environ))}", file=sys.stderr)
        return failed("internal", "Something that nobody expected")


def _shown(console: Console, word: str | None, line: bytes | None) -> str | None:
    """What a line gives; None, and a complaint, where it gives nothing."""
    if word == "help":
        return LEGACY_HELP if console.language == "json" else HELP
    if word == "variables":
        return console.variables()
    try:
        if line is None:
            raise _error(_too_long(), "Write less of it on one line.")
        with time_limit(SECONDS):
            return printed(console.evaluate(line.strip()))
    except TemplateError as problem:
        complain(console, problem.diagnostics)
    except TooLongError:
        complain(console, _error(TOO_LONG, f"It was ended after {SECONDS} seconds.").diagnostics)
    except (MemoryError, RecursionError):
        complain(console, _error(TOO_LARGE, "Try a part of it.").diagnostics)
    return None


def _too_long() -> str:
    return f"Expression of more than {MAX_LINE >> 20} MiB"


def _error(summary: str, detail: str) -> TemplateError:
    return TemplateError([Diagnostic(Severity.ERROR, summary, detail)])


def _tell(text: str) -> None:
    """A terminal gets what it can show, a program the very text."""
    print(plain_lines(text) if sys.stdout.isatty() else text, flush=True)
