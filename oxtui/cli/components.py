"""Where the components of a template come from: oxtui itself, or a plugin of Packer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oxtui.component.plugins import PLUGINS, plugin_of
from oxtui.component.registry import COMPONENTS, NOT_YET, OWN, ComponentKind
from oxtui.template.hcl.tree.bodies import Block
from oxtui.template.legacy.upgrade.plugins import required_plugins
from oxtui.template.model import RequiredPlugin, Template
from oxtui.template.read.versions import PACKER_VERSION, allows


@dataclass(frozen=True, slots=True)
class Need:
    """A component, or a required plugin, and who provides it."""

    name: str
    kind: str
    provided: str
    built_in: bool


def needs(template: Template) -> list[Need]:
    """Each component that the template uses, once, in the order of kinds; then the plugins that it requires."""
    used = list(dict.fromkeys(_used(template)))
    found = [_component(kind, name, template.required_plugins) for kind, name in used]
    names = [name for _, name in used]
    return found + [_plugin(each, names) for each in template.required_plugins]


def _used(template: Template) -> Iterator[tuple[ComponentKind, str]]:
    if template.legacy is not None:
        yield from (("builder", each.type) for each in template.legacy.builders)
        cleanup = template.legacy.error_cleanup
        provisioners = [*template.legacy.provisioners, *([cleanup] if cleanup else [])]
        yield from (("provisioner", each.type) for each in provisioners)
        for chain in template.legacy.post_processors:
            yield from (("post-processor", each.type) for each in chain)
        return
    yield from (("data source", key.type) for key in template.data)
    yield from (("builder", key.type) for key in template.sources)
    for build in template.builds:
        cleanup_blocks = build.block.body.blocks_of("error-cleanup-provisioner")
        for block in [*build.provisioners(), *cleanup_blocks]:
            yield "provisioner", _label(block)
    for build in template.builds:
        for blocks in build.chains():
            yield from (("post-processor", _label(block)) for block in blocks)


def _label(block: Block) -> str:
    return block.labels[0].value if block.labels else ""


def _component(kind: ComponentKind, name: str, plugins: list[RequiredPlugin]) -> Need:
    if name in OWN.get(kind, {}):
        return Need(name, kind, "built in, and unknown to Packer", built_in=True)
    if name in COMPONENTS[kind]:
        plugin = plugin_of(name)
        of = f"plugin {plugin.source} {plugin.version}" if plugin else f"Packer {PACKER_VERSION}"
        return Need(name, kind, f"built in, as of {of}", built_in=True)
    if name in NOT_YET[kind]:
        return Need(name, kind, "packer, which has it itself", built_in=False)
    for required in plugins:
        if _brings(required, name):
            told = f"packer, with plugin {required.source} {required.version}".rstrip()
            return Need(name, kind, told, built_in=False)
    known = required_plugins([name])
    told = "".join(f", with plugin {each['source']}" for each in known.values())
    return Need(name, kind, f"packer{told or ', with a plugin that has it'}", built_in=False)


def _plugin(plugin: RequiredPlugin, used: list[str]) -> Need:
    kind = f"required plugin {plugin.version}".rstrip()
    ours = {each.source: each.version for each in PLUGINS}
    if (version := ours.get(plugin.source)) is not None:
        told = f"built in, as of {version}"
        if not allows(plugin.version, version):
            told += ", which is another version"
        return Need(plugin.name, kind, told, built_in=True)
    if not any(_brings(plugin, name) for name in used):
        return Need(plugin.name, kind, "not used by the template", built_in=True)
    return Need(plugin.name, kind, f"packer, with plugin {plugin.source}", built_in=False)


def _brings(plugin: RequiredPlugin, component: str) -> bool:
    """A plugin's components are called as it, or begin with its name and a dash."""
    return component == plugin.name or component.startswith(f"{plugin.name}-")
