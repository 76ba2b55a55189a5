"""Strings of a legacy template as strings of HCL: each `{{ }}` becomes `${ }`, or stays for the component."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.template.hcl.write import Code, Interpolated, quote, quote_parts
from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.nodes import (
    Action,
    Choice,
    Dot,
    Group,
    Literal,
    Loop,
    Name,
    Text,
    Use,
    Variable,
)
from oxtui.template.legacy.engine.parser import ROOT, parse
from oxtui.template.legacy.upgrade.calls import (
    Caller,
    CannotTranslate,
    ForComponent,
    Made,
    Place,
    condition,
    constant,
)

if TYPE_CHECKING:
    from oxtui.template.legacy.engine.nodes import Body, Node, Operand, Pipeline
    from oxtui.template.legacy.upgrade.names import References

_SHOWN = 60


class _Anything(Collection[str]):
    """Names of functions: all, since components and newer versions have more of them."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True)
class Translator:
    """Translates the strings that stand at one place; `problems` says what stays as it was, and why."""

    place: Place
    references: References
    problems: list[str] = field(default_factory=list)
    is_secret: bool = False
    """Whether the problems may not repeat what the strings say."""

    def text(self, text: str) -> str | Code | Interpolated:
        """A string as one of HCL that has the same value."""
        if "{{" not in text:
            return text
        try:
            body = parse(text, _Anything()).bodies[ROOT]
        except InterpolationError as problem:
            why = "" if self.is_secret else f": {problem.problem}"
            self._stays(text, f"it cannot be read{why}")
            return text
        try:
            return joined(self._parts(text, body))
        except CannotTranslate as problem:
            self._stays(text, str(problem))
        except ForComponent:
            pass
        return joined(self._kept(text, (0, len(text)), list(_pipelines(body))))

    def _stays(self, what: str, why: str) -> None:
        shown = "A part of it" if self.is_secret else " ".join(what.split())
        if len(shown) > _SHOWN:
            shown = shown[:_SHOWN] + "…"
        self.problems.append(f"{shown} stays as it was: {why}.")

    def _parts(self, text: str, body: Body) -> list[str | Code]:
        """Raises CannotTranslate, ForComponent where the whole text has to stay."""
        parts: list[str | Code] = []
        for node in body:
            if isinstance(node, Text):
                parts.append(node.text)
            elif isinstance(node, Action):
                parts += self._action(text, node)
            elif isinstance(node, Choice) and not _names_dots(node):
                parts.append(Code(self._choice(text, node)))
            else:
                raise ForComponent
        return parts

    def _action(self, text: str, node: Action) -> list[str | Code]:
        try:
            if _names_dots(node):
                raise ForComponent
            made = self.pipeline(node.pipeline)
            if isinstance(made.constant, str):
                if "{{" in made.constant and self.place in (Place.SOURCE, Place.BUILD):
                    raise ForComponent  # which evaluates it once more, and so not to nothing
                return [made.constant]
            if made.is_condition:
                return [Code(f"({made.code})")]
            return [Code(made.code)]
        except ForComponent:
            pass
        except CannotTranslate as problem:
            self._stays(text[slice(*node.span)], str(problem))
        return self._kept(text, node.span, list(_pipelines((node,))))

    def _choice(self, text: str, node: Choice) -> str:
        """`if` as a conditional expression."""
        if node.rebinds:
            raise CannotTranslate("HCL has nothing like with; write it as a conditional expression")
        code = _expression(self._parts(text, node.otherwise))
        for branch in reversed(node.branches):
            asked = condition(self.pipeline(branch.pipeline))
            then = _expression(self._parts(text, branch.body))
            last = branch is node.branches[-1]
            code = f"{asked} ? {then} : {code if last else f'({code})'}"
        return code

    def pipeline(self, pipeline: Pipeline) -> Made:
        """The value of a pipeline. Raises CannotTranslate, ForComponent."""
        if pipeline.declared:
            raise CannotTranslate("HCL has no variables in a string; declare a local")
        value: Made | None = None
        caller = Caller(self.place, self.references)
        for head, *rest in pipeline.commands:
            arguments = [self._operand(each) for each in rest]
            if value is not None:
                arguments.append(value)
            if isinstance(head, Name) and not head.fields:
                value = caller.call(head.written, arguments)
            elif arguments:
                raise CannotTranslate("what is called is no function")
            else:
                value = self._operand(head)
        if value is None:
            raise CannotTranslate("it is empty; remove it")
        return value

    def _operand(self, operand: Operand) -> Made:
        if isinstance(operand, Literal) and operand.value is not None:
            return constant(operand.value if operand.whole is None else operand.whole)
        if isinstance(operand, Group) and not operand.fields:
            return self.pipeline(operand.pipeline)
        if isinstance(operand, Name) and not operand.fields:
            return Caller(self.place, self.references).call(operand.written, [])
        raise CannotTranslate("HCL has nothing like it; write its value")

    def _kept(
        self, text: str, span: tuple[int, int], pipelines: list[Pipeline]
    ) -> list[str | Code]:
        """Text as it was, but for user variables, which components do not know in HCL."""
        parts: list[str | Code] = []
        at, end = span
        found = sorted(_user_calls(pipelines), key=lambda call: call[0])
        for start, stop, name in found:
            if at <= start and stop <= end:
                parts += [text[at:start] + "`", self.references.user(name), "`"]
                at = stop
        return [*parts, text[at:end]]


