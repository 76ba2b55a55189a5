"""User variables as variables and locals: a default may ask for the environment and for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.write import Code, write_block, write_value
from oxtui.template.legacy.upgrade.blocks import comment
from oxtui.template.legacy.upgrade.calls import Place
from oxtui.template.legacy.upgrade.names import TIMESTAMP_CODE, References, env_call, identifier
from oxtui.template.legacy.upgrade.texts import Translator, functions_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.write import Writable
    from oxtui.template.legacy.model import LegacyTemplate, LegacyVariable

_STRING: Final = Code("string")
_OF_A_DEFAULT: Final = frozenset(("env",))


@dataclass
class Variables:
    """The variables of a template, and how everything else names them."""

    legacy: LegacyTemplate
    references: References

    @classmethod
    def of(cls, legacy: LegacyTemplate) -> Variables:
        """Decides what each one becomes."""
        references = References()
        for name, variable in legacy.variables.items():
            label = identifier(name, references.labels.values())
            references.labels[name] = label
            place = "local" if _is_local(variable) else "var"
            references.variables[name] = f"{place}.{label}"
            if not variable.default or functions_in(variable.default):
                references.may_be_empty.add(references.variables[name])
        made = cls(legacy, references)
        taken = [references.labels[each.name] for each in made.locals]
        if references.timestamp in taken:
            references.timestamp = identifier("unix_time", taken)
        return made

    @property
    def locals(self) -> list[LegacyVariable]:
        """Those that are locals now, since their values ask for more than a default may."""
        return [each for each in self.legacy.variables.values() if _is_local(each)]

    def declared(self, warnings: list[str]) -> Iterator[str]:
        """The blocks of variables, in the order of the template."""
        for variable in self.legacy.variables.values():
            if _is_local(variable):
                continue
            translator = self._translator(variable, Place.DEFAULT)
            attributes: dict[str, Writable] = {"type": _STRING}
            if variable.default is not None:
                attributes["default"] = translator.text(variable.default)
            notes = self._notes(variable.name, translator, warnings)
            yield self._block(variable, attributes, notes)

    def _translator(self, variable: LegacyVariable, place: Place) -> Translator:
        secret = variable.name in self.legacy.sensitive
        return Translator(place, self.references, is_secret=secret)

    def _block(
        self,
        variable: LegacyVariable,
        attributes: dict[str, Writable],
        notes: list[str],
        kind: str = "variable",
    ) -> str:
        if variable.name in self.legacy.sensitive:
            attributes["sensitive"] = True
        label = self.references.labels[variable.name]
        return "".join(map(comment, notes)) + write_block(kind, [label], attributes)

    def _notes(self, name: str, translator: Translator, warnings: list[str]) -> list[str]:
        notes = list(translator.problems)
        label = self.references.labels[name]
        if label != name:
            notes.append(f'"{name}" is no name in HCL; it is "{label}" now.')
        warnings += [f'variable "{name}": {note}' for note in notes]
        return notes

    def computed(self, warnings: list[str]) -> Iterator[str]:
        """The locals: in one block, but for those that are secret. To be asked for when all else is written."""
        lines, secret = "", list[str]()
        for variable in self.locals:
            translator = self._translator(variable, Place.LOCAL)
            value = translator.text(variable.default or "")
            warnings.append(
                f'variable "{variable.name}": its value depends on more than the environment, so it is '
                "a local now, and -var cannot set it any more."
            )
            notes = self._notes(variable.name, translator, warnings)
            if variable.name in self.legacy.sensitive:
                secret.append(self._block(variable, {"expression": value}, notes, "local"))
            else:
                lines += "".join(comment(note, "  ") for note in notes)
                label = self.references.labels[variable.name]
                lines += f"  {label} = {write_value(value, '  ')}\n"
        if self.references.uses_timestamp:
            lines = f"  {self.references.timestamp} = {TIMESTAMP_CODE}\n" + lines
        if lines:
            yield f"locals {{\n{lines}}}\n"
        yield from secret

    def added(self, warnings: list[str]) -> Iterator[str]:
        """Variables that no line of the old template declares. To be asked for when all else is written."""
        for name, label in self.references.undeclared.items():
            warnings.append(
                f'variable "{name}": it is used but was not declared, so its value is empty; '
                "-var can set it."
            )
            yield write_block("variable", [label], {"type": _STRING, "default": ""})
        for name, label in self.references.environment.items():
            yield write_block("variable", [label], {"type": _STRING, "default": env_call(name)})


def _is_local(variable: LegacyVariable) -> bool:
    if variable.default is None:
        return False
    functions = functions_in(variable.default)
    return functions is not None and not functions <= _OF_A_DEFAULT
