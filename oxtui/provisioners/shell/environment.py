"""What a script is told: the environment of Packer and of the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oxtui.component.protocols import ProvisionerSetting
from oxtui.provisioners.shell.options import ScriptOptions


def rendered(
    setting: ProvisionerSetting, values: Mapping[str, Any], text: str, **variables: str
) -> str:
    """The text with its `{{ }}` evaluated; `values` are those of `build`, `variables` join the dot variables.

    Raises:
        InterpolationError: a name is unknown, or an action is malformed.
    """
    return setting.interpolation.with_build(values).render(text, **variables)


def environment(
    options: ScriptOptions, setting: ProvisionerSetting, values: Mapping[str, Any]
) -> dict[str, str]:
    """The scripts' environment, sorted by name: Packer's two names, environment_vars, then env.

    Raises:
        InterpolationError: a name is unknown, or an action is malformed.
    """
    found = {
        "PACKER_BUILD_NAME": setting.build_name,
        "PACKER_BUILDER_TYPE": setting.builder_type,
    }
    for entry in options.environment_vars:
        key, _, value = rendered(setting, values, entry).partition("=")
        found[key] = value
    found.update({key: rendered(setting, values, value) for key, value in options.env.items()})
    return dict(sorted(found.items()))
