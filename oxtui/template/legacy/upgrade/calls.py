"""Functions of `{{ }}` as expressions of HCL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NoReturn

from oxtui.template.hcl.write import is_name, quote
from oxtui.template.legacy.upgrade.names import env_call

if TYPE_CHECKING:
    from oxtui.template.legacy.upgrade.names import References


class Place(Enum):
    """Where an expression stands; not everything is known everywhere."""

    DEFAULT = "the default of a variable"
    LOCAL = "a local value"
    SOURCE = "a source"
    BUILD = "a build"


class CannotTranslate(Exception):
    """HCL has nothing like it; the text says what to do."""


class ForComponent(Exception):
    """It is for the component itself to evaluate, so it stays as it is."""


@dataclass(frozen=True, slots=True)
class Made:
    """An expression of HCL; `constant` is its value, where that is written out."""

    code: str
    constant: str | int | float | bool | None = None
    is_condition: bool = False

    @property
    def text(self) -> str:
        """The constant text that it must be. Raises CannotTranslate."""
        if isinstance(self.constant, str):
            return self.constant
        raise CannotTranslate("the name must be written out")


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes calls, for one place."""

    place: Place
    references: References

    def call(self, name: str, arguments: Sequence[Made]) -> Made:
        """A call of a function. Raises CannotTranslate, ForComponent."""
        if name == "clean_resource_name":
            raise ForComponent
        make = _CALLS.get(name)
        if make is None:
            raise CannotTranslate(f'HCL has no function "{name}"; write its result in its place')
        return make(self, arguments)


def _fail(problem: str) -> NoReturn:
    raise CannotTranslate(problem)


def _count(arguments: Sequence[Made], *counts: int) -> None:
    if len(arguments) not in counts:
        _fail("the number of arguments is not one that the function takes")


def _user(caller: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 1)
    return Made(caller.references.user(arguments[0].text).text)


def _env(caller: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 1)
    name = arguments[0].text
    if caller.place is Place.DEFAULT:
        return Made(env_call(name).text)
    if caller.place is Place.LOCAL:
        return Made(caller.references.env(name).text)
    _fail("env is for the defaults of variables alone; declare one, and use that here")


def _timestamp(caller: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 0)
    return Made(caller.references.started().text)


def _build(caller: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 1)
    name = arguments[0].text
    if caller.place is not Place.BUILD or not is_name(name):
        _fail(f"build.{name} is known only to provisioners and post-processors")
    return Made(f"build.{name}")


def _of_source(attribute: str) -> Callable[[Caller, Sequence[Made]], Made]:
    def make(caller: Caller, arguments: Sequence[Made]) -> Made:
        _count(arguments, 0)
        if caller.place not in (Place.SOURCE, Place.BUILD):
            _fail(f"{attribute} is known only in sources and builds; write it there")
        return Made(attribute)

    return make


def _constant(code: str) -> Callable[[Caller, Sequence[Made]], Made]:
    def make(_: Caller, arguments: Sequence[Made]) -> Made:
        _count(arguments, 0)
        return Made(code)

    return make


def _function(name: str, *counts: int) -> Callable[[Caller, Sequence[Made]], Made]:
    def make(_: Caller, arguments: Sequence[Made]) -> Made:
        _count(arguments, *counts)
        return Made(f"{name}({', '.join(each.code for each in arguments)})")

    return make


def _replace(_: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 4)
    old, new, count, text = arguments
    if not isinstance(count.constant, int) or count.constant >= 0:
        _fail("replace of HCL replaces every time, not a number of times; use regex_replace")
    return Made(f"replace({text.code}, {old.code}, {new.code})")


def _replace_all(_: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 3)
    old, new, text = arguments
    return Made(f"replace({text.code}, {old.code}, {new.code})")


def _split(_: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 3)
    text, separator, index = arguments
    if separator.constant == "":
        _fail("split of HCL needs something to split at")
    return Made(f"split({separator.code}, {text.code})[{index.code}]")


_VERB = re.compile(r"%[sdv%]|%")


def _printf(_: Caller, arguments: Sequence[Made]) -> Made:
    layout = arguments[0].text if arguments else _fail("printf needs a format")
    verbs = _VERB.findall(layout)
    if "%" in verbs or len(verbs) - verbs.count("%%") != len(arguments) - 1:
        _fail("format of HCL has other verbs than printf; write the call anew")
    return Made(f"format({', '.join(each.code for each in arguments)})")


def _compare(operator: str) -> Callable[[Caller, Sequence[Made]], Made]:
    def make(_: Caller, arguments: Sequence[Made]) -> Made:
        _count(arguments, 2)
        if any(each.is_condition for each in arguments):
            _fail("conditions are not compared; write it as a conditional expression")
        return Made(f"{arguments[0].code} {operator} {arguments[1].code}", is_condition=True)

    return make


def condition(made: Made) -> str:
    """Whether a value is there, as `if` asks: a text that is not empty."""
    if made.is_condition:
        return made.code
    if made.constant is not None and not isinstance(made.constant, str):
        _fail("a condition without a name in it; write what it leads to")
    return f'{made.code} != ""'


def _not(_: Caller, arguments: Sequence[Made]) -> Made:
    _count(arguments, 1)
    return Made(f"!({condition(arguments[0])})", is_condition=True)


def _join_conditions(operator: str) -> Callable[[Caller, Sequence[Made]], Made]:
    def make(_: Caller, arguments: Sequence[Made]) -> Made:
        if not all(each.is_condition for each in arguments) or not arguments:
            _fail("and / or of texts; write it as a conditional expression")
        return Made(f" {operator} ".join(f"({each.code})" for each in arguments), is_condition=True)

    return make


_CALLS: Final[Mapping[str, Callable[[Caller, Sequence[Made]], Made]]] = {
    "and": _join_conditions("&&"),
    "aws_secretsmanager": _function("aws_secretsmanager", 1, 2),
    "aws_secretsmanager_raw": _function("aws_secretsmanager_raw", 1),
    "build": _build,
    "build_name": _of_source("source.name"),
    "build_type": _of_source("source.type"),
    "consul_key": _function("consul_key", 1),
    "env": _env,
    "eq": _compare("=="),
    "isotime": _function("legacy_isotime", 0, 1),
    "lower": _function("lower", 1),
    "ne": _compare("!="),
    "not": _not,
    "or": _join_conditions("||"),
    "packer_version": _constant("packer.version"),
    "printf": _printf,
    "pwd": _constant("path.cwd"),
    "replace": _replace,
    "replace_all": _replace_all,
    "split": _split,
    "strftime": _function("legacy_strftime", 1),
    "template_dir": _constant("abspath(path.root)"),
    "timestamp": _timestamp,
    "upper": _function("upper", 1),
    "user": _user,
    "uuid": _function("uuidv4", 0),
    "vault": _function("vault", 2),
}


def constant(value: str | float | bool) -> Made:
    """A value that is written out."""
    if isinstance(value, str):
        return Made(quote(value), value)
    return Made(str(value).lower(), value, is_condition=isinstance(value, bool))
