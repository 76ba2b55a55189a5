"""`{{timestamp}}` and its like in a builder's options, as expressions: the plugin expands them no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from oxtui.component.options import option_specs
from oxtui.component.registry import UnknownComponent, component
from oxtui.export.draft import Draft
from oxtui.export.located import LocatedBuild
from oxtui.template.hcl.edit.text_edit import TextEdit
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Attribute, Body
from oxtui.template.hcl.tree.walk import walk
from oxtui.template.hcl.write import Code, quote

ACTION = re.compile(
    r"\{\{-?\s*(?P<name>timestamp|isotime|uuid)"
    r"(?:\s+(?:\\\"(?P<escaped>[^\"\\]*)\\\"|\"(?P<quoted>[^\"\\]*)\"|`(?P<raw>[^`]*)`))?\s*-?\}\}"
)
OTHER = re.compile(r"\{\{.*?\}\}")
NAMES: Final = frozenset({"name", "hostname", "artifact_name"})
"""Options whose values the API takes in letters, digits and hyphens alone."""
_SECONDS = "YYYYMMDDhhmmss"
_WHOLE = "YYYY-MM-DD'T'hh:mm:ss'Z'"
_GO = {
    "January": "MMMM", "Jan": "MMM", "Monday": "EEEE", "Mon": "EEE", "2006": "YYYY", "01": "MM",
    "02": "DD", "03": "HH", "04": "mm", "05": "ss", "06": "YY", "15": "hh", "PM": "AA", "pm": "aa",
    "Z07:00": "Z", "-0700": "ZZZZ", "-07:00": "ZZZZZ", "1": "M", "2": "D", "3": "H", "4": "m", "5": "s",
}  # fmt: skip
_EXAMPLE = re.compile("|".join(sorted(map(re.escape, _GO), key=len, reverse=True)))
_UNTOLD = re.compile(r"MST|_2|002|[.,][09]+(?![0-9])|Z07(?!:00)|[-]07(?!:?00)|07:?00:?00")
"""Parts of Go's layouts that `formatdate` has no letters for."""


def formatdate_layout(layout: str) -> str | None:
    """Go's layout by example (`2006-01-02`) in the letters of `formatdate`; None if it has none for it."""
    if _UNTOLD.search(layout):
        return None
    made: list[str] = []
    at = 0
    for found in _EXAMPLE.finditer(layout):
        made += [_literal(layout[at : found.start()]), _GO[found.group()]]
        at = found.end()
    return "".join([*made, _literal(layout[at:])])


def _literal(text: str) -> str:
    return re.sub(r"[A-Za-z']+", lambda found: "'" + found.group().replace("'", "''") + "'", text)


def expression(action: re.Match[str], option: str) -> str:
    """An action as an expression of HCL that gives a text of the same kind."""
    if action["name"] == "uuid":
        return "uuidv4()"
    layout = next((action[g] for g in ("escaped", "quoted", "raw") if action[g]), None)
    if layout is not None:
        letters = formatdate_layout(layout)
        if letters is None:
            return f"legacy_isotime({quote(layout)})"
        return f"formatdate({quote(letters)}, timestamp())"
    compact = action["name"] == "timestamp" or option in NAMES
    return f"formatdate({quote(_SECONDS if compact else _WHOLE)}, timestamp())"


def actions_to_expressions(draft: Draft, located: Mapping[str, LocatedBuild]) -> None:
    """Rewrites them in all sources of the Oxide plugin."""
    for address, kind in list(_sources(draft)):
        for option in _templated(kind):
            builds = [build for build in located.values() if address in build.sources]
            _option(draft, address, option, builds)


def _sources(draft: Draft) -> Iterator[tuple[str, str]]:
    body = draft.document.body
    for block in body.blocks_of("source"):
        if len(block.labels) == 2 and block.labels[0].value.startswith("oxide-"):
            kind, name = (label.value for label in block.labels)
            yield f"source.{kind}.{name}", kind
    for number, build in enumerate(body.blocks_of("build")):
        for place, block in enumerate(build.body.blocks_of("source")):
            label = block.labels[0].value if block.labels else ""
            if label.startswith(("source.oxide-", "oxide-")):
                kind = label.removeprefix("source.").split(".")[0]
                yield f"build.{number}.source.{place}", kind


def _templated(kind: str) -> list[str]:
    try:
        options = component("builder", kind).Options
    except UnknownComponent:
        return []
    return [spec.name for spec in option_specs(options) if spec.template]


def _attribute(body: Body, draft: Draft, address: str, option: str) -> Attribute | None:
    span = draft.document.span_of(address)
    block = None if span is None else body.block_at(span.start)
    return None if block is None else block.body.attributes.get(option)


def _option(draft: Draft, address: str, option: str, builds: list[LocatedBuild]) -> None:
    document = draft.document
    attribute = _attribute(document.body, draft, address, option)
    if attribute is None:
        return
    values = [value for build in builds if isinstance(value := build.value(option), str)]
    if any(OTHER.search(ACTION.sub("", value)) for value in values):
        draft.problems.append(
            f"{option} holds a {{{{ }}}} that the plugin's newest release does not expand: write an "
            "expression in its place in the template."
        )
    edits = sorted(_edits(document.text, attribute, option))
    for edit in reversed(edits):
        draft.replace(*edit)
    if edits:
        draft.notes.append(
            f"{option} tells the time by formatdate: the plugin's newest release expands no {{{{ }}}}."
        )
        return
    found = {m.group(): m for value in values for m in ACTION.finditer(value)}
    if found:
        written = document.text[slice(*attribute.expression.span)]
        for action, match in found.items():
            written = f"replace({written}, {quote(action)}, {expression(match, option)})"
        document.set(address, option, Code(written))
        draft.notes.append(
            f"{option} replaces the {', '.join(sorted(found))} of its value: the plugin's newest "
            "release expands it no more."
        )


def _edits(text: str, attribute: Attribute, option: str) -> Iterator[TextEdit]:
    """The changes within the literal texts of a value."""
    for node in walk(attribute.expression):
        if not isinstance(node, x.Template):
            continue
        for part in node.parts:
            if isinstance(part, x.TemplateText):
                raw = text[part.span.start : part.span.end]
                for found in ACTION.finditer(raw):
                    start = part.span.start + found.start()
                    code = "${" + expression(found, option) + "}"
                    yield TextEdit(start, start + len(found.group()), code)
