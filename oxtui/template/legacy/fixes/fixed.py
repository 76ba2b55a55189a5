"""From the text of an old template to that of a fixed one."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.json import parse_json
from oxtui.template.json.nodes import Array, Node, Object, String, Word, kind
from oxtui.template.json.plain import Plain, plain, write_plain
from oxtui.template.legacy.fixes.changes import Component, Part
from oxtui.template.legacy.fixes.table import FIXES

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile

CLEANUP = "error-cleanup-provisioner"


@dataclass(frozen=True)
class Fixed:
    """A fixed template; `text` is None where there is none, and `diagnostics` say why."""

    text: str | None
    notes: list[str] = field(default_factory=list)
    """What could not be fixed, in words."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    """Names of the fixes that changed something."""


def fix_template(file: SourceFile) -> Fixed:
    """Fixes a template in legacy JSON. Does not raise."""
    node, diagnostics = parse_json(file)
    if node is None:
        return Fixed(None, [], diagnostics)
    problems = [
        error("Incorrect value type", f"{what}; here is {kind(found)}.", found.span, file)
        for what, found in _misshapen(node)
    ]
    template = plain(node)
    if problems or not isinstance(template, dict):
        return Fixed(None, [], problems)
    template.setdefault(Part.BUILDERS.value, None)
    notes: list[str] = []
    done: dict[str, None] = {}
    for fix in FIXES:
        for where, component in _components(template, fix.part):
            if fix.applies(component):
                before = deepcopy(component)
                note = fix.change(component)
                if note:
                    notes.append(f"{where}: {note}.")
                if component != before:
                    done[fix.name] = None
    return Fixed(write_plain(template) + "\n", notes, done=list(done))


def _components(template: Component, part: Part) -> Iterator[tuple[str, Component]]:
    """The components of a part, those in chains too, each with what a message calls it."""
    found: list[Plain] = []
    there = template.get(part.value)
    if isinstance(there, list):
        for item in there:
            found += item if isinstance(item, list) else [item]
    if part is Part.PROVISIONERS:
        found.append(template.get(CLEANUP))
    for number, item in enumerate(found, 1):
        if isinstance(item, dict):
            yield f"{part.value.removesuffix('s')} {number}", item


def _misshapen(root: Node) -> Iterator[tuple[str, Node]]:
    """Values in which no fix finds its way, each with what it should be."""
    if not isinstance(root, Object):
        yield "A template is an object with builders in it", root
        return
    for part in Part:
        there = root.get(part.value)
        if there is None or (isinstance(there, Word) and there.name == "null"):
            continue
        if not isinstance(there, Array):
            yield f"{part.value} is a list", there
        elif part is not Part.POST_PROCESSORS:
            what = f"{part.value.removesuffix('s').capitalize()}s are objects"
            yield from ((what, item) for item in there.items if not isinstance(item, Object))
        else:
            what = "Post-processors are names, objects, or lists of those"
            known = (Object, Array, String)
            yield from ((what, item) for item in there.items if not isinstance(item, known))
