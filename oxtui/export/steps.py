"""One provisioner or post-processor as it ran in the end: edited options, an edited script, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from oxtui.component.options import Options, OptionSpec, option_specs
from oxtui.component.registry import ComponentKind, UnknownComponent, component
from oxtui.export.draft import Draft
from oxtui.export.told import Outcome
from oxtui.export.written import same_value, set_list, writable
from oxtui.logs.redact import MARK
from oxtui.provisioners.shell.options import ScriptOptions
from oxtui.provisioners.shell.script import inline_script
from oxtui.template.component_body import ComponentBody, DecodedAttribute
from oxtui.template.hcl.write import Code, Writable, quote


class ScriptFiles:
    """Where scripts that were edited go, if they are to be files; each has a name of its own."""

    def __init__(self, folder: Path | None, target: Path | None) -> None:
        self.folder = folder
        self._beside = target.parent if target is not None else None
        self._taken: set[str] = set()

    def place(self, name: str) -> tuple[Path, Writable]:
        """A path for a script called `name`, and how the template names it."""
        stem, suffix = Path(name).stem, Path(name).suffix or ".sh"
        copies = 1
        while (free := f"{stem}{'' if copies == 1 else f'-{copies}'}{suffix}") in self._taken:
            copies += 1
        self._taken.add(free)
        path = (self.folder or Path()) / free
        return path, self.named(path)

    def named(self, path: Path) -> Writable:
        """How the template names a file: by its own folder, where the file is in it."""
        if self._beside is not None and path.is_relative_to(self._beside):
            inside = quote(path.relative_to(self._beside).as_posix())
            return Code('"${path.root}/' + inside[1:])
        return path.as_posix()


def apply_outcome(
    draft: Draft,
    address: str,
    body: ComponentBody,
    outcome: Outcome,
    title: str,
    files: ScriptFiles,
) -> None:
    """Makes the provisioner or post-processor at an address what it was at the end of the session."""
    if outcome.skipped:
        draft.document.switch(address, on=False)
        draft.notes.append(
            f"Step {title} was skipped, so it is commented out; what it may have done before it "
            "failed is not in the template."
        )
        return
    if not outcome.changes:
        return
    known = body.evaluate().attributes
    changes = dict(outcome.changes)
    try:
        options = component(cast("ComponentKind", body.kind), body.type).Options
    except UnknownComponent:
        options = Options
    if issubclass(options, ScriptOptions) and "inline" in changes:
        lines = _lines(changes.pop("inline"))
        _set_script(draft, address, known, lines, changes, files, title.split(" ")[0])
    specs = {spec.name: spec for spec in option_specs(options)}
    for name, value in changes.items():
        _set(draft, address, name, known.get(name), value, specs.get(name))
    draft.notes.append(f"Step {title} is as it was edited in the session.")


def _lines(commands: Any) -> list[str]:
    """Commands, one a line: what ran was all of them joined by line breaks."""
    return "\n".join(str(command) for command in commands).split("\n")


def _set(
    draft: Draft,
    address: str,
    name: str,
    known: DecodedAttribute | None,
    value: Any,
    spec: OptionSpec | None,
) -> None:
    """Gives an option its value; one that went back to its default is taken out."""
    written = writable(value, spec)
    if value is None or (spec is not None and not spec.required and value == spec.default):
        draft.document.remove(address, name)
        return
    if same_value(known, value if isinstance(value, int | float) else written, spec):
        return
    span = draft.document.span_of(address, name)
    block = None if span is None else draft.document.body.block_at(span.start)
    if known is not None and block is not None and isinstance(written, list):
        set_list(draft, address, block.body.attributes[name], known, written)
    else:
        draft.document.set(address, name, written)


def _set_script(
    draft: Draft,
    address: str,
    known: Mapping[str, DecodedAttribute],
    lines: list[str],
    changes: dict[str, Any],
    files: ScriptFiles,
    number: str,
) -> None:
    """The commands that ran, as `inline`, or as the script file that they were before.

    A shebang among the commands becomes `inline_shebang`: before 1.16, Packer put one of its own
    above it, and the commands then ran in another shell.
    """
    held = next((name for name in ("command", "script", "scripts") if name in known), None)
    shebang = changes.get("inline_shebang") or _text(known.get("inline_shebang"))
    whole = inline_script(lines, shebang).text.decode()
    if held in ("script", "scripts") and files.folder is not None:
        if MARK not in whole and "{{" not in whole:
            changes.pop("inline_shebang", None)
            path, written = files.place(f"{number}-{_script_name(known[held])}")
            draft.scripts[path] = whole
            if held == "scripts":
                draft.document.set(address, held, "")
                _rename(draft, address, held, "script")
            draft.document.set(address, "script", written)
            return
        draft.notes.append(
            f"{_script_name(known[held])} stays inline: a file can hold no variable and no {{{{ }}}}."
        )
    if lines[0].startswith("#!") and not shebang:
        changes["inline_shebang"] = lines.pop(0)[2:].strip()
    if held is not None:
        draft.document.set(address, held, list(lines))
        _rename(draft, address, held, "inline")
        for other in {"command", "script", "scripts"} - {held}:
            draft.document.remove(address, other)
        return
    _set(draft, address, "inline", known.get("inline"), list(lines), None)


def _rename(draft: Draft, address: str, old: str, new: str) -> None:
    span = draft.document.span_of(address, old)
    if span is not None:
        draft.replace(span.start, span.start + len(old), new)


def _text(attribute: DecodedAttribute | None) -> str:
    data = None if attribute is None else attribute.value.data
    return data if isinstance(data, str) else ""


def _script_name(attribute: DecodedAttribute) -> str:
    """A file name for what an attribute named."""
    data = attribute.value.data
    if isinstance(data, tuple) and data:
        data = data[0].data
    name = Path(data).name if isinstance(data, str) else ""
    return re.sub(r"[^\w.+-]", "-", name) or "script.sh"
