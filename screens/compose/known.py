"""What variables and locals come to in builds that are started here, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oxtui.component.options import OptionSpec
from oxtui.logs.redact import Redactor
from oxtui.template.console.hidden import SENSITIVE, hide
from oxtui.template.console.printed import UNKNOWN, printed
from oxtui.template.variables import ENVIRONMENT_PREFIX
from screens.compose.field_words import DOTS
from screens.compose.reading import Field, Part, Reading

if TYPE_CHECKING:
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.resolve import Resolved

RUN_VALUE: Final = "value in builds"
"""Name of the field for what a variable is in builds from here; no attribute can be called so."""
_GROUP: Final = "Builds from here"
_TOO_LARGE: Final = "too large to show"
_LARGEST: Final = 1 << 10
"""Values inside of one that is shown, a text counting one for each 64 characters."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value as it may be shown: without secrets."""

    text: str
    """Empty if it is not known before the build."""
    origin: str = ""
    """Of a variable: where its value comes from, for one word or two."""
    source: str = ""
    """The same in a sentence."""

    @property
    def is_shown(self) -> bool:
        """Whether nothing of it is hidden or left out."""
        return not any(mark in self.text for mark in (DOTS, SENSITIVE, _TOO_LARGE))


def known_values(resolved: Resolved, secrets: set[str]) -> Mapping[str, Known]:
    """What is known of each variable and local, by `var.NAME` and `local.NAME`."""
    redactor = Redactor(secrets)
    found: dict[str, Known] = {}
    for name, variable in resolved.variables.items():
        text = _text(variable.value, redactor, secrets)
        place = Path(variable.where).name
        origin, source = {
            "env": ("env", f"It comes from {ENVIRONMENT_PREFIX}{name} in the environment."),
            "varfile": ("file", f"It comes from {place}."),
            "cmd": ("here", "It was set here."),
        }.get(variable.origin, ("default", "It is the default."))
        has_none = variable.origin == "default" and not text
        found[f"var.{name}"] = Known(text, origin, "" if has_none else source)
    for name, value in resolved.locals.items():
        found[f"local.{name}"] = Known(_text(value, redactor, secrets))
    return found


def _text(value: Value, redactor: Redactor, secrets: set[str]) -> str:
    if value.size > _LARGEST:
        return _TOO_LARGE
    text = printed(hide(value, redactor, secrets))
    return "" if text == UNKNOWN else DOTS if text == SENSITIVE else text


def _of(part: Part, known: Mapping[str, Known]) -> Known:
    prefix = "var" if part.kind == "variable" else "local"
    return known.get(f"{prefix}.{part.title}", Known(""))


def with_value(part: Part, given: Mapping[str, str], known: Mapping[str, Known]) -> Part:
    """A variable or local with a field for its value, and with it in its line; other parts as they are.

    `given` are the values that were set here, by name.
    """
    if part.kind not in ("variable", "local"):
        return part
    found = _of(part, known)
    one_line = " ".join(found.text.split())
    secret = any(field.spec.secret for field in part.fields)
    here = given.get(part.title) if part.kind == "variable" else None
    if part.kind == "variable":
        told = found.source or "It has none yet."
        help_ = f"What it is in builds that start here; never written into the template. {told}"
    else:
        help_ = "What it comes to, as far as that is known before a build."
    spec = OptionSpec(
        name=RUN_VALUE, type="string", required=False, default=one_line, help=help_,
        group=_GROUP, secret=secret,
    )  # fmt: skip
    field = Field(spec, here or "", run=found.origin or "computed", is_given=bool(here))
    shown = one_line or ("" if part.kind == "variable" else part.detail)
    return replace(
        part, fields=(*part.fields, field), detail="sensitive" if secret else shown or part.detail
    )


def with_values(reading: Reading, given: Mapping[str, str], known: Mapping[str, Known]) -> Reading:
    """A reading whose variables and locals have their values."""
    return replace(reading, parts=tuple(with_value(part, given, known) for part in reading.parts))
