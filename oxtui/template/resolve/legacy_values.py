"""User variables of a legacy template: the given values or the defaults, with what they are made of (packer.md 2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.diagnostic import Diagnostic, Severity, error, sentence
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import string, unknown
from oxtui.template.json import parse_json
from oxtui.template.json.nodes import Object, String, kind
from oxtui.template.legacy.engine.errors import InterpolationError, VariableNotSetError
from oxtui.template.legacy.engine.functions import SECRETS
from oxtui.template.legacy.interpolate import Interpolation, Outside
from oxtui.template.read.files import read_text
from oxtui.template.read.versions import PACKER_VERSION
from oxtui.template.resolve.context import BUILD_FIELDS, UNKNOWN
from oxtui.template.resolve.variable_values import UNSET_VARIABLE, VariableValue

if TYPE_CHECKING:
    from pathlib import Path

    from oxtui.template.legacy.model import LegacyTemplate
    from oxtui.template.model import Template
    from oxtui.template.stores import Stores
    from oxtui.template.variables import VariableInputs

_HIDDEN: Final = "(sensitive value)"


@dataclass(frozen=True, repr=False)
class _Text:
    """The text of a variable before it is evaluated, and where it stands."""

    text: str
    origin: str
    file: SourceFile
    span: Span


def legacy_variables(
    template: Template, legacy: LegacyTemplate, inputs: VariableInputs, stores: Stores | None = None
) -> LegacyVariables:
    """The user variables of a template that is evaluated now; without stores none is asked."""
    unasked = dict.fromkeys(SECRETS, lambda *_: UNKNOWN)
    base = Interpolation(
        started=datetime.now(UTC),
        later=BUILD_FIELDS,
        user={},
        outside=Outside(inputs.environ, unasked if stores is None else stores.functions),
        packer_version=PACKER_VERSION,
        template_folder=str(template.folder.resolve()),
    )
    return LegacyVariables(template, legacy, inputs, base)


class LegacyVariables:
    """Gives every user variable a value. `PKR_VAR_` means nothing to a legacy template."""

    def __init__(
        self,
        template: Template,
        legacy: LegacyTemplate,
        inputs: VariableInputs,
        base: Interpolation,
    ) -> None:
        self.template = template
        self.legacy = legacy
        self.inputs = inputs
        self.base = base
        self.misgiven: list[Diagnostic] = []
        """Problems of what was given, not of what a variable then is."""
        self.diagnostics: list[Diagnostic] = []
        self.secrets: set[str] = set()
        self.user: dict[str, str] = {}
        """Every value by name, those that were given for names that nobody declares included."""

    def resolve(self) -> dict[str, VariableValue]:
        """The values of the declared variables; one that is wrong or missing is unknown."""
        texts = self._texts()
        self._evaluate(texts)
        self.diagnostics += self.misgiven
        found: dict[str, VariableValue] = {}
        for name, declaration in self.template.variables.items():
            value = string(self.user[name]) if name in self.user else unknown(STRING)
            text = texts.get(name)
            origin = "default" if text is None else text.origin
            where = "" if text is None or origin == "default" else text.file.name
            value = value.marked(declaration.sensitive)
            found[name] = VariableValue(declaration, value, origin, where)
            if name not in texts:
                detail = (
                    f"This variable has no default. Set it with -var '{name}=…' or in a -var-file."
                )
                self.diagnostics.append(
                    error(f"{UNSET_VARIABLE} {name}", detail, declaration.span, declaration.file)
                )
        return found

    def interpolation(self) -> Interpolation:
        """What `{{ }}` can name in everything but the variables."""
        return replace(self.base, user=self.user, outside=None)

    def _texts(self) -> dict[str, _Text]:
        file = self.legacy.file
        texts = {
            name: _Text(variable.default, "default", file, variable.span)
            for name, variable in self.legacy.variables.items()
            if variable.default is not None
        }
        for path in self.inputs.files:
            texts.update(self._file(path))
        for assignment in self.inputs.assignments:
            name, equals, text = assignment.partition("=")
            if not equals:
                detail = f'A variable is given as name=value; "{name}" has no equals sign.'
                self.misgiven.append(Diagnostic(Severity.ERROR, "Invalid -var option", detail))
                continue
            given = SourceFile(f"<value for -var {name}>", text)
            texts[name] = _Text(text, "cmd", given, Span(0, len(text)))
            self._note(name, text)
        return texts

    def _note(self, name: str, text: str) -> None:
        if name in self.legacy.sensitive:
            self.secrets.add(text)

    def _file(self, path: Path) -> dict[str, _Text]:
        file, problems = read_text(path, str(path))
        self.misgiven += problems
        if file is None:
            return {}
        node, problems = parse_json(file)
        self.misgiven += problems
        if node is None:
            return {}
        if not isinstance(node, Object):
            detail = "A variable file holds one object, with the names of variables as keys."
            self.misgiven.append(error("Invalid variable file", detail, node.span, file))
            return {}
        found: dict[str, _Text] = {}
        for member in node.members:
            if isinstance(member.value, String):
                found[member.name] = _Text(member.value.text, "varfile", file, member.value.span)
                self._note(member.name, member.value.text)
            else:
                detail = f'The value of "{member.name}" is a string in a legacy template; here is {kind(member.value)}.'
                self.misgiven.append(error("Incorrect value type", detail, member.value.span, file))
        return found

    def _evaluate(self, texts: dict[str, _Text]) -> None:
        """Evaluates each text, those before it that it names."""
        waiting = dict(texts)
        for name in texts:
            way = [name] if name in waiting else []
            while way:
                current = way[-1]
                needed = self._value(current, texts[current])
                if needed is not None and needed.name in waiting and needed.name not in way:
                    way.append(needed.name)
                    continue
                if needed is not None:  # nobody gives it, or it needs this one in turn
                    self._wrong(current, texts[current], needed)
                del waiting[way.pop()]

    def _value(self, name: str, text: _Text) -> VariableNotSetError | None:
        """Evaluates one text; what it lacks for that, if it lacks another variable."""
        try:
            self.user[name] = replace(self.base, user=self.user).render(text.text)
        except VariableNotSetError as problem:
            return problem
        except InterpolationError as problem:
            self._wrong(name, text, problem)
        else:
            self._note(name, self.user[name])
        return None

    def _wrong(self, name: str, text: _Text, problem: InterpolationError) -> None:
        file, span = text.file, text.span
        if name in self.legacy.sensitive and text.origin != "default":
            file, span = SourceFile(text.file.name, _HIDDEN), Span(0, len(_HIDDEN))
        detail = f'The value of the user variable "{name}" cannot be evaluated: {sentence(problem)}'
        self.diagnostics.append(error("Invalid user variable", detail, span, file))
