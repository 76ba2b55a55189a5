"""`python -m tests.bounds.reading NAME`: lays out, reads and evaluates one hostile template.

The process may have little memory and little time of the processor; the kernel ends it if it takes more.
Printed is the summary of each error, one a line, so that the test sees what was told.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
from pathlib import Path

from oxtui.template.hcl.diagnostic import render
from oxtui.template.hcl.format import format_file
from oxtui.template.hcl.source import SourceFile
from oxtui.template.load import parse_template
from oxtui.template.resolve import resolve
from oxtui.template.variables import VariableInputs
from tests.bounds.hostile import FILES, TEMPLATES

MEMORY = 640 << 20
"""Bytes of address space; the interpreter with what it imports has a quarter of them."""
PROCESSOR = 60
"""Seconds, for machines several times slower than that on which the longest took 20."""


def main(name: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    text = TEMPLATES[name]
    format_file(SourceFile("x.pkr.hcl", text))
    with tempfile.TemporaryDirectory() as folder:
        for file, inside in FILES.items():
            (Path(folder) / file).write_text(inside)
        template = parse_template(text, f"{folder}/x.pkr.hcl")
        resolved = asyncio.run(resolve(template, VariableInputs()))
        for build in resolved.builds:
            for body in (build.body, *build.provisioners):
                resolved.diagnostics += body.evaluate().diagnostics
    for diagnostic in resolved.diagnostics[:100]:
        render(diagnostic)
    print("\n".join(dict.fromkeys(each.summary for each in resolved.diagnostics)))


if __name__ == "__main__":
    main(sys.argv[1])
