"""Packer's own 22 functions. Each says what is wrong where it lacks what it would answer with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NoReturn

from oxtui.template.legacy.engine.builtins import Function
from oxtui.template.legacy.engine.errors import InterpolationError, VariableNotSetError
from oxtui.template.legacy.engine.limits import MAX_CHARACTERS, too_long
from oxtui.template.legacy.engine.values import as_text

if TYPE_CHECKING:
    from oxtui.template.legacy.interpolate import Interpolation

SECRETS: Final = ("aws_secretsmanager", "aws_secretsmanager_raw", "consul_key", "vault")
"""Functions that ask a service; the caller says how."""


class NotYetKnown(Exception):
    """A value of the build is asked for before there is one: the text has to wait."""


def packer_functions(context: Interpolation) -> dict[str, Function]:
    """The functions, with answers for this context."""
    return {
        **_TEXTS,
        **_times(context.started),
        **{name: _outside(context, name) for name in ("env", *SECRETS)},
        "build": Function(lambda name: _build(context, name), ("string",)),
        "build_name": _known("build_name", context.build_name),
        "build_type": _known("build_type", context.builder_type),
        "packer_version": _known("packer_version", context.packer_version),
        "pwd": Function(os.getcwd),
        "sed": Function(_sed, ("string", "string")),
        "template_dir": _known("template_dir", context.template_folder),
        "user": Function(lambda name: _user(context, name), ("string",)),
        "uuid": Function(_uuid),
    }


def _fail(problem: str) -> NoReturn:
    raise InterpolationError(problem)


def _known(name: str, value: str) -> Function:
    return Function(lambda: value or _fail(f"{name} is not known here; write its value instead"))


def _outside(context: Interpolation, name: str) -> Function:
    """What only the values of user variables may ask for."""

    def call(*arguments: str) -> str:
        outside = context.outside
        if outside is None:
            _fail(
                "it may be used only in the values of variables; give a variable this value, "
                "and use {{ user `NAME` }} here"
            )
        if name == "env":
            return outside.environ.get(arguments[0], "")
        if name not in outside.secrets:
            _fail("its service cannot be asked here; give the variable a value with -var")
        if not 1 <= len(arguments) <= 2:
            _fail("give the name of a secret, and the key in it if it has several")
        return outside.secrets[name](*arguments)

    if name == "aws_secretsmanager":
        return Function(call, rest="string")
    return Function(call, ("string", "string") if name == "vault" else ("string",))


def _user(context: Interpolation, name: str) -> str:
    if context.user is None:
        _fail("there are no user variables here; write ${var.NAME} in an HCL template")
    if name not in context.user and context.outside is not None:
        raise VariableNotSetError(name)
    return context.user.get(name, "")


def _build(context: Interpolation, name: str) -> str:
    if name in context.dot:
        return as_text(context.dot[name])
    if name in context.later:
        raise NotYetKnown(name)
    names = sorted({*context.build, *context.later})
    _fail(f"the build has no {name}; it has {', '.join(names) or 'nothing yet'}")


def _sed(_: str, __: str) -> NoReturn:
    _fail("it was removed from Packer; use replace or replace_all")


def _uuid() -> str:
    import uuid

    return str(uuid.uuid4())


def _split(text: str, separator: str, index: int) -> str:
    count = text.count(separator) + 1 if separator else len(text)
    if not 0 <= index < count:
        _fail(f"there is no part {index}; the separator gives {count}, counted from 0")
    if not separator:
        return text[index]
    return text.split(separator, index + 1)[index]


def _replace(old: str, new: str, count: int, text: str) -> str:
    found = text.count(old)
    times = found if count < 0 else min(count, found)
    if len(text) + times * (len(new) - len(old)) > MAX_CHARACTERS:
        raise too_long()
    return text.replace(old, new, times)


def _upper(text: str) -> str:
    from oxtui.template.hcl.functions.letters import upper

    return upper(text)


def _lower(text: str) -> str:
    from oxtui.template.hcl.functions.letters import lower

    return lower(text)


_TEXTS: Final[Mapping[str, Function]] = {
    "lower": Function(_lower, ("string",)),
    "replace": Function(_replace, ("string", "string", "int", "string")),
    "replace_all": Function(lambda old, new, text: _replace(old, new, -1, text), ("string",) * 3),
    "split": Function(_split, ("string", "string", "int")),
    "upper": Function(_upper, ("string",)),
}

_C_FIELDS: Final = {
    "A": "Monday", "a": "Mon", "B": "January", "b": "Jan", "d": "02", "H": "15", "I": "03",
    "M": "04", "m": "01", "p": "PM", "S": "05", "Y": "2006", "y": "06", "Z": "MST", "z": "-0700",
    "%": "%",
}  # fmt: skip
"""The conversions of `strftime` in JSON templates, fewer than those of HCL's `legacy_strftime`."""


def _times(started: datetime) -> dict[str, Function]:
    moment = started.astimezone(UTC)

    def isotime(*layouts: str) -> str:
        from oxtui.template.hcl.functions.go_layout import format_go_time

        if len(layouts) > 1:
            _fail(f"it takes one layout, not {len(layouts)}; put the whole of it in quotes")
        return format_go_time(moment, layouts[0] if layouts else "2006-01-02T15:04:05Z07:00")

    def strftime(layout: str) -> str:
        import re

        from oxtui.template.hcl.functions.go_layout import format_go_time

        def field(found: re.Match[str]) -> str:
            known: Any = _C_FIELDS.get(found.group(1))
            return found.group() if known is None else format_go_time(moment, known)

        return re.sub(r"(?s)%(.)", field, layout)

    return {
        "isotime": Function(isotime, rest="string"),
        "strftime": Function(strftime, ("string",)),
        "timestamp": Function(lambda: str(int(moment.timestamp()))),
    }
