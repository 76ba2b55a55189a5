"""What planning finds that oxtui cannot run itself, and what `packer` is to run then."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.build.packer.components import is_foreign, place
from oxtui.build.packer.find import find_packer
from oxtui.build.packer.outline import (
    ForeignComponent,
    OutlinedBuild,
    OutlinedPostProcessor,
    OutlinedProvisioner,
    PackerPlan,
)
from oxtui.component.registry import WITHOUT_WINRM, ComponentKind, UnknownComponent
from oxtui.template.hcl.diagnostic import Diagnostic, error, warning
from oxtui.template.values import Value, is_known, to_python

if TYPE_CHECKING:
    from oxtui.build.selection import Selection
    from oxtui.template.component_body import ComponentBody, DecodedBody
    from oxtui.template.resolve import Resolved
    from oxtui.template.resolve.builds import ResolvedBuild
    from oxtui.template.values import PythonValue
    from oxtui.template.variables import VariableInputs

_SECRET = re.compile(r"password|passphrase|secret|token|private_key\Z", re.IGNORECASE)
_NO_PACKER = (
    "Packer would run such a template, but there is no packer on the PATH: install it, or take this out of "
    "the template."
)


class Foreign:
    """The components of a template that only packer has, as planning meets them.

    Args:
        resolved: the template.
        inputs: where the values of its variables come from; packer is looked for on the PATH there.
    """

    def __init__(self, resolved: Resolved, inputs: VariableInputs) -> None:
        self._resolved = resolved
        self._inputs = inputs
        self._plugins = [plugin.name for plugin in resolved.template.required_plugins]
        self._binary = find_packer(inputs.environ)
        self._components: list[ForeignComponent] = []
        self._windows = False
        self.secrets: set[str] = set()
        """What options of such components hold that are secret by their names."""

    def enter(self, build: ResolvedBuild | None) -> None:
        """What follows belongs to that build; None: to a source that there is not."""
        self._windows = build is not None and is_foreign(
            "builder", build.source_type, self._plugins
        )

    def takes(self, kind: ComponentKind, name: str, given: DecodedBody) -> Diagnostic | None:
        """What to say of a component that only packer has; None for all others."""
        if not self._is_foreign(kind, name):
            return None
        found = ForeignComponent(kind, name, place(given.file, given.span))
        if found not in self._components:
            self._components.append(found)
        self.secrets |= _secrets(given)
        if self._binary is None:
            word = "source" if kind == "builder" else kind
            detail = f"{UnknownComponent(kind, name)} {_NO_PACKER}"
            return error(f'Unknown {word} type "{name}"', detail, given.span, given.file)
        detail = (
            f'Packer ({self._binary}) runs the whole template, as oxtui has no {kind} "{name}". '
            "Only packer can check its options."
        )
        return warning("Run by packer", detail, given.span, given.file)

    def _is_foreign(self, kind: ComponentKind, name: str) -> bool:
        if name in WITHOUT_WINRM.get(kind, ()):
            return self._windows
        return is_foreign(kind, name, self._plugins)

    def plan(
        self, selection: Selection, folder: Path, detail: Callable[[ComponentBody], str]
    ) -> PackerPlan | None:
        """What packer is to run; None where oxtui has all components itself, or there is no packer.

        Args:
            selection: which builds run.
            folder: the working directory.
            detail: what tells a provisioner from its likes, as far as oxtui knows it.
        """
        if self._binary is None or not self._components:
            return None
        template, inputs = self._resolved.template, self._inputs
        chosen = [each for each in self._resolved.builds if selection.takes(each.selector)]
        return PackerPlan(
            binary=self._binary,
            components=tuple(self._components),
            builds=tuple(_outlined(each, selection, detail) for each in chosen),
            values=_values(self._resolved, inputs),
            variable_files=tuple(inputs.files),
            only=tuple(selection.only),
            excluded=tuple(selection.excluded),
            legacy=template.legacy is not None,
            plugins=bool(template.required_plugins),
            folder=folder,
        )


def _communicator(given: DecodedBody) -> PythonValue:
    attribute = given.attributes.get("communicator")
    return None if attribute is None else _plain(attribute.value)


def _plain(value: Value) -> PythonValue:
    return to_python(value) if is_known(value) else None


def _values(resolved: Resolved, inputs: VariableInputs) -> dict[str, PythonValue]:
    """The values of the variables that `-var` names; one that is not declared keeps its text."""
    values: dict[str, PythonValue] = {}
    for assignment in inputs.assignments:
        name, _, text = assignment.partition("=")
        found = resolved.variables.get(name)
        values[name] = text if found is None else _plain(found.value)
    return values


def _outlined(
    build: ResolvedBuild, selection: Selection, detail: Callable[[ComponentBody], str]
) -> OutlinedBuild:
    post_processors: list[OutlinedPostProcessor] = []
    for chain in build.post_processors:
        for body in chain:
            if selection.excludes(body.name or body.type):
                break
            post_processors.append(OutlinedPostProcessor(body.type, body.name))
    provisioners = [
        OutlinedProvisioner(
            type=body.type,
            title=body.name or body.type,
            detail=detail(body),
            parts=_parts(body.evaluate()),
            announced=bool(body.common.pause_before or body.common.timeout),
        )
        for body in build.provisioners
    ]
    # Packer before 1.7 calls a build of a legacy template by its builder's name alone.
    aliases = (build.name,) if build.interpolation is None else (build.name, build.source_name)
    return OutlinedBuild(
        build.name, aliases, build.source_type, tuple(provisioners), tuple(post_processors),
        connects=_communicator(build.body.evaluate()) != "none",
    )  # fmt: skip


def _parts(given: DecodedBody) -> int:
    """How many scripts or files a provisioner works through, of each of which packer tells."""
    count = 0
    for one, many in (("script", "scripts"), ("source", "sources")):
        count += one in given.attributes
        listed = given.attributes.get(many)
        items = None if listed is None else _plain(listed.value)
        count += len(items) if isinstance(items, list) else 0
    return max(count, 1)


def _secrets(given: DecodedBody) -> set[str]:
    """Values of options that are secret by their names, unless another option shows them anyway."""
    plain = {name: _plain(each.value) for name, each in given.attributes.items()}
    texts = {name: each for name, each in plain.items() if isinstance(each, str) and each}
    shown = [text for name, text in texts.items() if not _SECRET.search(name)]
    hidden = {text for name, text in texts.items() if _SECRET.search(name)}
    return {text for text in hidden if not any(text in each for each in shown)}
