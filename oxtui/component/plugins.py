"""Plugins of Packer whose components oxtui has itself: where they come from, and which version they are as."""

from __future__ import annotations

from dataclasses import dataclass

from oxtui.template.new import (
    OUTSCALE_PLUGIN_SOURCE,
    OUTSCALE_PLUGIN_VERSION,
    OXIDE_PLUGIN_SOURCE,
    OXIDE_PLUGIN_VERSION,
)


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin."""

    name: str
    """In `required_plugins`: under another one its components would not be found."""
    source: str
    version: str
    """Its newest when the components were written."""
    constraint: str
    """What a template asks for that names no version."""
    title: str
    """What it is for, as an operator calls it."""
    access: str
    """How stock Packer is told of the service, as the end of a sentence."""
    older: tuple[str, ...] = ()
    """Other beginnings of its components' names."""

    def brings(self, component: str) -> bool:
        """Whether a component is one of this plugin: its name begins with the plugin's."""
        return component.startswith(tuple(f"{each}-" for each in (self.name, *self.older)))


PLUGINS = (
    Plugin(
        "oxide", OXIDE_PLUGIN_SOURCE, "0.9.0", OXIDE_PLUGIN_VERSION, "rack",
        "OXIDE_HOST and OXIDE_TOKEN, or OXIDE_PROFILE",
    ),
    Plugin(
        "outscale", OUTSCALE_PLUGIN_SOURCE, "1.6.1", OUTSCALE_PLUGIN_VERSION, "Outscale account",
        "OSC_ACCESS_KEY, OSC_SECRET_KEY and OSC_REGION, or OSC_PROFILE", ("osc",),
    ),
)  # fmt: skip


def plugin_of(component: str) -> Plugin | None:
    """The plugin that a component is of; None for one of Packer itself, or of a plugin that is not here."""
    return next((plugin for plugin in PLUGINS if plugin.brings(component)), None)
