"""Secrets become sensitive variables without a value: an export never holds one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from oxtui.component.options import option_specs
from oxtui.component.registry import COMPONENTS, ComponentKind, component
from oxtui.export.draft import Draft
from oxtui.export.secret_names import name_for
from oxtui.logs.redact import MARK
from oxtui.template.document import Document
from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.scanner import scan
from oxtui.template.hcl.tokens import Token
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Attribute, Block, Body
from oxtui.template.hcl.tree.walk import children
from oxtui.template.hcl.write import Code, Writable

OXIDE_TOKEN = re.compile(r"oxide-token-[0-9A-Za-z_-]{8,}")
"""How tokens of the rack look, wherever they stand."""
_BARE = re.compile(rf"(?<![\"\w]){re.escape(MARK)}(?![\"\w])")
_LOOKS_UP: Final = frozenset(
    ("env", "file", "vault", "consul_key", "aws_secretsmanager", "aws_secretsmanager_raw")
)
"""Functions whose arguments say where a secret is, not what it is."""
_KINDS: Final[dict[str, ComponentKind]] = {
    "source": "builder",
    "data": "data source",
    "provisioner": "provisioner",
}


class _Mask(NamedTuple):
    """Where a mask stands, and what may take its place."""

    start: int
    end: int
    whole: bool
    """It is all of a quoted string, whose quotes are part of the range."""


def masked_text(text: str) -> str:
    """The text with tokens of the rack masked, and with masks that can be read.

    A secret number leaves a mask without quotes behind, which is no HCL.
    """
    text = OXIDE_TOKEN.sub(MARK, text)
    quoted = [(mask.start, mask.end) for mask in _masks(scan(text), text)]

    def quote(found: re.Match[str]) -> str:
        inside = any(start <= found.start() < end for start, end in quoted)
        return found.group() if inside or _in_comment(text, found.start()) else f'"{MARK}"'

    return _BARE.sub(quote, text)


def _in_comment(text: str, offset: int) -> bool:
    comments = (t.LINE_COMMENT, t.COMMENT)
    return any(k.kind in comments and k.start <= offset < k.end for k in scan(text))


def mask_literals(draft: Draft) -> None:
    """Masks defaults of sensitive variables, and options that are secret by nature, such as `ssh_password`."""
    body = draft.document.body
    found = [
        block.body.attributes.get("default")
        for block in body.blocks_of("variable")
        if _is_sensitive(block)
    ]
    found += [
        block.body.attributes.get(name)
        for kind, block in _components(body)
        for name in secret_options(kind, _type(block))
    ]
    spans = [a.expression.span for a in found if a is not None and _says_something(a)]
    for start, end in sorted(spans, reverse=True):
        if draft.document.text[start:end] != f'"{MARK}"':
            draft.replace(start, end, f'"{MARK}"')


def without_defaults(draft: Draft) -> None:
    """Takes a default away that was masked; its variable is sensitive from now on."""
    document = draft.document
    # Every change moves what stands behind it, so places are looked up in the text as it is now.
    while (name := _masked_default(document)) is not None:
        document.remove(f"variable.{name}", "default")
        document.set(f"variable.{name}", "sensitive", True)
        draft.secrets.append(name)
    while (name := _masked_variable(document)) is not None:
        document.remove("variables", name)
        _declare(draft, name)


def _masked_default(document: Document) -> str | None:
    """The name of the first variable whose default holds a mask."""
    for block in document.body.blocks_of("variable"):
        default = block.body.attributes.get("default")
        if default is not None and _holds(default, document.text, MARK):
            return block.labels[0].value if block.labels else ""
    return None


def _masked_variable(document: Document) -> str | None:
    """The name of the first variable of a `variables` block that holds a mask."""
    for block in document.body.blocks_of("variables"):
        for attribute in block.body.attributes.values():
            if _holds(attribute, document.text, MARK):
                return attribute.name
    return None


def secret_options(kind: ComponentKind, label: str) -> list[str]:
    """The options of a component that hold secrets."""
    if label not in COMPONENTS[kind]:
        return []
    return [s.name for s in option_specs(component(kind, label).Options) if s.secret]


def _type(block: Block) -> str:
    return block.labels[0].value.removeprefix("source.").split(".")[0]


def masks_to_variables(draft: Draft) -> None:
    """Puts a variable in the place of each mask, named for what it is the secret of."""
    names: list[str] = []
    while (mask := _next_mask(draft)) is not None:
        text, body = draft.document.text, draft.document.body
        taken = {label.value for b in body.blocks_of("variable") for label in b.labels[:1]}
        name = name_for(text, body, mask.start, taken | set(names))
        names.append(name)
        written = f"var.{name}" if mask.whole else f"${{var.{name}}}"
        draft.replace(mask.start, mask.end, written)
    for name in names:
        _declare(draft, name)
    body = draft.document.body
    for mask in _masks(scan(draft.document.text), draft.document.text):
        if any(block.header.contains(mask.start) for block in body.enclosing(mask.start)):
            draft.problems.append(
                "A secret stands in the header of a block, where no variable can stand: use another "
                "name in the template."
            )


def _next_mask(draft: Draft) -> _Mask | None:
    """The first mask that a variable can stand for; the rest is left for people to read."""
    text, body = draft.document.text, draft.document.body
    for mask in _masks(scan(text), text):
        blocks = list(body.enclosing(mask.start))
        if any(block.header.contains(mask.start) for block in blocks) or not blocks:
            continue
        if blocks[0].type in ("packer", "variable", "variables"):
            continue
        return mask
    return None


def _masks(tokens: list[Token], text: str) -> Iterator[_Mask]:
    """Every mask in a string or a heredoc."""
    for place, token in enumerate(tokens):
        if token.kind not in (t.QUOTED_LITERAL, t.LITERAL):
            continue
        content = text[token.start : token.end]
        around = tokens[max(0, place - 1)], tokens[place + 1]
        if content == MARK and [k.kind for k in around] == [t.OPEN_QUOTE, t.CLOSE_QUOTE]:
            yield _Mask(around[0].start, around[1].end, True)
            continue
        at = content.find(MARK)
        while at >= 0:
            yield _Mask(token.start + at, token.start + at + len(MARK), False)
            at = content.find(MARK, at + 1)


def _components(body: Body) -> Iterator[tuple[ComponentKind, Block]]:
    """Sources, data sources and provisioners with a label, in the order of the text."""
    for block in body.blocks:
        if block.type in _KINDS and block.labels:
            yield _KINDS[block.type], block
        if block.type == "build":
            for inner in block.body.blocks:
                if inner.type in _KINDS and inner.labels:
                    yield _KINDS[inner.type], inner


def _holds(attribute: Attribute, text: str, mark: str) -> bool:
    return mark in text[attribute.expression.span.start : attribute.expression.span.end]


def _is_sensitive(block: Block) -> bool:
    found = block.body.attributes.get("sensitive")
    return found is not None and getattr(found.expression, "name", "") == "true"


def _says_something(attribute: Attribute) -> bool:
    """Whether an expression holds a value of its own, not only names of where values are."""
    waiting = [attribute.expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, x.Traversal) or (isinstance(node, x.Call) and node.name in _LOOKS_UP):
            continue
        if isinstance(node, x.NumberLiteral):
            return True
        if isinstance(node, x.Template) and any(
            isinstance(part, x.TemplateText) and part.text for part in node.parts
        ):
            return True
        waiting += [child for child, _ in children(node)]
    return False


def _declare(draft: Draft, name: str) -> None:
    attributes: dict[str, Writable] = {"type": Code("string"), "sensitive": True}
    draft.document.add_block("variable", [name], attributes)
    draft.secrets.append(name)
