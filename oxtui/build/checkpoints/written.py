"""A component as its template has it, and what that makes it of: its options, the files that it reads, where it runs.

Left out is what leaves no trace on the disk: how long to pause, when to give up, how often to try.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.build.checkpoints.contents import Contents, Directives
from oxtui.build.checkpoints.digests import Digests
from oxtui.build.checkpoints.directives import directives
from oxtui.build.checkpoints.files import content_digest
from oxtui.build.checkpoints.stand_ins import BUILD, RANDOM, StandIns
from oxtui.build.steps import changed_options
from oxtui.component.checkpoints import Inputs
from oxtui.component.decode import decode
from oxtui.component.errors import StepError
from oxtui.component.options import Options, option_specs
from oxtui.template.component_body import ComponentBody, DecodedBody
from oxtui.template.hcl.diagnostic import Diagnostic
from oxtui.template.hcl.values.value import is_sensitive
from oxtui.template.values import from_python, to_python

if TYPE_CHECKING:
    from oxtui.logs.redact import Redactor

TRACELESS = frozenset(("pause_after", "start_retry_timeout", "expect_disconnect"))
"""Options of provisioners that leave no trace on the disk."""


@dataclass(frozen=True, repr=False)
class Written:
    """A component as its template has it; `parts` of it are the same in each run of an unchanged template."""

    body: ComponentBody
    options: type[Options]
    stand_ins: StandIns
    fixed: Mapping[str, str] = field(default_factory=dict)
    """What else it is told: the names of build and builder."""
    directives: Directives = field(default_factory=Directives)

    def parts(
        self,
        digests: Digests,
        redactor: Redactor,
        changes: Mapping[str, Any] | None = None,
        only: Collection[str] | None = None,
    ) -> dict[str, str]:
        """Digests of its options, with what the operator changed of them; `only` those of these names.

        Values that change with each run count by what stands for them (`stand_ins`), secrets by a
        keyed digest. Options that cannot be decoded with the stand-ins count by the text of the block.
        """
        given = self.stand_ins.body(self.body).evaluate({"build": from_python(BUILD)})
        secret = self._secret(given)
        try:
            values = self._values(given, changes or {})
        except StepError:
            block = self.body.file.text[slice(*_extent(self.body))]
            values = {"its text": block, **(changes or {})}
        parts = dict(self.fixed)
        for name, value in values.items():
            if name in TRACELESS or not (only is None or name in only):
                continue
            value = _path(value) if _is_path(self.options, name) else value
            hidden = name in secret or bool(_masks(redactor, value))
            parts[name] = digests.of(value, secret=hidden)
        if self.directives.key:
            parts["cache_key"] = digests.of(self.directives.key)
        return parts

    def _values(self, given: DecodedBody, changes: Mapping[str, Any]) -> dict[str, Any]:
        made, _ = decode(given, self.options)
        if made is None:
            raise StepError("it cannot be decoded with stand-ins")
        changed = changed_options(made, changes, self.body.type)
        values = changed.model_dump(mode="json", exclude_unset=True, by_alias=True)
        if (
            given.interpolation is not None
        ):  # a legacy template, whose texts are evaluated with the rest
            for name in values.keys() & given.attributes.keys() - changes.keys():
                text = to_python(given.attributes[name].value)
                if any(RANDOM.search(each) for each in _texts(text)):
                    values[name] = text
        return values

    def _secret(self, given: DecodedBody) -> set[str]:
        names = {spec.name for spec in option_specs(self.options) if spec.secret}
        return names | {n for n, each in given.attributes.items() if is_sensitive(each.value)}


def written(
    body: ComponentBody, options: type[Options], stand_ins: StandIns, **fixed: str
) -> tuple[Written, list[Diagnostic]]:
    """A component of a template, and what is odd about the directives above it."""
    found, told = directives(body.file, body.span)
    facts = {"type": body.type, **fixed}
    if body.common.continue_on_error:
        facts["continue_on_error"] = "true"
    return Written(body, options, stand_ins, facts, found), told


def step_contents(
    step: Written,
    inputs: Inputs,
    digests: Digests,
    redactor: Redactor,
    folder: Path,
    changes: Mapping[str, Any] | None = None,
) -> Contents:
    """The parts of a provisioner with the files that it reads now; may take long: call it in a thread.

    folder: that relative paths start from.
    """
    if step.directives.cache and inputs.outside:
        inputs = replace(inputs, outside="")
    parts = step.parts(digests, redactor, changes)
    for path in inputs.files:
        if "{{" in path or "<" in path:
            return Contents(parts, inputs, f"which file {path} is comes out only when it runs")
        try:
            name = _name(path, folder)
            digest = content_digest(folder / path)
            parts[name] = digests.of([parts[name], digest]) if name in parts else digest
        except OSError as error:
            return Contents(parts, inputs, f"{path} cannot be read: {error.strerror}")
    return Contents(parts, inputs)


def _extent(body: ComponentBody) -> tuple[int, int]:
    return body.span.start, max(part.body.span.end for part in body.parts)


def _is_path(options: type[Options], name: str) -> bool:
    return any(spec.name == name and spec.lookup == "files" for spec in option_specs(options))


def _path(value: Any) -> Any:
    """Of a path of this machine the guest sees its name, and whether it ends in a slash."""
    if isinstance(value, list):
        return [_path(each) for each in value]
    if not isinstance(value, str):
        return value
    return Path(value).name + ("/" if value.endswith("/") else "")


def _name(path: str, folder: Path) -> str:
    """What a file is called in keys and messages: no path above the folder is in it."""
    place = Path(path)
    if place.is_absolute():
        if not place.is_relative_to(folder):
            return f"file {place.name}"
        place = place.relative_to(folder)
    return f"file {place.as_posix()}"


def _masks(redactor: Redactor, value: Any) -> bool:
    return any(redactor.text(text) != text for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for key, each in value.items():
                yield str(key)
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)
