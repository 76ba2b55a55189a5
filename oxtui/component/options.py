"""How a component declares its options: once, for decoding, forms, help, the HCL writer and completion."""

from __future__ import annotations

import functools
import inspect
import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from oxtui.template.legacy.interpolate import Interpolation

Items = Literal["", "string", "number", "list"]
OptionType = Literal["string", "number", "bool", "duration", "bytes", "list", "map", "block"]
"""`block`: no value, but a block in the text, which forms show and do not write."""

_DURATION_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def parse_duration(value: object) -> object:
    """Seconds of a Go duration such as `1h5m2.5s`, the form in which Packer's users write times.

    Numbers pass through as seconds. Raises ValueError for any other text.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    sign, text = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    parts = re.findall(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)", text)
    if text == "0" or (text == "1" and sign < 0):
        return sign * float(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f'"{value}" is no duration; write for example "90s", "5m" or "1h30m"')
    return sign * sum(float(number) * _DURATION_UNITS[unit] for number, unit in parts)


Duration = Annotated[float, BeforeValidator(parse_duration)]
"""Seconds; templates write Go durations."""


class Options(BaseModel):
    """Base of every component's options. Unknown names are refused, values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True
    )
    documentation: ClassVar[str] = ""
    """Address of the page that documents what this class declares; empty if there is none."""

    older_names: ClassVar[Mapping[str, str]] = {}
    """Names that options had before, which templates may still use, and the names that they have now."""

    outdated: ClassVar[frozenset[str]] = frozenset()
    """Those of the older names that a template had better not use: each use is told."""

    without_effect: ClassVar[Mapping[str, str]] = {}
    """Names that are accepted and change nothing, each with why, as the end of a sentence."""

    retired: ClassVar[frozenset[str]] = frozenset()
    """Those without effect that present releases of a plugin refuse: an export leaves them out."""

    @property
    def stops(self) -> bool:
        """Whether the build stands still before this component until somebody answers."""
        return False

    @classmethod
    def hidden(cls, given: Mapping[str, Any]) -> Sequence[str]:
        """Texts that must appear nowhere, beside those of options that are secret by nature.

        `given` is what a template sets, as far as it is known; it may be of any type, and wrong.
        """
        return ()

    def warnings(self) -> Sequence[tuple[str, str]]:
        """What is odd and yet allowed: the option that it is about, or none, and a sentence."""
        return ()


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """A block inside of a component's, with options of its own."""

    name: str
    options: type[Options]
    several: bool
    """Whether there may be more than one."""
    help: str


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option as forms, help and writers see it."""

    name: str
    type: OptionType
    required: bool
    default: Any
    help: str
    unit: str = ""
    secret: bool = False
    template: bool = False
    """`{{ }}` in its value is evaluated by the component (packer.md 1.8)."""
    lookup: str = ""
    """What it names, in the plural: a kind of resource of the service that its component works on, or `files`.

    A kind that the service does not have says nothing there, as `keypairs` on a service without any.
    """
    by: str = "name or id"
    """How it names that, in words."""
    quota: str = ""
    """What of a quota of the service it takes."""
    several: bool = False
    """Of a block: there may be more than one."""
    key_lookups: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Of a map: its keys, where they are known, each with what its value names; empty for nothing."""
    choices: tuple[str, ...] = ()
    group: str = ""
    """Where forms show it: options of one group stand together."""
    items: Items = ""
    """Of a list: the type of its items; that of a list of lists is texts."""
    documentation: str = ""
    """Address of the page about it; empty if there is none."""


