"""Reading templates: `load_template` from files, `parse_template` and `parse_texts` from text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.template.hcl.causes import causes
from oxtui.template.hcl.diagnostic import Diagnostic, Severity
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile
from oxtui.template.model import Template, TemplateFile
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

    from oxtui.template.hcl.tree.bodies import Body


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
    read = [source for source in sources if _is_hcl(template, Path(source.name))]
    return _read(template, [(source, *parse_body(source)) for source in read])


def parse_template(text: str, filename: str) -> Template:
    """Reads a template from text. `filename` is for messages and says which folder it is in."""
    source = SourceFile(filename, text)
    return template_of(source, *parse_body(source))


def template_of(source: SourceFile, body: Body, diagnostics: Iterable[Diagnostic]) -> Template:
    """The template of one file that was parsed already."""
    template = Template(Path(source.name).parent)
    return _read(template, [(source, body, diagnostics)])


def _is_hcl(template: Template, path: Path) -> bool:
    if is_hcl(path.name):
        return True
    if path.name.endswith(JSON_SUFFIX):
        detail = f"{path} is HCL in JSON syntax; only HCL in its own syntax can be opened ({HCL_SUFFIX})."
    else:
        detail = (
            f"{path} does not end in {HCL_SUFFIX}. A legacy JSON template can be made into one with "
            f"`packer hcl2_upgrade {path}`."
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
