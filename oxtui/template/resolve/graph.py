"""Locals and data sources: each is evaluated once, after everything that it refers to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.component_body import DecodedBody, decode_body
from oxtui.template.hcl.diagnostic import Diagnostic, TemplateError, error, has_errors
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.values.value import Value, is_wholly_known, object_of, unknown
from oxtui.template.model import ComponentKey
from oxtui.template.resolve.references import body_references, references

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.model import ComponentDeclaration, Template
    from oxtui.template.resolve.references import Reference

DataResolver: TypeAlias = Callable[[str, str, DecodedBody], Awaitable[Value]]
Node: TypeAlias = "str | ComponentKey"  # a local's name, or a data source


class DataSourceError(Exception):
    """A data source has no answer; the text says why and what to do, and holds no secret."""


@dataclass
class Evaluated:
    """Values of locals and data sources; what failed is unknown."""

    locals: dict[str, Value]
    data: dict[ComponentKey, Value]


class Graph:
    """Evaluates a template's locals and data sources in the order of what they refer to."""

    def __init__(self, template: Template, scope: Scope, ask: DataResolver | None) -> None:
        self.template = template
        self.scope = scope
        self.ask = ask
        self.diagnostics: list[Diagnostic] = []
        self.done = Evaluated({}, {})

    async def run(self) -> Evaluated:
        """The values. Data sources that do not wait for each other are asked side by side."""
        waiting = {node: self._needs(node) for node in self._nodes()}
        for node in self._cycles(waiting):
            del waiting[node]
            self._finish(node, unknown())
        while waiting:
            ready = [node for node, needs in waiting.items() if not needs & waiting.keys()]
            for node in ready:
                del waiting[node]
            self._locals(ready)
            await self._data(ready)
        return self.done

    def _nodes(self) -> list[Node]:
        return [*self.template.locals, *self.template.data]

    def _needs(self, node: Node) -> set[Node]:
        if isinstance(node, str):
            found: Iterable[Reference] = references(self.template.locals[node].expression)
        else:
            found = body_references(self.template.data[node].block.body)
        needs: set[Node] = set()
        for root, path in found:
            if root == "local":
                needs |= {path[0]} if path else set(self.template.locals)
            elif root == "data":
                needs |= {key for key in self.template.data if key[: len(path)] == path[:2]}
        return {need for need in needs if need in self._declared}

    @property
    def _declared(self) -> set[Node]:
        return {*self.template.locals, *self.template.data}

    def _cycles(self, needs: dict[Node, set[Node]]) -> list[Node]:
        """Reports each circle of references and returns all that are in one."""
        left = dict(needs)
        while True:
            free = [node for node, wanted in left.items() if not wanted & left.keys()]
            if not free:
                break
            for node in free:
                del left[node]
        stuck: list[Node] = []
        while left:
            path = _circle(left)
            names = " → ".join(map(_spell, [*path, path[0]]))
            self._report("Cycle in references", f"These refer to each other: {names}.", path[0])
            stuck += path
            for node in path:
                del left[node]
            while free := [n for n, wanted in left.items() if not wanted & left.keys()]:
                for node in free:
                    del left[node]
        return stuck

    def _report(self, summary: str, detail: str, node: Node) -> None:
        if isinstance(node, str):
            local = self.template.locals[node]
            self.diagnostics.append(error(summary, detail, local.span, local.file))
        else:
            data = self.template.data[node]
            self.diagnostics.append(error(summary, detail, data.block.header, data.file))

    def _finish(self, node: Node, value: Value) -> None:
        if isinstance(node, str):
            self.done.locals[node] = value.marked(self.template.locals[node].sensitive)
        else:
            self.done.data[node] = value

    def current_scope(self) -> Scope:
        """The scope with all locals and data that have values so far."""
        by_type: dict[str, dict[str, Value]] = {}
        for key, value in self.done.data.items():
            by_type.setdefault(key.type, {})[key.name] = value
        objects = {kind: object_of(values) for kind, values in by_type.items()}
        return self.scope.inner({"local": object_of(self.done.locals), "data": object_of(objects)})

    def _locals(self, ready: list[Node]) -> None:
        scope = self.current_scope()
        for name in ready:
            if isinstance(name, str):
                local = self.template.locals[name]
                try:
                    value = Evaluator(local.file).value(local.expression, scope)
                except EvaluationError as problem:
                    self.diagnostics += problem.diagnostics
                    value = unknown()
                self._finish(name, value)

    async def _data(self, ready: list[Node]) -> None:
        keys = [node for node in ready if not isinstance(node, str)]
        scope = self.current_scope()
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._answer(self.template.data[key], scope)) for key in keys
            ]
        for key, task in zip(keys, tasks, strict=True):
            self._finish(key, task.result())

    async def _answer(self, declaration: ComponentDeclaration, scope: Scope) -> Value:
        block, file, key = declaration.block, declaration.file, declaration.key
        decoded = decode_body(block.body, scope, file, block.header)
        self.diagnostics += decoded.diagnostics
        known = all(is_wholly_known(a.value) for a in decoded.attributes.values())
        if self.ask is None or not known or has_errors(decoded.diagnostics):
            return unknown()
        try:
            return await self.ask(key.type, key.name, decoded)
        except TemplateError as problem:
            self.diagnostics += problem.diagnostics
        except DataSourceError as problem:
            summary = f"Data source {key} failed"
            self.diagnostics.append(error(summary, str(problem), block.header, file))
        return unknown()


def _circle(needs: dict[Node, set[Node]]) -> list[Node]:
    """A circle among nodes of which each needs another one."""
    node = next(iter(needs))
    path: list[Node] = []
    while node not in path:
        path.append(node)
        node = next(need for need in needs if need in needs[node])
    return path[path.index(node) :]


def _spell(node: Node) -> str:
    return f"local.{node}" if isinstance(node, str) else f"data.{node}"
