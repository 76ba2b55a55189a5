"""What a session was started with, as the journal keeps it: everything but the values of secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.build.selection import Selection

if TYPE_CHECKING:  # to list sessions takes no template
    from oxtui.template.resolve import Resolved
    from oxtui.template.values import Value
    from oxtui.template.variables import VariableInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What another process needs to plan the same builds again."""

    template: str
    """As the operator named it."""
    folder: str
    """The working directory, from which relative paths count; absolute."""
    files: tuple[str, ...] = ()
    """Variable files, as they were named."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Of variables that were given a value: as an expression, of a legacy template as it is."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Names of variables with a value that is not kept, and where it came from: env, varfile or cmd."""
    only: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    legacy: bool = False
    uuid: str = ""
    """Of the session: `build.PackerRunUUID`."""
    force: bool = False
    promote: str = ""
    parallel: int = 0

    def written(self, masked: Callable[[str], str]) -> str:
        """As the journal keeps it; a value that holds a secret is left out, and asked for."""
        secret = [name for name, text in self.values.items() if masked(text) != text]
        kept = {name: text for name, text in self.values.items() if name not in secret}
        secrets = {**self.secrets, **dict.fromkeys(secret, "cmd")}
        return json.dumps(asdict(replace(self, values=kept, secrets=secrets)))

    def missing(self, environ: Mapping[str, str], assignments: Iterable[str]) -> list[str]:
        """Names of secret variables that neither what gave them a value then nor `assignments` give one now."""
        assigned = {each.partition("=")[0].strip() for each in assignments}
        return [
            name
            for name in self.secrets
            if name not in assigned and not self._is_there(name, environ)
        ]

    def _is_there(self, name: str, environ: Mapping[str, str]) -> bool:
        match self.secrets[name]:
            case "env":
                from oxtui.template.variables import ENVIRONMENT_PREFIX

                return ENVIRONMENT_PREFIX + name in environ
            case "varfile":
                return all((Path(self.folder) / file).exists() for file in self.files)
        return False

    @property
    def variables_text(self) -> str:
        """The values as a variable file."""
        if self.legacy:
            return json.dumps(
                {name: text.replace("{{", '{{"{{"}}') for name, text in self.values.items()}
            )
        return "".join(f"{name} = {text}\n" for name, text in self.values.items())

    @property
    def variables_name(self) -> str:
        """What such a file is called."""
        return "variables.json" if self.legacy else "variables.pkrvars.hcl"


def read_given(text: str) -> Given | None:
    """What the journal keeps; None where it keeps nothing, or what this version does not understand."""
    if not text:
        return None
    known = {name: each for name, each in json.loads(text).items() if name in Given.__slots__}
    for name in ("files", "only", "excluded"):
        known[name] = tuple(known.get(name, ()))
    return Given(**known)


def given_of(
    resolved: Resolved, inputs: VariableInputs, selection: Selection, *, name: str, folder: Path
) -> Given:
    """What a plan was made with."""
    from oxtui.template.values import is_known, is_sensitive

    values: dict[str, str] = {}
    secrets: dict[str, str] = {}
    legacy = resolved.template.legacy is not None
    for variable in resolved.variables.values():
        if variable.origin == "default" or not is_known(variable.value):
            continue
        if variable.declaration.sensitive or is_sensitive(variable.value):
            secrets[variable.declaration.name] = variable.origin
        else:
            values[variable.declaration.name] = _text(variable.value, legacy)
    return Given(
        template=name,
        folder=str(folder.absolute()),
        files=tuple(map(str, inputs.files)),
        values=values,
        secrets=secrets,
        only=tuple(selection.only),
        excluded=tuple(selection.excluded),
        legacy=legacy,
    )


def _text(value: Value, legacy: bool) -> str:
    from oxtui.template.hcl.write import write_value
    from oxtui.template.values import to_python

    return str(to_python(value)) if legacy else write_value(to_python(value))
