"""From a component's evaluated text to its options, with every problem at its place in the template."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from oxtui.component.legacy_values import legacy_value
from oxtui.component.nested import bodies_of
from oxtui.component.options import BlockSpec, Options, OptionSpec, block_specs, option_specs
from oxtui.template.component_body import DecodedAttribute, DecodedBody
from oxtui.template.hcl.diagnostic import Diagnostic, error, sentence, warning
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, NUMBER, STRING, ListType, MapType, Type
from oxtui.template.legacy.interpolate import Interpolation, InterpolationError
from oxtui.template.legacy.rendered import rendered_value
from oxtui.template.resolve.context import UNKNOWN
from oxtui.template.values import is_known, to_python

OptionsT = TypeVar("OptionsT", bound=Options)

# What reads `{{ }}` in HCL, before its component evaluates it; the functions that builders add are known to all.
_READER = Interpolation(
    datetime.fromtimestamp(0, UTC),
    functions=dict.fromkeys(("clean_resource_name", "clean_omi_name"), str),
)
_TYPES: dict[str, Type] = {"string": STRING, "bool": BOOL, "number": NUMBER, "bytes": NUMBER}
_BOUNDS = {
    "less_than_equal": "It must be at most {le}.",
    "greater_than_equal": "It must be at least {ge}.",
}
_WORDS = {
    "string": "a string",
    "bool": "true or false",
    "number": "a number",
    "bytes": "a number of bytes",
    "duration": 'a duration such as "5m"',
    "list": "a list of strings",
    "map": "a map of strings",
}


def decode(body: DecodedBody, options: type[OptionsT]) -> tuple[OptionsT | None, list[Diagnostic]]:
    """The options that a body sets, or None where they cannot be used, and all that is wrong with it.

    Values that are not known yet are stood in for, so that the rest can be checked.
    """
    return _Decoder(body).decode(options)


class _Decoder:
    def __init__(self, body: DecodedBody) -> None:
        self.body = body
        self.diagnostics = list(body.diagnostics)
        self.open: set[str] = set()
        """Options that are set but not known, or wrong already: nothing more is said of them."""
        self.places: dict[str, DecodedAttribute] = {}
        """Where each option is given."""

    def decode(self, options: type[OptionsT]) -> tuple[OptionsT | None, list[Diagnostic]]:
        specs = {spec.name: spec for spec in option_specs(options)}
        blocks = {spec.name: spec for spec in block_specs(options)}
        older = options.older_names
        given = self._blocks(blocks, options)
        # An older name wins over the one that took its place, as in Packer: it is read after it.
        for name, attribute in sorted(
            self.body.attributes.items(), key=lambda each: each[0] in older
        ):
            if older.get(name, name) in blocks:
                continue
            if (why := options.without_effect.get(name)) is not None:
                self._warn(f'"{name}" has no effect: {why}', attribute)
                continue
            if name in options.outdated:
                self._warn(f'"{name}" is called "{older[name]}" now; write that', attribute)
            name = older.get(name, name)
            spec = specs.get(name)
            if spec is None:
                hint = did_you_mean(name, [*specs, *blocks])
                detail = f'There is no option "{name}" here.{hint}'
                self._add("Unsupported argument", detail, attribute)
            elif (value := self._value(attribute, spec)) is not None:
                given[name] = value
                self.places[name] = attribute
        made = self._validated(options, given, specs)
        if made is None:
            return None, self.diagnostics
        for name, text in made.warnings():
            place = self.places.get(name)
            span, file = (place.span, place.file) if place else (self.body.span, self.body.file)
            self.diagnostics.append(warning("Odd configuration", sentence(text), span, file))
        broken = any(diagnostic.is_error for diagnostic in self.diagnostics)
        return (None if broken else made), self.diagnostics

    def _validated(
        self, options: type[OptionsT], given: dict[str, Any], specs: dict[str, OptionSpec]
    ) -> OptionsT | None:
        try:
            return options.model_validate(given)
        except ValidationError as problems:
            told = problems.errors(include_url=False, include_input=False)
        names = {str(problem["loc"][0]) if problem["loc"] else "" for problem in told}
        if names <= self.open & given.keys():
            # What stands in for a value that is not known yet may have a form that no value has.
            return self._validated(
                options, {name: given[name] for name in given.keys() - names}, specs
            )
        for problem in told:
            self._problem(problem, specs)
        return None

    def _blocks(self, specs: dict[str, BlockSpec], options: type[Options]) -> dict[str, Any]:
        """What nested blocks set; those that are not declared are refused."""
        found: dict[str, list[Options]] = {}
        older = {old: new for old, new in options.older_names.items() if new in specs}
        for written, inner in bodies_of(self.body, [*specs, *older]):
            name = older.get(written, written)
            if inner is not None and written in options.outdated:
                text = sentence(f'"{written}" is called "{name}" now; write that')
                told = warning("Odd configuration", text, inner.span, self.body.file)
                self.diagnostics.append(told)
            if inner is None:
                self.open.add(name)
                continue
            spec = specs.get(name)
            if spec is None or (found.get(name) and not spec.several):
                why = "are not expected here" if spec is None else "can stand here once"
                summary = "Unsupported block type" if spec is None else "Duplicate block"
                detail = f'Blocks of type "{written}" {why}.'
                self.diagnostics.append(error(summary, detail, inner.span, self.body.file))
                continue
            made, told_of_it = decode(inner, spec.options)
            self.diagnostics += told_of_it
            if made is None:
                self.open.add(name)
            else:
                found.setdefault(name, []).append(made)
        return {
            name: each if specs[name].several else each[0]
            for name, each in found.items()
            if name not in self.open
        }

    def _warn(self, text: str, attribute: DecodedAttribute) -> None:
        told = warning("Odd configuration", sentence(text), attribute.name_span, attribute.file)
        self.diagnostics.append(told)

    def _value(self, attribute: DecodedAttribute, spec: OptionSpec) -> Any:
        value = attribute.value
        try:
            if self.body.interpolation is not None:
                value = legacy_value(value, spec, self.body.interpolation)
            elif spec.template:
                rendered_value(value, _READER.check)
        except InterpolationError as problem:
            self.open.add(spec.name)
            self._add("Invalid template", f'"{spec.name}": {sentence(problem)}', attribute)
            return None
        if not is_known(value):
            self.open.add(spec.name)
            return {"string": UNKNOWN, "list": [UNKNOWN], "map": {}}.get(spec.type)
        if value.is_null:
            return None
        try:
            value = convert(value, _hcl_type(spec, value.type))
        except ConversionError as problem:
            self.open.add(spec.name)
            wanted = "a list of numbers" if spec.items == "number" else _WORDS[spec.type]
            detail = f'"{spec.name}" must be {wanted}: {problem}.'
            self._add("Incorrect attribute value type", detail, attribute)
            return None
        return to_python(value)

    def _problem(self, problem: Any, specs: dict[str, OptionSpec]) -> None:
        name = str(problem["loc"][0]) if problem["loc"] else ""
        if name in self.open:
            return
        attribute = self.places.get(name)
        if problem["type"] == "missing":
            detail = (
                f'The option "{name}" is needed: {specs[name].help}'
                if name in specs
                else (f'A block "{name}" is needed.')
            )
            span, file = self.body.span, self.body.file
            self.diagnostics.append(error("Missing required argument", detail, span, file))
            return
        text = re.sub(r"^Value error, ", "", problem["msg"])
        if problem["type"] in _BOUNDS:
            text = _BOUNDS[problem["type"]].format(**problem["ctx"])
        if attribute is None:
            if self.open and not name:
                return
            span, file = self.body.span, self.body.file
            self.diagnostics.append(error("Invalid configuration", sentence(text), span, file))
            return
        self._add("Invalid value", f'"{name}": {sentence(text)}', attribute)

    def _add(self, summary: str, detail: str, attribute: DecodedAttribute) -> None:
        span = attribute.name_span if summary == "Unsupported argument" else attribute.span
        self.diagnostics.append(error(summary, detail, span, attribute.file))


_ITEMS: dict[str, Type] = {"number": NUMBER, "list": ListType(STRING)}


def _hcl_type(spec: OptionSpec, given: Type) -> Type:
    """The type that HCL converts to before the schema looks at the value."""
    if spec.type == "list":
        return ListType(_ITEMS.get(spec.items, STRING))
    if spec.type == "map":
        return MapType(STRING)
    return _TYPES.get(spec.type, given)
