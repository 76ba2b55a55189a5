"""`oxtui hcl2_upgrade`: a legacy JSON template as one in HCL."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path

from oxtui.cli.errors import FAILED, CommandError
from oxtui.cli.legacy_file import add_legacy_template, legacy_source
from oxtui.cli.telling import complain, refuse

HELP = """Write a legacy JSON template anew in HCL, as a template that builds the same.

The JSON file stays as it is. What cannot be translated stays as it was, with a comment above it; that, and
what works in another way now, is told on standard error. A template of variables alone becomes a file of
variables. A file that is there already is overwritten only if it is named with -output-file."""

SUFFIX = ".pkr.hcl"


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    add_legacy_template(parser)
    parser.add_argument(
        "--output-file", metavar="FILE", type=Path, help=f"where to write; else TEMPLATE{SUFFIX}"
    )
    parser.add_argument(
        "--with-annotations", action=BooleanOptionalAction, default=False,
        help="add comments that say what each part is for",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    """Write the file; returns the exit code."""
    from oxtui.template.hcl.diagnostic import has_errors
    from oxtui.template.legacy.fixes import fix_template
    from oxtui.template.legacy.read import read_legacy
    from oxtui.template.legacy.upgrade import upgrade

    source = legacy_source(arguments.template)
    if source is None:
        return FAILED
    legacy, problems = read_legacy(source, needs_builder=False)
    if has_errors(problems):
        return refuse(problems)
    upgraded = upgrade(legacy, annotated=arguments.with_annotations)
    target: Path = arguments.output_file or Path(f"{source.name}{SUFFIX}")
    _save(target, upgraded.text.encode(), named=arguments.output_file is not None)
    for warning in upgraded.warnings:
        complain(f"oxtui: {warning}")
    if old := fix_template(source).done:
        complain(
            f"oxtui: {source.name} has options that Packer has renamed or dropped since "
            f"({', '.join(old)}); `oxtui fix {source.name}` brings them up to date; do that first."
        )
    print(f"Successfully created {target}")
    return 0


def _save(target: Path, data: bytes, *, named: bool) -> None:
    from oxtui.template.editing.save import write_atomically

    try:
        if target.exists():
            if target.read_bytes() == data:
                return
            if not named:
                raise CommandError(
                    f"{target} is there already and says something else; move it away, or "
                    f"overwrite it with -output-file={target}."
                )
        write_atomically(target, data)
    except OSError as problem:
        raise CommandError(f"{target} cannot be written: {problem.strerror}.") from None
