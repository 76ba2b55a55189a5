"""Locals and data sources: each is evaluated once, after everything that it refers to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Final, TypeAlias

from oxtui.template.component_body import DecodedBody, decode_body
from oxtui.template.hcl.diagnostic import (
    Diagnostic,
    TemplateError,
    error,
    has_errors,
    sentence,
    warning,
)
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.values.value import Value, is_wholly_known, namespace, unknown
from oxtui.template.model import ComponentKey
from oxtui.template.resolve.references import body_references, references
from oxtui.template.stores import apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.model import ComponentDeclaration, Template
    from oxtui.template.resolve.references import Reference
    from oxtui.template.stores import Stores

DataResolver: TypeAlias = "Callable[[str, str, DecodedBody], Awaitable[Value | Answer]]"
_MOST_HINTED: Final = 500
"""More locals and data sources than this are not looked through for what a wrong name may have meant."""
Node: TypeAlias = "str | ComponentKey"  # a local's name, or a data source


class DataSourceError(Exception):
    """A data source has no answer; the text says why and what to do, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a data source gives, and what is odd about it."""

    value: Value
    warnings: Sequence[str] = ()


@dataclass
class Evaluated:
    """Values of locals and data sources; what failed is unknown."""

    locals: dict[str, Value]
    data: dict[ComponentKey, Value]


class Graph:
    """Evaluates a template's locals and data sources in the order of what they refer to."""

    def __init__(
        self,
        template: Template,
        scope: Scope,
        ask: DataResolver | None,
        stores: Stores | None = None,
    ) -> None:
        self.template = template
        self.scope = scope
        self.ask = ask
        self.stores = stores
        self.diagnostics: list[Diagnostic] = []
        self.done = Evaluated({}, {})
        self.bodies: dict[ComponentKey, DecodedBody] = {}
        """The options of each data source as they were evaluated."""
        nodes: list[Node] = [*template.locals, *template.data]
        self._needs = {node: self._needs_of(node) for node in nodes}

    async def run(self) -> Evaluated:
        """The values. Data sources that do not wait for each other are asked side by side."""
        sorter = self._without_circles()
        async with asyncio.TaskGroup() as group:
            asked: dict[asyncio.Task[Value], ComponentKey] = {}
            while sorter.is_active():
                while ready := sorter.get_ready():
                    for node in ready:
                        if isinstance(node, str):
                            await self._local(node)
                            sorter.done(node)
                        else:
                            answer = self._answer(self.template.data[node], self._scope_for(node))
                            asked[group.create_task(answer)] = node
                if asked:
                    finished, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
                    for task in finished:
                        key = asked.pop(task)
                        self._finish(key, task.result())
                        sorter.done(key)
        return self.done

    def _needs_of(self, node: Node) -> set[Node]:
        """What a local or data source refers to, declared or not."""
        if isinstance(node, str):
            found: Iterable[Reference] = references(self.template.locals[node].expression)
        else:
            found = body_references(self.template.data[node].block.body)
        needs: set[Node] = set()
        for root, path in found:
            if root == "local":
                needs |= {path[0]} if path else set(self.template.locals)
            elif root == "data":
                fitting = {key for key in self.template.data if key[: len(path)] == path[:2]}
                needs |= fitting or {ComponentKey("", ".".join(path))}
        return needs

    def _without_circles(self) -> TopologicalSorter[Node]:
        """The order of evaluation. Reports each circle of references; what is in one is unknown."""
        left = {node: needs & self._needs.keys() for node, needs in self._needs.items()}
        while True:
            sorter = TopologicalSorter({node: needs & left.keys() for node, needs in left.items()})
            try:
                sorter.prepare()
            except CycleError as circle:
                path: list[Node] = circle.args[1][::-1]
                names = " → ".join(map(_spell, path))
                self._report("Cycle in references", f"These refer to each other: {names}.", path[0])
                for node in set(path):
                    del left[node]
                    self._finish(node, unknown())
            else:
                return sorter

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

    def full_scope(self) -> Scope:
        """The scope with all locals and data."""
        return self._scope(self.done.locals, self.done.data)

    def _scope(self, values: Mapping[str, Value], data: Mapping[ComponentKey, Value]) -> Scope:
        by_type: dict[str, dict[str, Value]] = {}
        for key, value in data.items():
            by_type.setdefault(key.type, {})[key.name] = value
        objects = {kind: namespace(found) for kind, found in by_type.items()}
        return self.scope.inner({"local": namespace(values), "data": namespace(objects)})

    def _scope_for(self, node: Node) -> Scope:
        """The scope with what a node refers to; with a wrong name in it, all names, for a hint."""
        needs, known = self._needs[node], self._needs.keys()
        hinted = not needs <= known and len(known) <= _MOST_HINTED
        wanted = known if hinted else needs & known
        values = {n: self.done.locals.get(n, unknown()) for n in wanted if isinstance(n, str)}
        data = {n: self.done.data.get(n, unknown()) for n in wanted if isinstance(n, ComponentKey)}
        return self._scope(values, data)

    async def _local(self, name: str) -> None:
        local, scope = self.template.locals[name], self._scope_for(name)
        evaluate = partial(Evaluator(local.file).evaluate, local.expression, scope)
        try:
            value = await apart(self.stores, evaluate)
        except EvaluationError as problem:
            self.diagnostics += problem.diagnostics
            value = unknown()
        self._finish(name, value)

    async def _answer(self, declaration: ComponentDeclaration, scope: Scope) -> Value:
        block, file, key = declaration.block, declaration.file, declaration.key
        decode = partial(decode_body, block.body, scope, file, block.header)
        decoded = await apart(self.stores, decode)
        self.bodies[key] = decoded
        self.diagnostics += decoded.diagnostics
        known = all(is_wholly_known(a.value) for a in decoded.attributes.values())
        if self.ask is None or not known or has_errors(decoded.diagnostics):
            return unknown()
        try:
            answer = await self.ask(key.type, key.name, decoded)
        except TemplateError as problem:
            self.diagnostics += problem.diagnostics
        except DataSourceError as problem:
            summary = f"Data source {key} failed"
            self.diagnostics.append(error(summary, str(problem), block.header, file))
        else:
            if not isinstance(answer, Answer):
                return answer
            for text in answer.warnings:
                summary = f"Odd answer for data source {key}"
                self.diagnostics.append(warning(summary, sentence(text), block.header, file))
            return answer.value
        return unknown()


def _spell(node: Node) -> str:
    return f"local.{node}" if isinstance(node, str) else f"data.{node}"
