"""What a legacy template and the one in HCL that it became come to, so that they can be compared."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.template.legacy.interpolate import Interpolation
from oxtui.template.legacy.upgrade import Upgraded, upgrade
from oxtui.template.load import parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.resolve.context import BUILD_FIELDS
from oxtui.template.values import from_python, to_python
from oxtui.template.variables import VariableInputs

if TYPE_CHECKING:
    import pytest

    from oxtui.template.component_body import ComponentBody, DecodedBody
    from oxtui.template.resolve.members import Members

STARTED = datetime(2021, 2, 3, 4, 5, 6, tzinfo=UTC)
BUILD = {name: f"<{name}>" for name in BUILD_FIELDS}
DOTS = {
    name: f"<.{name}>"
    for name in (
        "Vars", "Path", "Name", "HTTPIP", "HTTPPort", "Provider", "SourceAMI", "BuildName",
        "ChecksumType", "X",
    )
}  # fmt: skip
LISTS = frozenset(("ami_regions", "inline", "valid_exit_codes"))
"""Options that a component takes as a list, so that a text with commas is one in JSON."""
BOOLS = frozenset(("headless", "skip_clean", "skip_create_image", "use_env_var_file"))
"""Options that a component takes as true or false, so that an empty text is one in JSON."""


class _Frozen(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return STARTED.astimezone(tz)


def freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything start at the same moment, and every UUID be the same."""
    monkeypatch.setattr("oxtui.template.resolve.legacy_values.datetime", _Frozen)
    monkeypatch.setattr("oxtui.template.hcl.functions.table.datetime", _Frozen)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7))


def upgraded(text: str, *, annotated: bool = False) -> Upgraded:
    """A legacy template as HCL; it must be readable."""
    template = parse_template(text, "t.json")
    assert template.legacy is not None
    assert [str(each) for each in template.diagnostics] == []
    return upgrade(template.legacy, annotated=annotated)


async def both(
    text: str, environ: dict[str, str], *assignments: str
) -> tuple[Resolved, Resolved, Upgraded]:
    """The legacy template and the upgraded one, with values; and the latter's text."""
    made = upgraded(text)
    inputs = VariableInputs(environ, (), assignments)
    old = await resolve(parse_template(text, "t.json"), inputs)
    new = await resolve(parse_template(made.text, "t.json.pkr.hcl"), inputs)
    return old, new, made


def plan(resolved: Resolved) -> dict[str, dict[str, Any]]:
    """By the name of each build, everything that it would do."""
    assert [str(each) for each in resolved.diagnostics] == []
    found: dict[str, dict[str, Any]] = {}
    for build in resolved.builds:
        found[build.local_name] = {
            "type": build.source_type,
            "description": build.description,
            "source": _options(build.body, build.local_name, build.source_type),
            **_members(build, build.local_name, build.source_type),
        }
    return found


def _members(members: Members, name: str, kind: str) -> dict[str, Any]:
    cleanup = [] if members.error_cleanup is None else [members.error_cleanup]
    return {
        "provisioners": [_member(each, name, kind) for each in members.provisioners],
        "cleanup": [_member(each, name, kind) for each in cleanup],
        "chains": [[_member(e, name, kind) for e in chain] for chain in members.post_processors],
    }


def _member(body: ComponentBody, name: str, kind: str) -> tuple[Any, ...]:
    common = replace(body.common, name=body.name, only=(), except_=())
    return body.kind, body.type, common, _options(body, name, kind)


def _options(body: ComponentBody, name: str, kind: str) -> dict[str, Any]:
    decoded = body.evaluate({"build": from_python({**BUILD, "name": ""})})
    assert [str(each) for each in decoded.diagnostics] == []
    known = decoded.interpolation or Interpolation(
        started=STARTED, build=BUILD, build_name=name, builder_type=kind
    )
    rendering = replace(
        known, variables=DOTS, functions={"clean_resource_name": lambda text: f"<clean {text}>"}
    )
    return _body(decoded, rendering)


def _body(decoded: DecodedBody, rendering: Interpolation) -> dict[str, Any]:
    found = {name: to_python(attribute.value) for name, attribute in decoded.attributes.items()}
    for block in decoded.blocks:
        found.setdefault(block.type, []).append(_body(block.body, rendering))
    return {name: _loose(name, _rendered(value, rendering)) for name, value in found.items()}


def _rendered(value: Any, rendering: Interpolation) -> Any:
    if isinstance(value, str):
        return rendering.render(value)
    if isinstance(value, list | tuple):
        return [_rendered(item, rendering) for item in value]
    if isinstance(value, dict):
        return {rendering.render(key): _rendered(item, rendering) for key, item in value.items()}
    return value


def _loose(name: str, value: Any) -> Any:
    """A value as loosely as Packer takes it: one block is an object, a text with commas may be a list."""
    if name in LISTS and isinstance(value, str):
        return value.split(",") if value else []
    if name in BOOLS and isinstance(value, str):
        return {"": False, "0": False, "1": True, "true": True, "false": False}[value]
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return value[0]
    return value


EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.json"))
