"""Reading templates: `load_template` from files, `parse_template` and `parse_texts` from text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.template.hcl.causes import causes
from oxtui.template.hcl.diagnostic import Diagnostic, Severity
from oxtui.template.hcl.evaluate.typespec import Defaults
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.tree.bodies import Body
from oxtui.template.hcl.tree.expressions import Template as TemplateNode
from oxtui.template.hcl.tree.expressions import TemplateText
from oxtui.template.hcl.values.types import STRING
from oxtui.template.json.bodies import parse_json_body
from oxtui.template.legacy.read import read_legacy
from oxtui.template.model import Template, TemplateFile, VariableDeclaration
from oxtui.template.read.files import (
    HCL_SUFFIX,
    JSON_SUFFIX,
    auto_var_files,
    is_hcl,
    read_text,
    template_files,
)
from oxtui.template.read.root import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from oxtui.template.hcl.tree.expressions import TemplatePart


def load_template(path: Path | Sequence[Path]) -> Template:
    """Reads a file, a folder of files, or several files as one template.

    Never raises for what stands in the files, nor for files that cannot be read: see
    `Template.diagnostics`.
    """
    paths = [path] if isinstance(path, Path) else list(path)
    first = paths[0] if paths else Path()
    folder = first if first.is_dir() else first.parent
    template = Template(folder)
    try:
        files = [file for given in paths for file in template_files(given)]
        template.auto_var_files = [file for given in paths for file in auto_var_files(given)]
    except OSError as problem:
        _add(template, "Failed to read folder", f"{problem.filename}: {problem.strerror}.")
        return template
    if not files:
        _add(template, "No configuration file", f"Could not find any config file in {first}.")
    sources: list[SourceFile] = []
    for file in files:
        source, problems = read_text(file, str(file))
        template.diagnostics += problems
        if source is not None:
            sources.append(source)
    return _of_sources(template, sources)


def parse_texts(texts: Mapping[str, str], folder: Path | None = None) -> Template:
    """Reads a template from the texts of its files, by the files' names, in that order.

    `folder` is the folder that was opened, whose variable files count; None for a single file.
    """
    template = Template(folder or Path(next(iter(texts), "")).parent)
    if folder is not None:
        try:
            template.auto_var_files = auto_var_files(folder)
        except OSError as problem:
            _add(template, "Failed to read folder", f"{problem.filename}: {problem.strerror}.")
    return _of_sources(template, [SourceFile(name, text) for name, text in texts.items()])


def _of_sources(template: Template, sources: Iterable[SourceFile]) -> Template:
    files = list(sources)
    if len(files) == 1 and is_legacy(files[0]):
        return _read_legacy(template, files[0])
    read = [source for source in files if _is_hcl(template, Path(source.name))]
    return _read(template, [(source, *parse_file(source)) for source in read])


def parse_template(text: str, filename: str) -> Template:
    """Reads a template from text. `filename` is for messages, and says which language and folder it is in."""
    source = SourceFile(filename, text)
    if is_legacy(source):
        return _read_legacy(Template(Path(source.name).parent), source)
    return template_of(source, *parse_file(source))


def parse_file(source: SourceFile) -> tuple[Body, list[Diagnostic]]:
    """The body of a file of HCL, in the syntax that its name tells."""
    return parse_json_body(source) if source.name.endswith(JSON_SUFFIX) else parse_body(source)


def template_of(source: SourceFile, body: Body, diagnostics: Iterable[Diagnostic]) -> Template:
    """The template of one file that was parsed already."""
    template = Template(Path(source.name).parent)
    return _read(template, [(source, body, diagnostics)])


def is_legacy(source: SourceFile) -> bool:
    """Whether a file is a legacy JSON template: what has no suffix of HCL's, as in Packer (packer.md 0)."""
    if source.name.endswith((HCL_SUFFIX, JSON_SUFFIX, ".hcl")):
        return False
    return source.name.endswith(".json") or source.text.lstrip("\ufeff \t\r\n").startswith("{")


def _read_legacy(template: Template, source: SourceFile) -> Template:
    """Adds a legacy template; its variables are declared as those of HCL are, for all who list them."""
    legacy, problems = read_legacy(source)
    template.legacy = legacy
    template.files.append(TemplateFile(source, Body(Span(0, len(source.text)))))
    template.diagnostics += problems
    for name, variable in legacy.variables.items():
        default = variable.default
        parts: list[TemplatePart] = [TemplateText(variable.span, default)] if default else []
        template.variables[name] = VariableDeclaration(
            name=name,
            type=STRING,
            type_defaults=Defaults(),
            default=None if default is None else TemplateNode(variable.span, parts, '"'),
            description="",
            sensitive=name in legacy.sensitive,
            validations=(),
            span=variable.span,
            file=source,
        )
    return template


def _is_hcl(template: Template, path: Path) -> bool:
    if is_hcl(path.name) or path.name.endswith(JSON_SUFFIX):
        return True
    detail = (
        f"{path} ends in neither {HCL_SUFFIX} nor {JSON_SUFFIX}, and it is no legacy template in JSON. "
        f"HCL is read from files that end in {HCL_SUFFIX}."
    )
    _add(template, "Unsupported template format", detail)
    return False


def _add(template: Template, summary: str, detail: str) -> None:
    template.diagnostics.append(Diagnostic(Severity.ERROR, summary, detail))


def _read(
    template: Template, parsed: Iterable[tuple[SourceFile, Body, Iterable[Diagnostic]]]
) -> Template:
    files = list(parsed)
    for _, _, problems in files:
        template.diagnostics += problems
    for source, body, _ in files:
        read_file(template, TemplateFile(source, body))
    told = causes(template.diagnostics)
    template.diagnostics = [with_context(template, found) for found in told]
    return template


def with_context(template: Template, diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic with the name of the top-level block that it lies in, for its first line."""
    if diagnostic.context is not None or diagnostic.span is None:
        return diagnostic
    for file in template.files:
        if file.source is diagnostic.file:
            for block in file.body.blocks:
                if block.span.contains(diagnostic.span.start):
                    return replace(diagnostic, context=block.title)
    return diagnostic
