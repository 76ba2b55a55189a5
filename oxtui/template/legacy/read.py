"""Reads legacy JSON templates: everything that can be known to be wrong without evaluating anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.tree.bodies import Body
from oxtui.template.json import parse_json
from oxtui.template.json.bodies import attributes_of
from oxtui.template.json.nodes import Array, Object, String, Word, kind
from oxtui.template.legacy.model import LegacyComponent, LegacyTemplate, LegacyVariable
from oxtui.template.legacy.names import check_names
from oxtui.template.read.versions import PACKER_VERSION, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.json.nodes import Member, Node

COMMENT_MARK: Final = "_"
"""How a key of the root begins that holds a comment."""


_OF_VARIABLES: Final = frozenset(("variables", "sensitive-variables"))
"""The keys of a file that declares variables and nothing else."""


def read_legacy(
    file: SourceFile, *, needs_builder: bool = True
) -> tuple[LegacyTemplate, list[Diagnostic]]:
    """Reads a legacy template. What is wrong in one member does not hide the others. Does not raise.

    Without `needs_builder` it may hold variables alone.
    """
    node, diagnostics = parse_json(file)
    reader = _Reader(file, diagnostics)
    if isinstance(node, Object) and not needs_builder:
        reader.needs_builder = not {member.name for member in node.members} <= _OF_VARIABLES
    if isinstance(node, Object):
        if not reader.doubled(node):
            reader.root(node)
            check_names(reader.template, diagnostics)
    elif node is not None:
        detail = f"A template is an object with builders in it; here is {kind(node)}."
        diagnostics.append(error("Invalid template", detail, node.span, file))
    return reader.template, diagnostics


class _Reader:
    def __init__(self, file: SourceFile, diagnostics: list[Diagnostic]) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.template = LegacyTemplate(file)
        self.needs_builder = True

    def _add(self, summary: str, detail: str, span: Span) -> None:
        self.diagnostics.append(error(summary, detail, span, self.file))

    def doubled(self, root: Object) -> bool:
        """Whether any object, at any depth, has a key twice; that is told, and nothing else then."""
        waiting: list[Node] = [root]
        found = False
        while waiting:
            node = waiting.pop()
            if isinstance(node, Array):
                waiting += reversed(node.items)
            elif isinstance(node, Object):
                waiting += [member.value for member in reversed(node.members)]
                for member, first in node.doubled():
                    line = self.file.line_number(first.key.span.start)
                    detail = f'The template has the field "{member.name}" twice; the first is in line {line}.'
                    self._add("Duplicate field", detail, member.key.span)
                    found = True
        return found

    def root(self, root: Object) -> None:
        for member in root.members:
            read = _ROOT.get(member.name)
            if read is not None:
                read(self, member.value)
            elif member.name.startswith(COMMENT_MARK):
                self._comment(member)
            else:
                hint = did_you_mean(member.name, _ROOT)
                detail = (
                    f'There is no root key "{member.name}" in a template.{hint} '
                    "A key that begins with _ may hold a comment."
                )
                self._add("Unknown root level key", detail, member.key.span)
        if self.needs_builder and not self.template.builders and not self.diagnostics:
            detail = 'A template needs at least one builder: "builders": [{"type": "…"}].'
            self._add("No builder", detail, Span(root.span.start, root.span.start + 1))

    def _comment(self, member: Member) -> None:
        text = self._text(member.value, f'A comment such as "{member.name}"')
        if text is not None:
            self.template.comments[member.name] = text

    def _text(self, node: Node, what: str) -> str | None:
        if isinstance(node, String):
            return node.text
        self._add("Incorrect value type", f"{what} is a string; here is {kind(node)}.", node.span)
        return None

    def description(self, node: Node) -> None:
        self.template.description = self._text(node, "The description") or ""

    def version(self, node: Node) -> None:
        text = self._text(node, "min_packer_version")
        if text is None:
            return
        self.template.min_packer_version = text
        try:
            fits = parse_version(text) <= parse_version(PACKER_VERSION)
        except ValueError as problem:
            self._add("Invalid min_packer_version", f"{problem}.", node.span)
            return
        if not fits:
            detail = (
                f"This template asks for Packer {text} or higher; the language understood here is "
                f"that of Packer {PACKER_VERSION}."
            )
            self._add("Unsupported Packer version", detail, node.span)

    def variables(self, node: Node) -> None:
        if not isinstance(node, Object):
            self._add(
                "Incorrect value type", f"variables is an object; here is {kind(node)}.", node.span
            )
            return
        for member in node.members:
            value, span = member.value, Span(member.key.span.start, member.value.span.end)
            required = isinstance(value, Word) and value.name == "null"
            if required or isinstance(value, String):
                default = value.text if isinstance(value, String) else None
                self.template.variables[member.name] = LegacyVariable(member.name, default, span)
            else:
                detail = f'The variable "{member.name}" is a string, or null if it must be set; here is {kind(value)}.'
                self._add("Incorrect value type", detail, value.span)

    def sensitive(self, node: Node) -> None:
        for item in self._items(node, "sensitive-variables"):
            name = self._text(item, "An entry of sensitive-variables")
            if name is not None:
                self.template.sensitive.append(name)

    def _items(self, node: Node, what: str) -> Iterator[Node]:
        if isinstance(node, Array):
            yield from node.items
        elif not (isinstance(node, Word) and node.name == "null"):
            self._add("Incorrect value type", f"{what} is a list; here is {kind(node)}.", node.span)

    def builders(self, node: Node) -> None:
        for number, item in enumerate(self._items(node, "builders"), 1):
            found = self._component(item, "builder", f"Builder {number}")
            if found is None:
                continue
            first = next((b for b in self.template.builders if b.name == found.name), None)
            if first is not None:
                line = self.file.line_number(first.span.start)
                detail = f'A builder is called "{found.name}" in line {line} already; give this one a "name".'
                self._add("Duplicate builder", detail, found.span)
            else:
                self.template.builders.append(found)

    def provisioners(self, node: Node) -> None:
        for number, item in enumerate(self._items(node, "provisioners"), 1):
            found = self._component(item, "provisioner", f"Provisioner {number}")
            if found is not None:
                self.template.provisioners.append(found)

    def cleanup(self, node: Node) -> None:
        what = "The error-cleanup-provisioner"
        self.template.error_cleanup = self._component(node, "error-cleanup-provisioner", what)

    def post_processors(self, node: Node) -> None:
        for number, item in enumerate(self._items(node, "post-processors"), 1):
            what = f"Post-processor {number}"
            members = item.items if isinstance(item, Array) else [item]
            chain = [self._post_processor(each, what) for each in members]
            self.template.post_processors.append([each for each in chain if each is not None])

    def _post_processor(self, node: Node, what: str) -> LegacyComponent | None:
        if isinstance(node, String):
            return LegacyComponent("post-processor", node.text, "", Body(node.span), node.span)
        if isinstance(node, Array):
            self._add(
                "Incorrect value type", "A list in a list of post-processors is none.", node.span
            )
            return None
        return self._component(node, "post-processor", what)

    def _component(self, node: Node, what_kind: str, what: str) -> LegacyComponent | None:
        if not isinstance(node, Object):
            self._add(
                "Incorrect value type", f"{what} is an object; here is {kind(node)}.", node.span
            )
            return None
        type_node, name_node = node.get("type"), node.get("name")
        place = Span(node.span.start, node.span.start + 1)
        if type_node is None:
            self._add("Missing type", f'{what} needs a "type".', place)
            return None
        type_name = self._text(type_node, f'The "type" of {what[:1].lower()}{what[1:]}')
        if type_name is None:
            return None
        name = name_node.text if isinstance(name_node, String) else ""
        body = attributes_of(node, self.file, self.diagnostics, templates=False)
        if what_kind == "builder":
            name = name or type_name
        return LegacyComponent(what_kind, type_name, name, body, type_node.span)


_ROOT: Final[dict[str, Callable[[_Reader, Node], None]]] = {
    "builders": _Reader.builders,
    "description": _Reader.description,
    "error-cleanup-provisioner": _Reader.cleanup,
    "min_packer_version": _Reader.version,
    "post-processors": _Reader.post_processors,
    "provisioners": _Reader.provisioners,
    "push": lambda reader, node: None,  # of a service that is no more; Packer reads over it
    "sensitive-variables": _Reader.sensitive,
    "variables": _Reader.variables,
}
