"""A legacy template as the blocks that it would be in HCL: what a form shows of it (packer.md 2).

Strings are taken as they are: the `{{ }}` in them is no part of JSON. A builder is a `source` block, a
variable a `variable` block of type string, and there is one `build` block for the rest. Every span is
that of the JSON; what is only implied stands at what implies it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Attribute, Block, Body, Label
from oxtui.template.json.expressions import ExpressionMaker
from oxtui.template.json.nodes import Array, Object, String, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.json.nodes import Member, Node

PROVISIONERS: Final = "provisioners"
POST_PROCESSORS: Final = "post-processors"
CLEANUP: Final = "error-cleanup-provisioner"
SENSITIVE: Final = "sensitive-variables"


def legacy_body(file: SourceFile, root: Node | None, diagnostics: list[Diagnostic]) -> Body:
    """The body of a file that was parsed already. What is wrong with the template is not told."""
    body = Body(Span(0, len(file.text)))
    if isinstance(root, Object):
        maker = _Blocks(ExpressionMaker(file, diagnostics, templates=False), root)
        body.items += maker.variables()
        body.items += maker.sources()
        body.items.append(maker.build())
    return body


def builder_name(node: Object) -> String | None:
    """The name of a builder, which is its type if it has none of its own."""
    for key in ("name", "type"):
        found = node.get(key)
        if isinstance(found, String):
            return found
    return None


class _Blocks:
    def __init__(self, maker: ExpressionMaker, root: Object) -> None:
        self.maker = maker
        self.root = root

    def variables(self) -> Iterator[Block]:
        """The variables, each with what is implied: its type, and whether it is sensitive."""
        node = self.root.get("variables")
        marks = {
            item.text: item for item in self._list(SENSITIVE) if isinstance(item, String)
        }  # fmt: skip
        for member in node.members if isinstance(node, Object) else ():
            key, value = member.key.span, member.value
            items = [_attribute("type", x.Variable(key, "string"))]
            if not (isinstance(value, Word) and value.name == "null"):
                items.append(Attribute(
                    Span(key.start, value.span.end), "default", key, self.maker.make(value)
                ))  # fmt: skip
            if member.name in marks:
                items.append(_attribute("sensitive", x.Keyword(marks[member.name].span, "true")))
            label = Label(key, member.name, True)
            whole = Span(key.start, value.span.end)
            yield _block("variable", [label], value, items, whole)

    def sources(self) -> Iterator[Block]:
        """The builders."""
        for node in self._list("builders"):
            if isinstance(node, Object) and isinstance(kind := node.get("type"), String):
                name = builder_name(node) or kind
                labels = [Label(one.span, one.text, True) for one in (kind, name)]
                yield _block("source", labels, node, self._attributes(node, "type", "name"))

    def build(self) -> Block:
        """The build: all builders, with all provisioners and post-processors."""
        names = [
            x.Template(source.labels[1].span, [_text(source)], '"') for source in self.sources()
        ]
        found: Span = self.root.span
        items: list[Attribute | Block] = [
            _attribute("sources", x.Tuple(Span(found.start, found.start), [*names]))
        ]
        for member in self.root.members:
            value = member.value
            if member.name == "description":
                items.append(self._attribute(member))
            elif member.name == PROVISIONERS and isinstance(value, Array):
                for item in value.items:
                    items += self._component("provisioner", item)
            elif member.name == CLEANUP:
                items += self._component(CLEANUP, value)
            elif member.name == POST_PROCESSORS and isinstance(value, Array):
                for item in value.items:
                    items += self._chain(item)
        return _block("build", [], self.root, items)

    def _chain(self, node: Node) -> Iterator[Block]:
        if not isinstance(node, Array):
            yield from self._component("post-processor", node)
            return
        inside = [one for item in node.items for one in self._component("post-processor", item)]
        yield _block(POST_PROCESSORS, [], node, inside)

    def _component(self, kind: str, node: Node) -> Iterator[Block]:
        """A component: an object with its type, or for a post-processor its type alone."""
        if isinstance(node, String) and kind == "post-processor":
            yield _block(kind, [Label(node.span, node.text, True)], node, [])
        elif isinstance(node, Object) and isinstance(type_ := node.get("type"), String):
            label = Label(type_.span, type_.text, True)
            yield _block(kind, [label], node, self._attributes(node, "type"))

    def _attributes(self, node: Object, *without: str) -> list[Attribute]:
        return [self._attribute(m) for m in node.members if m.name not in without]

    def _attribute(self, member: Member) -> Attribute:
        span = Span(member.key.span.start, member.value.span.end)
        return Attribute(span, member.name, member.key.span, self.maker.make(member.value))

    def _list(self, name: str) -> list[Node]:
        node = self.root.get(name)
        return node.items if isinstance(node, Array) else []


def _text(source: Block) -> x.TemplateText:
    type_, name = source.labels
    return x.TemplateText(name.span, f"source.{type_.value}.{name.value}")


def _attribute(name: str, expression: x.Expression) -> Attribute:
    return Attribute(expression.span, name, expression.span, expression)


def _block(
    kind: str,
    labels: list[Label],
    node: Node,
    items: list[Attribute] | list[Block] | list[Attribute | Block],
    whole: Span | None = None,
) -> Block:
    start, end = node.span
    first = Span(start, start + 1)
    body = Body(node.span, [*items])
    return Block(whole or node.span, kind, first, labels, first, body, Span(end - 1, end))
