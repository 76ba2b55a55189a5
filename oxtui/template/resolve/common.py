"""Attributes that Packer itself takes from every provisioner and post-processor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.functions.durations import parse_duration
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, NUMBER, STRING, ListType, friendly

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Attribute, Body
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

PROVISIONER_NAMES: Final = frozenset(
    (
        "name",
        "only",
        "except",
        "override",
        "pause_before",
        "timeout",
        "max_retries",
        "continue_on_error",
    )
)
POST_PROCESSOR_NAMES: Final = frozenset(("name", "only", "except", "keep_input_artifact"))


def converted(
    attribute: Attribute,
    kind: Type,
    scope: Scope,
    file: SourceFile,
    diagnostics: list[Diagnostic],
    unlike: str,
) -> Value | None:
    """The value of an attribute as a type; None, and a problem, where it has none or not of that type.

    `unlike` is what the attribute is said to be then.
    """
    try:
        return convert(Evaluator(file).evaluate(attribute.expression, scope), kind)
    except EvaluationError as problem:
        diagnostics += problem.diagnostics
    except ConversionError as problem:
        detail = f'"{attribute.name}" {unlike}: {problem}.'
        diagnostics.append(error("Unsuitable value type", detail, attribute.expression.span, file))
    return None


@dataclass(frozen=True)
class CommonOptions:
    """What holds for a provisioner or post-processor of any type.

    `only` and `except_` are names such as `oxide-instance.web`; times are in seconds, None if not
    set; `max_retries` are tries beside the first; `keep_input_artifact` is None where the
    post-processor's own rule holds.
    """

    name: str = ""
    only: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    pause_before: float | None = None
    timeout: float | None = None
    max_retries: int = 0
    continue_on_error: bool = False
    keep_input_artifact: bool | None = None

    def runs_for(self, source: str) -> bool:
        """Whether it is meant for a source, given as `TYPE.LOCALNAME`."""
        if self.only:
            return source in self.only
        return source not in self.except_


class CommonReader:
    """Reads the common attributes of a body; problems are collected, and the attribute then not set."""

    def __init__(
        self, body: Body, scope: Scope, file: SourceFile, diagnostics: list[Diagnostic]
    ) -> None:
        self.attributes = body.attributes
        self.scope = scope
        self.file = file
        self.diagnostics = diagnostics

    def read(self, names: frozenset[str]) -> CommonOptions:
        """The options among these names."""
        found = {name: a for name, a in self.attributes.items() if name in names}
        only, except_ = found.get("only"), found.get("except")
        if only is not None and except_ is not None:
            detail = 'Only one of "only" and "except" can be set.'
            self._add("Conflicting arguments", detail, except_)
        name = self._value(found.get("name"), STRING)
        retries = self._value(found.get("max_retries"), NUMBER)
        goes_on = self._value(found.get("continue_on_error"), BOOL)
        keep = self._value(found.get("keep_input_artifact"), BOOL)
        return CommonOptions(
            name="" if name is None else name.text,
            only=self._names(only),
            except_=self._names(except_),
            pause_before=self._seconds(found.get("pause_before")),
            timeout=self._seconds(found.get("timeout")),
            max_retries=self._retries(retries, found.get("max_retries")),
            continue_on_error=goes_on is not None and goes_on.truth,
            keep_input_artifact=None if keep is None else keep.truth,
        )

    def _add(self, summary: str, detail: str, attribute: Attribute) -> None:
        self.diagnostics.append(error(summary, detail, attribute.expression.span, self.file))

    def _value(self, attribute: Attribute | None, kind: Type) -> Value | None:
        if attribute is None:
            return None
        unlike = f"must be a {friendly(kind)}"
        value = converted(attribute, kind, self.scope, self.file, self.diagnostics, unlike)
        if value is None:
            return None
        parts_known = all(child.is_known for child in value.children())
        if not value.is_known or not parts_known:
            detail = f'"{attribute.name}" must be known before the build starts.'
            self._add("Value not known yet", detail, attribute)
            return None
        return None if value.is_null else value

    def _names(self, attribute: Attribute | None) -> tuple[str, ...]:
        value = self._value(attribute, ListType(STRING))
        if value is None:
            return ()
        return tuple(item.text for item in value.items if not item.is_null)

    def _seconds(self, attribute: Attribute | None) -> float | None:
        value = self._value(attribute, STRING)
        if attribute is None or value is None:
            return None
        try:
            seconds = parse_duration(value.text) / 1e9
        except ValueError as problem:
            self._add(f"Failed to parse {attribute.name}", f"{problem}.", attribute)
            return None
        if seconds < 0:
            self._add(f"Invalid {attribute.name}", "A duration must not be negative.", attribute)
            return None
        return seconds

    def _retries(self, value: Value | None, attribute: Attribute | None) -> int:
        if value is None or attribute is None:
            return 0
        if not value.number.is_integer or value.number.mantissa < 0:
            detail = "The number of retries must be a whole number, 0 or more."
            self._add("Invalid max_retries", detail, attribute)
            return 0
        return value.number.truncated()
