"""What the options of a block name, as its form has it and as the plan has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oxtui.component.options import Options, OptionSpec, block_specs, option_specs
from oxtui.component.settled import settled
from oxtui.template.resolve.context import UNKNOWN
from screens.browse.browser import BROWSERS
from screens.browse.names import Names, Question
from screens.browse.naming import Quota
from screens.compose.value_text import is_computed

if TYPE_CHECKING:
    from screens.compose.known import Known
    from screens.compose.reading import Field

Beside = Mapping[str, str]
"""What the options of a block name, by kinds; UNKNOWN where that is known when the build starts."""


@dataclass(frozen=True, slots=True)
class NamedValue:
    """One value that names something."""

    option: str
    kind: str
    value: str
    beside: Beside
    block: tuple[str, int] = ("", 0)
    """The nested block that the option is in: its type, and its number among its like."""


def can_be_asked(provider: str, field: Field) -> bool:
    """Whether a provider's service knows anything about values of a field."""
    browser = BROWSERS.get(provider)
    kind, quota = field.spec.lookup, field.spec.quota
    return browser is not None and (kind in browser.named.kinds or quota in browser.named.quotas)


def question(
    field: Field, siblings: Iterable[Field], names: Names, known: Mapping[str, Known]
) -> Question | None:
    """What can be asked about a field; None if there is nothing, or its value is not known yet."""
    spec = field.spec
    kind, is_quota = (spec.quota, True) if spec.quota else (spec.lookup, False)
    subject = names.subject(kind, is_quota=is_quota)
    value = _text(field, known)
    if subject is None or value is None:
        return None
    beside = beside_fields(siblings, known)
    if isinstance(subject, Quota):
        value = ""
    elif not value and subject.unset is None:
        return None
    needed = names.depends_on(subject)
    return Question(kind, value, tuple((k, v) for k, v in beside.items() if k in needed), is_quota)


def beside_fields(fields: Iterable[Field], known: Mapping[str, Known]) -> Beside:
    """What the fields of a block name, by kinds."""
    found: dict[str, str] = {}
    for field in fields:
        if field.spec.lookup and field.spec.type == "string":
            text = _text(field, known)
            if text != "":
                found.setdefault(field.spec.lookup, UNKNOWN if text is None else text)
    return found


def _text(field: Field, known: Mapping[str, Known]) -> str | None:
    """The value, or the default; None where it has to be evaluated, and is not known of a variable or local."""
    default = field.spec.default
    shown = field.text or (default if isinstance(default, str) else "")
    found = known.get(shown.strip())
    if found is not None and found.text and found.is_shown:
        return found.text
    return None if is_computed(shown) else shown


def values_of_fields(fields: Iterable[Field], known: Mapping[str, Known]) -> Iterator[NamedValue]:
    """All values that name something in fields, as far as they stand there plainly."""
    fields = list(fields)
    beside = beside_fields(fields, known)
    for field in fields:
        for line in (_text(field, known) or "").split("\n"):
            kind, named = field.spec.lookup, line
            if field.spec.type == "map":
                key, _, named = line.partition("=")
                kind = field.spec.key_lookups.get(key.strip(), "")
            if kind and named.strip():
                yield NamedValue(field.name, kind, named.strip(), beside)


def values_of_options(
    options: Options, around: Beside | None = None, block: tuple[str, int] = ("", 0)
) -> Iterator[NamedValue]:
    """The same in decoded options, as far as they are known before the build begins; nested blocks too."""
    by_name = _by_name(options)
    specs = option_specs(type(options))
    beside = dict(around or {})
    for spec in specs:
        value = by_name.get(spec.name)
        if spec.lookup and isinstance(value, str) and value:
            beside.setdefault(spec.lookup, settled(value) or UNKNOWN)
    for spec in specs:
        for kind, value in _named_by(spec, by_name.get(spec.name)):
            if settled(value):
                yield NamedValue(spec.name, kind, value, beside, block)
    for inner in block_specs(type(options)):
        found = by_name.get(inner.name)
        several = found if isinstance(found, list) else [found] if found is not None else []
        for number, each in enumerate(several):
            yield from values_of_options(each, beside, block if block[0] else (inner.name, number))


def _by_name(options: Options) -> Mapping[str, Any]:
    fields = type(options).model_fields
    return {fields[name].alias or name: value for name, value in options}


def _named_by(spec: OptionSpec, value: Any) -> Iterator[tuple[str, str]]:
    """Kinds and what of them an option's value names."""
    if spec.key_lookups and isinstance(value, dict):
        for key, each in value.items():
            if kind := spec.key_lookups.get(key, ""):
                yield kind, str(each)
    elif spec.lookup:
        several = value if isinstance(value, list) else [value]
        for each in several:
            if isinstance(each, str) and each:
                yield spec.lookup, each
