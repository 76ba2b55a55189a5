"""Components of a template with their options, the secrets among them, and decoding them again later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from oxtui.component.decode import decode
from oxtui.component.errors import StepError
from oxtui.component.events import Failure
from oxtui.component.options import Options, option_specs
from oxtui.component.registry import OLDER_TYPES, ComponentKind, UnknownComponent, component
from oxtui.template.component_body import ComponentBody, DecodedBody
from oxtui.template.hcl.diagnostic import Diagnostic, error, render, sentence, warning
from oxtui.template.resolve.context import unknown_build
from oxtui.template.values import from_python, is_known, to_python

LABELS = {"builder": "source"}
"""What a template calls a kind of component, where it has another word than we."""


def decoded(
    kind: ComponentKind, type_name: str, given: DecodedBody
) -> tuple[Any, Options | None, list[Diagnostic]]:
    """A component with its options, or None for what is not there, and all that is wrong with them.

    Of a component that there is not, what its text refers to is looked at all the same.
    """
    try:
        found = component(kind, type_name)
    except UnknownComponent as unknown:
        summary = f'Unknown {LABELS.get(kind, kind)} type "{type_name}"'
        problem = error(summary, str(unknown), given.span, given.file)
        return None, None, [problem, *given.diagnostics]
    made, told = decode(given, found.Options)
    if (now := OLDER_TYPES.get(kind, {}).get(type_name)) is not None:
        older = f'"{type_name}" is called "{now}" now; write that.'
        told = [warning("Older name", older, given.span, given.file), *told]
    return found, made, told


def secrets_of(given: DecodedBody, kind: type[Options], made: Options | None) -> set[str]:
    """What was written for options that are secret by nature, such as `ssh_password`, and what options hide.

    A password that is the user's name, or a part of the instance's name, is told there anyway: to hide
    it would make the log unreadable, and names that hold it impossible.
    """
    names = {spec.name for spec in option_specs(kind) if spec.secret}
    written = [each.value for name, each in given.attributes.items() if name in names]
    found = {text for value in written for text in value.marked().secret_texts() if text}
    told = made.model_dump(exclude=names, by_alias=True).values() if found and made else ()
    lines = [each for each in told if isinstance(each, str) and "\n" not in each]
    kept = {text for text in found if not any(text in line for line in lines)}
    known = {
        name: to_python(each.value)
        for name, each in given.attributes.items()
        if is_known(each.value)
    }
    return kept.union(kind.hidden(known))


def problems_of(
    what: str, found: Any, options: Options, body: ComponentBody, folder: Path
) -> Iterator[Diagnostic]:
    """What a component finds wrong with its options before anything is spent, at its places.

    what: the kind of component, as a sentence begins with it.
    """
    for option, text in found.problems(options, folder):
        place = body.evaluate().attributes.get(option)
        if place is not None and not is_known(place.value):
            continue  # what stands in for it is not there, of course
        where = place or body
        yield error(f"{what} cannot run", sentence(text), where.span, where.file)


def decode_late(
    body: ComponentBody, options: type[Options]
) -> Callable[[Mapping[str, Any]], Options]:
    """Decodes a body again, with `build.*` known (packer.md 1.2, 14)."""

    def again(build: Mapping[str, Any]) -> Options:
        # What a builder does not tell stays the text that Packer has for it.
        known = {**unknown_build(), **build}
        made, problems = decode(body.evaluate({"build": from_python(known)}), options)
        if made is None:
            first = next(problem for problem in problems if problem.is_error)
            raise StepError(
                Failure(summary=str(first), last_lines=tuple(render(first).splitlines()))
            )
        return made

    return again
