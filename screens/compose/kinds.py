"""Which fields the form of a block has: those that its component declares, and the few that HCL itself takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from oxtui.component.options import Options, OptionSpec, OptionType, block_specs, option_specs
from oxtui.component.registry import ComponentKind, UnknownComponent, component

SSH: Final = "SSH"
"""Group of the options that say how a machine is reached; with those beside it they have a place of their own."""

COMPONENTS: dict[str, ComponentKind] = {
    "source": "builder",
    "data": "data source",
    "provisioner": "provisioner",
    "post-processor": "post-processor",
}
"""Kinds of components by the types of their blocks."""
_EACH_PROVISIONER = "Any provisioner"
_EACH_POST_PROCESSOR = "Any post-processor"
_OPTIONS = "Options"
_ACCESS = ("Rack", "Access")
"""Groups of options that say which service it is."""
_BLOCKS = "https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/"
"""Where Packer documents the blocks of templates."""


def is_ssh(spec: OptionSpec) -> bool:
    """Whether an option is about reaching the machine: itself, or the way to it (`SSH bastion`, …)."""
    return spec.group.partition(" ")[0] == SSH


def _spec(name: str, type_: OptionType, help_: str, group: str = "", **more: str) -> OptionSpec:
    return OptionSpec(
        name=name, type=type_, required=False, default=None, help=help_, group=group,
        unit=more.get("unit", ""), items="string" if type_ == "list" else "",
        documentation=_BLOCKS + (more.get("page") or "build/provisioner"),
    )  # fmt: skip


BUILD: Final = (
    _spec("name", "string", "Name of this build in logs.", _OPTIONS, page="build"),
    _spec("description", "string", "What it makes.", _OPTIONS, page="build"),
    _spec("sources", "list", "What it builds from, as source.TYPE.NAME.", _OPTIONS, page="build"),
)
"""Fields of a `build` block itself."""

_COMMON = (
    _spec("name", "string", "Name of this provisioner in logs.", _EACH_PROVISIONER),
    _spec("pause_before", "duration", "Pause before it.", _EACH_PROVISIONER, unit="seconds"),
    _spec("timeout", "duration", "Time it may take at most.", _EACH_PROVISIONER, unit="seconds"),
    _spec("max_retries", "number", "Tries beside the first one.", _EACH_PROVISIONER),
    _spec("only", "list", "Sources that it runs for, as TYPE.NAME.", _EACH_PROVISIONER),
    _spec("except", "list", "Sources that it does not run for, as TYPE.NAME.", _EACH_PROVISIONER),
)
"""What Packer takes from every provisioner (packer.md 1.6)."""

_PAGE = "build/post-processor"
_COMMON_AFTER = (
    _spec("name", "string", "Name in logs and for -except.", _EACH_POST_PROCESSOR, page=_PAGE),
    _spec(
        "keep_input_artifact", "bool", "Keep what it is given, where it would replace that.",
        _EACH_POST_PROCESSOR, page=_PAGE,
    ),
    _spec(
        "only", "list", "Sources that it runs for, as TYPE.NAME.", _EACH_POST_PROCESSOR, page=_PAGE
    ),
    _spec(
        "except", "list", "Sources that it does not run for, as TYPE.NAME.", _EACH_POST_PROCESSOR,
        page=_PAGE,
    ),
)  # fmt: skip
"""What Packer takes from every post-processor (packer.md part 5)."""
_COMMON_OF = {"provisioner": _COMMON, "post-processor": _COMMON_AFTER}

_VARIABLE = (
    _spec(
        "type",
        "string",
        "Type of its values: string, number, bool, list(string), …",
        _OPTIONS,
        page="variable",
    ),
    _spec(
        "default",
        "string",
        "Value if none is given; without one it must be.",
        _OPTIONS,
        page="variable",
    ),
    _spec("description", "string", "What it is for.", _OPTIONS, page="variable"),
    replace(
        _spec("sensitive", "bool", "Hide its value in all output.", _OPTIONS, page="variable"),
        default=False,
    ),
)
_TYPES_OF_VARIABLES: dict[str, OptionType] = {
    "string": "string",
    "number": "number",
    "bool": "bool",
    "list(string)": "list",
    "map(string)": "map",
}


LOCAL: Final = (
    _spec("expression", "string", "What it is, as an expression.", _OPTIONS, page="locals"),
    replace(
        _spec("sensitive", "bool", "Hide its value in all output.", _OPTIONS, page="locals"),
        default=False,
    ),
)
"""Fields of a `local` block."""
PACKER: Final = (
    _spec(
        "required_version",
        "string",
        "Versions of Packer that it is for, such as >= 1.9.",
        _OPTIONS,
        page="packer",
    ),
)
"""Fields of a `packer` block."""
_LINES: Final = {
    "local": ("What it is, as an expression.", "locals"),
    "variable": ("Value if none is given.", "variable"),
    "plugin": ("Where it comes from and which versions will do.", "packer"),
}


def line_spec(name: str, kind: str) -> OptionSpec:
    """The field of one line in a `locals`, `variables` or `required_plugins` block."""
    help_, page = _LINES[kind]
    return _spec(name, "string", help_, _OPTIONS, page=page)


def component_specs(kind: str, type_name: str) -> Sequence[OptionSpec]:
    """Fields of a source, data source, provisioner or post-processor; none if it is unknown."""
    options = options_of(kind, type_name)
    if options is None:
        return ()
    return [*specs_of(options), *_COMMON_OF.get(kind, ())]


def specs_of(options: type[Options]) -> Sequence[OptionSpec]:
    """Fields for the options and the nested blocks of a component, or of a nested block."""
    specs = [
        spec if spec.group else replace(spec, group=_OPTIONS) for spec in option_specs(options)
    ]
    specs += [
        OptionSpec(
            name=each.name, type="block", required=False, default=None, help=each.help,
            group="Blocks", documentation=options.documentation, several=each.several,
        )
        for each in block_specs(options)
    ]  # fmt: skip
    # Which rack it is says the connection already; few templates do.
    groups = list(dict.fromkeys(spec.group for spec in specs))
    specs.sort(key=lambda spec: (spec.group in _ACCESS, groups.index(spec.group)))
    return specs


def options_of(kind: str, type_name: str) -> type[Options] | None:
    """What a source, data source, provisioner or post-processor declares; None if it is unknown."""
    try:
        found: type[Options] = component(COMPONENTS[kind], type_name).Options
    except UnknownComponent:
        return None
    return found


def older_names(kind: str, type_name: str) -> Mapping[str, str]:
    """Names that its options had before, and those that they have now."""
    try:
        names: Mapping[str, str] = component(COMPONENTS[kind], type_name).Options.older_names
    except UnknownComponent:
        return {}
    return names


def variable_specs(type_text: str, *, secret: bool) -> Sequence[OptionSpec]:
    """Fields of a variable whose type is written so; its default is typed accordingly."""
    default = _TYPES_OF_VARIABLES.get(type_text or "string")
    return [
        replace(
            spec,
            secret=secret,
            type=default or "string",
            items="string" if default == "list" else "",
        )
        if spec.name == "default"
        else spec
        for spec in _VARIABLE
    ]


def is_raw(kind: str, name: str, type_text: str = "") -> bool:
    """Whether a field is shown and typed as HCL: types, odd defaults, references to sources."""
    if kind == "build":
        return name == "sources"
    if kind == "local":
        return name == "expression"
    odd = (type_text or "string") not in _TYPES_OF_VARIABLES
    return kind == "variable" and (name == "type" or (name == "default" and odd))
