"""`oxtui fmt`: templates in canonical layout."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import FAILED
from oxtui.cli.standard_input import standard_input
from oxtui.cli.telling import complain, put, refuse

if TYPE_CHECKING:
    from oxtui.template.layout import Layout

HELP = """Lay out templates (.pkr.hcl) and variable files (.pkrvars.hcl) as `packer fmt` does.

Blanks between the words of a line change, nothing else does. The names of the files that change are printed.
The exit code is 0; 1 if a file cannot be read, parsed or written; with -check 3 if a file would change."""

STDIN = "-"
WOULD_CHANGE = 3
"""The exit code of `-check`, as in Packer."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="+",
        help="a file, a folder, or - for standard input, which is written to standard output",
    )  # fmt: skip
    parser.add_argument(
        "--check", action=BooleanOptionalAction, default=False,
        help="write nothing, exit with 3 if a file would change",
    )  # fmt: skip
    parser.add_argument(
        "--diff", action=BooleanOptionalAction, default=False, help="print what changes in a file"
    )
    parser.add_argument(
        "--write", action=BooleanOptionalAction, default=True,
        help="write the files that change; -write=false leaves them",
    )  # fmt: skip
    parser.add_argument(
        "--recursive", action=BooleanOptionalAction, default=False,
        help="also the folders in a folder",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    """Lay out everything that can be; returns the exit code."""
    codes = [_one(name, arguments) for path in arguments.paths for name in _files(path, arguments)]
    return FAILED if FAILED in codes else max(codes, default=0)


def _files(path: str, arguments: Namespace) -> Iterator[str | Exception]:
    """The files that a path stands for, and what keeps one from being looked at."""
    from oxtui.template.layout import SUFFIXES, laid_out_files

    if path == STDIN or (path.endswith(SUFFIXES) and not Path(path).is_dir()):
        yield path
    elif Path(path).is_dir():
        try:
            yield from laid_out_files(path, recursive=arguments.recursive)
        except OSError as problem:
            yield problem
    else:
        known = " and ".join(SUFFIXES)
        yield ValueError(f"{path} is left as it is: only files that end in {known} are laid out.")


def _one(name: str | Exception, arguments: Namespace) -> int:
    from oxtui.template.layout import layout, layout_of_bytes

    if isinstance(name, OSError):
        return complain(f"oxtui: {name.filename} cannot be read: {name.strerror}.")
    if isinstance(name, Exception):
        return complain(f"oxtui: {name}")
    if name == STDIN:
        return _standard_input(layout_of_bytes(standard_input().read(), "<stdin>"), arguments)
    found = layout(name)
    if found.before is None or found.after is None:
        return refuse(found.diagnostics)
    if not found.differs:
        return 0
    if arguments.write and not arguments.check:
        from oxtui.template.editing.save import write_atomically

        try:
            write_atomically(Path(name), found.after.encode())
        except OSError as problem:
            return complain(f"oxtui: {name} cannot be written: {problem.strerror}.")
    put(name + "\n")
    if arguments.diff:
        from oxtui.cli.unified import unified

        put(unified(found.before, found.after, name))
    return WOULD_CHANGE if arguments.check else 0


def _standard_input(found: Layout, arguments: Namespace) -> int:
    if found.after is None:
        return refuse(found.diagnostics)
    if arguments.check:
        return WOULD_CHANGE if found.differs else 0
    put(found.after)
    return 0
