"""python-hcl2 as a second reader: another parser has to see the same blocks."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import hcl2
import hcl2.parser

from oxtui.settings.paths import private_folder
from oxtui.template.hcl.tree.bodies import Body

GRAMMAR: Final = "python-hcl2.grammar"
"""What python-hcl2 makes of its grammar in two to three seconds, in the cache folder. lark checks its version."""


_MAKE: Final = """
import os, pathlib, sys
import hcl2.parser
os.umask(0o077)
hcl2.parser.PARSER_FILE = pathlib.Path(sys.argv[1])
hcl2.parser.parser()
"""
_SECONDS: Final = 60


def read_otherwise(text: str, body: Body, cache: Path | None = None) -> tuple[str, str]:
    """Reads a text again and compares. Gives a difference, and why it could not be read; or neither.

    python-hcl2 refuses some valid HCL, such as `"$${"` without a closing brace. `cache` is the folder
    that its grammar is kept in: on its own, it keeps it where it is installed, which may be read-only.
    """
    if cache is not None:
        _keep_grammar(cache)
    try:
        found = hcl2.loads(text if text.endswith("\n") else text + "\n")
    except RecursionError:
        return "", "it is nested too deeply for it"
    except Exception as problem:  # of lark's and of its own, with no common class
        first = str(problem).strip().split("\n")[0]
        return "", f"{type(problem).__name__}: {first.rstrip('.')}"
    theirs, ours = Counter(_their_blocks(found)), Counter(_our_blocks(body))
    if theirs == ours:
        return "", ""
    off = next(iter((theirs - ours) + (ours - theirs)))
    return f"python-hcl2 reads the block {' '.join(off)} otherwise than oxtui.", ""


def _keep_grammar(cache: Path) -> None:
    """Has python-hcl2 read and write its grammar in a folder that is the user's alone; it is a pickle.

    A folder that cannot be made is no reason not to read: then the grammar is made anew.
    """
    path = cache / GRAMMAR
    if path == hcl2.parser.PARSER_FILE:
        return
    hcl2.parser.PARSER_FILE = path  # in any case: it must not write where it is installed
    try:
        private_folder(cache)
        if not path.exists():
            _make(path)
        with _uncollected():
            hcl2.parser.parser()
        path.chmod(0o600)
    except OSError:
        return


def _make(path: Path) -> None:
    """Has another process make the grammar: here it would hold up a screen, which is a thread of this one.

    Where that does not work, it is made here.
    """
    command = [sys.executable, "-P", "-c", _MAKE, str(path)]
    with suppress(subprocess.SubprocessError):
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector meanwhile: it stops all threads, a screen's too, and a grammar is many objects."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _our_blocks(body: Body, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to each attribute and block: types, labels, name."""
    for name in body.attributes:
        yield (*above, name)
    for block in body.blocks:
        way = (*above, block.type, *(label.value for label in block.labels))
        yield way
        yield from _our_blocks(block.body, way)


def _their_blocks(found: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in found.items():
        if name in ("__is_block__", "__comments__", "__inline_comments__"):
            continue
        if isinstance(value, list) and value and all(map(_is_block, value)):
            for one in value:
                way, inner = _labelled(one, (*above, name))
                yield way
                yield from _their_blocks(inner, way)
        else:
            yield (*above, name)


def _is_block(value: Any) -> bool:
    """A block bears its mark below its labels."""
    while isinstance(value, dict):
        if "__is_block__" in value:
            return True
        if len(value) != 1:
            return False
        value = next(iter(value.values()))
    return False


def _labelled(
    found: dict[str, Any], way: tuple[str, ...]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    while "__is_block__" not in found:
        label, found = next(iter(found.items()))
        way = (*way, label.strip('"'))
    return way, found
