"""What is said before a session begins, in the form in which the session is written down."""

from __future__ import annotations

import time
from collections.abc import Callable

from oxtui.build.report.form import Form
from oxtui.build.report.json_lines import json_line
from oxtui.build.report.machine_readable import ui_record
from oxtui.logs.redact import Redactor
from oxtui.logs.sanitise import plain_lines
from oxtui.template.hcl.diagnostic import Diagnostic, render


def tell(
    diagnostic: Diagnostic, redactor: Redactor, form: Form, line: Callable[[str], object]
) -> None:
    """A problem of the template with its excerpt, without secrets; `line` takes what is to be printed."""
    text = redactor.text(render(diagnostic))
    match form.name:
        case "json":
            place = "" if diagnostic.file is None else diagnostic.file.name
            values = {
                "type": "diagnostic", "time": time.time(),
                "severity": diagnostic.severity.value.lower(),
                "summary": redactor.text(diagnostic.summary),
                "detail": redactor.text(diagnostic.detail),
                "file": place, "line": diagnostic.line, "text": text,
            }  # fmt: skip
            line(json_line(values))
        case "machine-readable":
            line(ui_record(time.time(), "error" if diagnostic.is_error else "say", text))
        case "plain":
            line(plain_lines(text))


def announce(form: Form, text: str, write: Callable[[str], object]) -> None:
    """A sentence for people; records for programs have none."""
    if form.name != "json":
        told = ui_record(time.time(), "say", text) if form.name == "machine-readable" else text
        write(told + "\n")
