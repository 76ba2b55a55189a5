"""What a template says, read but not evaluated: the parts of a build, each with its place in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.typespec import Defaults
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.tree.bodies import Attribute, Block, Body
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.legacy.model import LegacyTemplate


@dataclass(frozen=True)
class TemplateFile:
    """One file of a template: its text and what could be read of it."""

    source: SourceFile
    body: Body


@dataclass(frozen=True)
class RequiredPlugin:
    """An entry of `required_plugins`."""

    name: str
    source: str
    version: str
    span: Span
    file: SourceFile


@dataclass(frozen=True)
class RequiredVersion:
    """`required_version` of a `packer` block: constraints such as `>= 1.9`."""

    constraints: str
    span: Span
    file: SourceFile


@dataclass(frozen=True)
class Validation:
    """A `validation` block of a variable."""

    condition: Expression
    error_message: Expression
    span: Span


@dataclass(frozen=True)
class VariableDeclaration:
    """A `variable` block, or one line of `variables`.

    `type` is None where the block names none; `default` is None for a variable that must be set.
    """

    name: str
    type: Type | None
    type_defaults: Defaults
    default: Expression | None
    description: str
    sensitive: bool
    validations: tuple[Validation, ...]
    span: Span
    file: SourceFile


@dataclass(frozen=True)
class LocalDeclaration:
    """One line of `locals`, or a `local` block."""

    name: str
    expression: Expression
    sensitive: bool
    span: Span
    file: SourceFile


class ComponentKey(NamedTuple):
    """How a source or a data source is called: type and name."""

    type: str
    name: str

    def __str__(self) -> str:
        return f"{self.type}.{self.name}"


@dataclass(frozen=True)
class ComponentDeclaration:
    """A `source` or `data` block."""

    key: ComponentKey
    block: Block
    file: SourceFile


@dataclass(frozen=True)
class BuildDeclaration:
    """A `build` block. Its parts may still come from `dynamic` blocks, so they stay in the block."""

    block: Block
    name: Attribute | None
    description: Attribute | None
    sources: Attribute | None
    file: SourceFile

    def provisioners(self) -> list[Block]:
        """The provisioners that stand in the text, in the order in which they run."""
        return self.block.body.blocks_of("provisioner")

    def chains(self) -> list[list[Block]]:
        """The chains of post-processors that stand in the text; one alone is a chain of one."""
        found: list[list[Block]] = []
        for block in self.block.body.blocks:
            if block.type == "post-processor":
                found.append([block])
            elif block.type == "post-processors":
                found.append(block.body.blocks_of("post-processor"))
        return found


@dataclass(repr=False)
class Template:
    """All files of a template together, and every problem met while reading them.

    `folder` is the folder as it was given; `file()` and the like look for files there.
    `auto_var_files` are the variable files that a folder brings along, in order of rising precedence.
    """

    folder: Path
    auto_var_files: list[Path] = field(default_factory=list)
    files: list[TemplateFile] = field(default_factory=list)
    required_versions: list[RequiredVersion] = field(default_factory=list)
    required_plugins: list[RequiredPlugin] = field(default_factory=list)
    variables: dict[str, VariableDeclaration] = field(default_factory=dict)
    locals: dict[str, LocalDeclaration] = field(default_factory=dict)
    data: dict[ComponentKey, ComponentDeclaration] = field(default_factory=dict)
    sources: dict[ComponentKey, ComponentDeclaration] = field(default_factory=dict)
    builds: list[BuildDeclaration] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    root: str = ""
    """`path.root`: the folder just as it was given, where its text is known."""
    legacy: LegacyTemplate | None = None
    """What a legacy JSON template says; sources and builds are then empty, variables are not."""

    def __repr__(self) -> str:
        return f"Template({[file.source.name for file in self.files]})"

    @property
    def text(self) -> str:
        """The text of all files, one after the other."""
        return "\n".join(file.source.text for file in self.files)

    @property
    def has_errors(self) -> bool:
        """Whether it cannot be used as it is."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)
