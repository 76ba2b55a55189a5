"""Renders the configuration of a builder, provisioner or post-processor of a legacy JSON template.

Packer does so once, before anything runs: each string in it, and each name in maps below the options.
Options that the component renders itself later are only read, so a mistake in one is found too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from oxtui.template.legacy.interpolate import Interpolation, InterpolationError

_MAX_DEPTH: Final = 100


def render_configuration(
    interpolation: Interpolation, configuration: Mapping[str, Any], exclude: Collection[str] = ()
) -> dict[str, Any]:
    """The configuration with its strings rendered; options named in `exclude` stay as they are.

    Raises:
        InterpolationError: of the first string that cannot be rendered; it names the option.
    """
    left = {name.lower() for name in exclude}
    rendered: dict[str, Any] = {}
    for name, value in configuration.items():
        try:
            changed = _rendered(interpolation, value, 0, only_read=name.lower() in left)
        except InterpolationError as error:
            error.problem = f"{error.problem} (in the option {name})"
            raise
        rendered[name] = changed
    return rendered


def _rendered(interpolation: Interpolation, value: Any, depth: int, *, only_read: bool) -> Any:
    if depth > _MAX_DEPTH:
        raise InterpolationError(f"more than {_MAX_DEPTH} lists and maps lie in each other")
    if isinstance(value, str):
        interpolation.check(value)
        return value if only_read else interpolation.render(value)
    if isinstance(value, Mapping):
        return {
            _rendered(interpolation, key, depth + 1, only_read=only_read): _rendered(
                interpolation, item, depth + 1, only_read=only_read
            )
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_rendered(interpolation, item, depth + 1, only_read=only_read) for item in value]
    return value
