"""`oxtui build --json-types`: what the records of `--json` hold, read from the events themselves."""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

_OTHERS = {
    "diagnostic": (
        "A problem of the template, before anything runs.",
        "severity, summary, detail, file, line, text",
    ),
    "output": (
        "A line that a step's programs print (stdout, stderr) or that oxtui says in it (ours).",
        "build, step, stream, text",
    ),
    "interrupted": ("A signal asks the running builds to end.", "signal, builds"),
}
"""What `--json` writes beside events; output_grown is not written, as `output` stands for it."""


def json_types() -> Iterator[str]:
    """The lines of the list."""
    from oxtui.component.event_records import EVENT_TYPES

    yield "Each line is one JSON object with its type and its time (Unix seconds); build is empty for the session."
    told = dict(_OTHERS)
    for name, event in EVENT_TYPES.items():
        if name != "output_grown":
            first = (event.__doc__ or "").partition("\n\n")[0]
            names = [each.name for each in fields(event) if each.name != "time"]
            told[name] = " ".join(first.split()), ", ".join(names)
    for name, (doc, listed) in sorted(told.items()):
        yield f"\n{name}\n  {doc}\n  {listed}"


class JsonTypes(Action):
    """Prints the list and ends, as `--help` does."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option: str | None = None
    ) -> None:
        """Takes the flag."""
        print("\n".join(json_types()))
        parser.exit()