def option(
    default: Any = ...,
    *,
    help: str,  # noqa: A002 - the term of every form and command line
    unit: str = "",
    secret: bool = False,
    template: bool = False,
    lookup: str = "",
    by: str = "name or id",
    quota: str = "",
    key_lookups: Mapping[str, str] | None = None,
    group: str = "",
    **constraints: Any,
) -> Any:
    """Declares an option: a pydantic field with what a form and a help text need beside it.

    `constraints` are pydantic's own (`ge`, `le`, `max_length`, `pattern`, …).
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "secret": secret,
        "template": template,
        "lookup": lookup,
        "by": by,
        "quota": quota,
        "key_lookups": dict(key_lookups or {}),
        "group": group,
    }
    made = {"default_factory": default} if callable(default) else {"default": default}
    return Field(description=help, json_schema_extra=extra, repr=not secret, **made, **constraints)


def block(
    *,
    help: str,  # noqa: A002 - the term of every form and command line
    several: bool = False,
    required: bool = False,
    alias: str | None = None,
) -> Any:
    """Declares a block: the field holds its options, or None where it may be left out; with `several` a list."""
    extra: dict[str, Any] = {"block": True}
    if several:
        return Field(default_factory=list, description=help, alias=alias, json_schema_extra=extra)
    default = ... if required else None
    return Field(default=default, description=help, alias=alias, json_schema_extra=extra)


def checked_template(text: str) -> str:
    """A text whose `{{ }}` can all be read, for options that are evaluated later. Raises ValueError."""
    return Interpolation(datetime.now(UTC)).check(text)


@functools.cache
def option_specs(options: type[Options]) -> Sequence[OptionSpec]:
    """Every option of a component, in the order of its declaration; blocks are no options (`block_specs`)."""
    return tuple(
        _spec(name, field, _documentation(options, name))
        for name, field in options.model_fields.items()
        if not _is_block(field)
    )


@functools.cache
def block_specs(options: type[Options]) -> Sequence[BlockSpec]:
    """Every block of a component, in the order of its declaration."""
    return tuple(
        _block_spec(name, field) for name, field in options.model_fields.items() if _is_block(field)
    )


def _is_block(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("block"))


def _block_spec(name: str, field: FieldInfo) -> BlockSpec:
    plain = _plain(field.annotation)
    several = get_origin(plain) is list
    inner = get_args(plain)[0] if several else plain
    return BlockSpec(field.alias or name, inner, several, field.description or "")


def _documentation(options: type[Options], name: str) -> str:
    """Of the class that declares the option: that of a communicator is on another page."""
    for each in options.__mro__:
        if issubclass(each, Options) and name in inspect.get_annotations(each):
            return each.documentation or options.documentation
    return options.documentation


def _spec(name: str, field: FieldInfo, documentation: str) -> OptionSpec:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    default = field.get_default(call_default_factory=True)
    unit = str(extra.get("unit", ""))
    return OptionSpec(
        name=field.alias or name,
        type=_option_type(field, unit),
        required=field.is_required(),
        default=None if default is PydanticUndefined else default,
        help=field.description or "",
        unit=unit,
        secret=bool(extra.get("secret")),
        template=bool(extra.get("template")),
        lookup=str(extra.get("lookup", "")),
        by=str(extra.get("by", "name or id")),
        quota=str(extra.get("quota", "")),
        key_lookups=extra.get("key_lookups", {}),  # type: ignore[arg-type]
        choices=_choices(field.annotation),
        group=str(extra.get("group", "")),
        items=_items(field.annotation),
        documentation=documentation,
    )


def _plain(annotation: Any) -> Any:
    """The annotation without `| None` and `Annotated`."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [a for a in get_args(annotation) if a is not type(None)]
        return _plain(rest[0])
    return annotation


def _option_type(field: FieldInfo, unit: str) -> OptionType:
    if unit == "bytes":
        return "bytes"
    if unit == "seconds":
        return "duration"
    plain = _plain(field.annotation)
    origin = get_origin(plain) or plain
    kinds: dict[Any, OptionType] = {
        bool: "bool",
        int: "number",
        float: "number",
        list: "list",
        tuple: "list",
        dict: "map",
        Mapping: "map",
    }
    return kinds.get(origin, "string")


def _choices(annotation: Any) -> tuple[str, ...]:
    plain = _plain(annotation)
    return tuple(str(a) for a in get_args(plain)) if get_origin(plain) is Literal else ()


def _items(annotation: Any) -> Items:
    plain = _plain(annotation)
    if get_origin(plain) not in (list, tuple):
        return ""
    if get_origin(get_args(plain)[0]) is list:
        return "list"
    return "number" if get_args(plain)[0] in (int, float) else "string"
