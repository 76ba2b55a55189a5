"""What a command says of itself: its result, and what it complains about while it goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from oxtui.cli.errors import FAILED

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic


def complain(message: str) -> int:
    """Tells it, as a terminal can show it; returns the exit code of a failure."""
    from oxtui.logs.sanitise import plain_lines

    print(plain_lines(message), file=sys.stderr)
    return FAILED


def refuse(diagnostics: Iterable[Diagnostic]) -> int:
    """Tells why a template cannot be used; returns the exit code of a failure."""
    from oxtui.template.hcl.diagnostic import render

    return complain("\n".join(map(render, diagnostics)))


def put(text: str) -> None:
    """Standard output. A terminal gets what it can show; a file or a program all bytes as they are."""
    if sys.stdout.isatty():
        from oxtui.logs.sanitise import plain_lines

        sys.stdout.write(plain_lines(text))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