def joined(parts: list[str | Code]) -> str | Code | Interpolated:
    """A string of parts; texts that follow each other are one."""
    made: list[str | Code] = []
    for part in parts:
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        elif part != "":
            made.append(part)
    if not made:
        return ""
    if len(made) == 1:
        return made[0]
    return Interpolated(tuple(made))


def _expression(parts: list[str | Code]) -> str:
    value = joined(parts)
    if isinstance(value, Interpolated):
        return quote_parts(value)
    return quote(value) if isinstance(value, str) else f"({value.text})"


def functions_in(text: str) -> set[str] | None:
    """Names of the functions that a text calls; None if it cannot be read."""
    if "{{" not in text:
        return set()
    try:
        body = parse(text, _Anything()).bodies[ROOT]
    except InterpolationError:
        return None
    return {
        operand.written
        for pipeline in _pipelines(body)
        for command in pipeline.commands
        for operand in command
        if isinstance(operand, Name)
    }


def _pipelines(body: Body) -> Iterator[Pipeline]:
    """Every pipeline in a body, those of operands too."""
    for node in body:
        yield from _own(node)


def _own(node: Node) -> Iterator[Pipeline]:
    match node:
        case Action():
            yield from _with_groups(node.pipeline)
        case Choice():
            for branch in node.branches:
                yield from _with_groups(branch.pipeline)
                yield from _pipelines(branch.body)
            yield from _pipelines(node.otherwise)
        case Loop():
            yield from _with_groups(node.pipeline)
            yield from _pipelines(node.body)
            yield from _pipelines(node.otherwise)
        case Use() if node.pipeline is not None:
            yield from _with_groups(node.pipeline)


def _with_groups(pipeline: Pipeline) -> Iterator[Pipeline]:
    yield pipeline
    for command in pipeline.commands:
        for operand in command:
            if isinstance(operand, Group):
                yield from _with_groups(operand.pipeline)


def _names_dots(node: Node) -> bool:
    """Whether a node asks for what only the component knows."""
    return any(
        isinstance(operand, Dot | Variable)
        for pipeline in _own(node)
        for command in pipeline.commands
        for operand in command
    )


def _user_calls(pipelines: list[Pipeline]) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of each user variable that stands where a text can."""
    for pipeline in pipelines:
        if pipeline.commands and len(pipeline.commands[0]) == 2:
            head, name = pipeline.commands[0]
            if (
                isinstance(head, Name)
                and head.written == "user"
                and isinstance(name, Literal)
                and isinstance(name.value, str)
            ):
                yield head.at, name.at + len(name.written), name.value
