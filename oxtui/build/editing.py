"""The step of a provisioner or a post-processor as text that an operator edits between two attempts, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from oxtui.component.decode import decode
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.options import Options, option_specs
from oxtui.component.protocols import Guest
from oxtui.logs.redact import Redactor
from oxtui.template.component_body import decode_body
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.write import write_attributes

NAME = "edited step"


@dataclass(frozen=True, slots=True)
class Editable:
    """What is edited: a script's own text, or a component's options as HCL."""

    title: str
    language: Literal["bash", "hcl"]
    text: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What stands in the text for each secret, and the secret; it is put back where it still stands."""

    def revealed(self, text: str) -> str:
        """The edited text with its secrets, as it runs."""
        return re.sub(r"<sensitive \d+>", lambda mark: self.secrets.get(mark[0], mark[0]), text)


class OpenStep(Protocol):
    """A step whose options can be edited."""

    plan: StepPlan

    @property
    def schema(self) -> type[Options]:
        """What declares its options."""
        ...

    def options(self, guest: Guest) -> Options:
        """As it would run now. Raises StepError."""
        ...


def editable(step: OpenStep, guest: Guest, redactor: Redactor) -> Editable:
    """The step's text as it would run now, without secrets. Reads script files: call it off the event loop.

    Raises:
        StepError: its options are wrong, or its script cannot be read.
    """
    return without_secrets(written(step, guest), redactor)


def without_secrets(plain: Editable, redactor: Redactor) -> Editable:
    """The same text with a mark in place of each known secret."""
    text, secrets = plain.text, dict[str, str]()
    for secret in sorted(set(redactor.secrets_in(text)), key=lambda each: (-len(each), each)):
        number = 1
        while (mark := f"<sensitive {number}>") in plain.text or mark in secrets:
            number += 1
        secrets[mark] = secret
        text = text.replace(secret, mark)
    return replace(plain, text=text, secrets=secrets)


def written(step: OpenStep, guest: Guest) -> Editable:
    """The step's text as it would run now, secrets and all. Reads script files as `editable` does.

    Raises:
        StepError: its options are wrong, or its script cannot be read.
    """
    options = step.options(guest)
    given = options.model_dump(exclude_unset=True)
    title = f"{step.plan.title} {step.plan.detail}".rstrip()
    if given.get("inline"):
        return Editable(title, "bash", "\n".join(given["inline"]) + "\n")
    if given.get("script"):
        path = Path(given["script"])
        try:
            return Editable(title, "bash", path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise StepError(f"script {path} cannot be edited: {error}") from error
    text = write_attributes({name: _writable(value) for name, value in given.items()}, "")
    return Editable(title, "hcl", text)


def edited(step: OpenStep, before: Editable, text: str) -> Mapping[str, Any]:
    """The options that differ once the text was edited; empty if it was not.

    Raises:
        StepError: the text cannot be used; its sentence says where and why.
    """
    if text == before.text:
        return {}
    text = before.revealed(text)
    if before.language == "bash":
        return {"inline": text.rstrip("\n").split("\n")}
    file = SourceFile(NAME, text)
    body, problems = parse_body(file)
    if not problems:
        decoded = decode_body(body, Scope(), file, body.span)
        options, problems = decode(decoded, step.schema)
        if options is not None:
            given = options.model_dump(exclude_unset=True)
            return given | _reset(step, before, given)
    raise StepError(str(next(problem for problem in problems if problem.is_error)))


def _reset(step: OpenStep, before: Editable, given: Mapping[str, Any]) -> dict[str, Any]:
    """Options that were taken out of the text go back to their defaults."""
    body, _ = parse_body(SourceFile(NAME, before.revealed(before.text)))
    gone = set(body.attributes) - set(given)
    return {spec.name: spec.default for spec in option_specs(step.schema) if spec.name in gone}


def _writable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _writable(item) for key, item in value.items()}
    if isinstance(value, float):
        # Durations are held in seconds; templates write them with their unit.
        return f"{value:g}s"
    return value
