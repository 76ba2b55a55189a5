"""Changes that are more than a renaming. What each does was seen by asking Packer 1.6.6 for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.json.nodes import Number

if TYPE_CHECKING:
    from oxtui.template.json.plain import Plain
    from oxtui.template.legacy.fixes.changes import Component

_CREATE_TIME = re.compile(r"\{\{\s*\.CreateTime\s*\}\}")
_CLEAN_NAME = re.compile(r"clean_(?:image|ami)_name")
_POWERSHELL_ESCAPE = re.compile(r"`([$\"`'])")
_TRUE: Final = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE: Final = frozenset(("0", "f", "F", "false", "FALSE", "False"))
VAGRANT_PROVIDERS: Final = ("aws", "digitalocean", "virtualbox", "vmware")
"""Those whose options stood in the post-processor itself, before there was `override`."""


def md5_checksum(component: Component) -> None:
    """`iso_md5` in the form that `checksum_of_type` expects."""
    if isinstance(component.get("iso_md5"), str):
        component["iso_checksum"] = component.pop("iso_md5")
        component["iso_checksum_type"] = "md5"


def checksum_of_type(component: Component) -> None:
    """One option for a checksum: `TYPE:SUM`, or `file:URL` of a file with sums, or `none`.

    For the type `none` Packer writes `none:SUM`, which its builders refuse; here it is `none`.
    """
    url, kind = component.pop("iso_checksum_url", None), component.pop("iso_checksum_type", None)
    checksum = component.get("iso_checksum")
    if isinstance(url, str) and url:
        component["iso_checksum"] = f"file:{url}"
    elif isinstance(kind, str) and kind.lower() == "none":
        component["iso_checksum"] = "none"
    elif isinstance(kind, str) and kind and isinstance(checksum, str) and checksum:
        component["iso_checksum"] = f"{kind}:{checksum}"


def create_time(text: str) -> str:
    """`{{.CreateTime}}` as `{{timestamp}}`."""
    return _CREATE_TIME.sub("{{timestamp}}", text)


def clean_resource_name(text: str) -> str:
    """The function that cleans names, under the one name that is left of three."""
    return _CLEAN_NAME.sub("clean_resource_name", text)


def unescaped(text: str) -> str:
    """Text without PowerShell's escapes, which Packer adds by itself now."""
    return _POWERSHELL_ESCAPE.sub(r"\1", text)


def unescape_environment(component: Component) -> None:
    """`environment_vars` of PowerShell without its escapes."""
    there = component.get("environment_vars")
    if isinstance(there, list):
        component["environment_vars"] = [
            unescaped(item) if isinstance(item, str) else item for item in there
        ]


def guest_additions(component: Component) -> None:
    """`guest_additions_attach`, yes or no, as a mode."""
    attach = component.get("guest_additions_attach")
    if isinstance(attach, bool):
        del component["guest_additions_attach"]
        component["guest_additions_mode"] = "attach" if attach else "upload"


def vagrant_override(component: Component) -> None:
    """Options of a provider into `override`. Those that stand there already stay, which Packer loses."""
    moved: Component = {
        name: component.pop(name) for name in VAGRANT_PROVIDERS if name in component
    }
    if moved:
        there = component.get("override")
        component["override"] = {**there, **moved} if isinstance(there, dict) else moved


def private_ip(component: Component) -> str | None:
    """`ssh_private_ip`, yes or no, as `ssh_interface`; that one wins where both are there."""
    value = component.get("ssh_private_ip")
    if "ssh_interface" in component or value is None:
        return None
    text = value if isinstance(value, str) else str(value).lower()
    if isinstance(value, Number):
        text = value.text
    if text not in _TRUE | _FALSE:
        return (
            '"ssh_private_ip" is neither true nor false, so it stays; write "ssh_interface": '
            '"private_ip" or "public_ip" in its place'
        )
    del component["ssh_private_ip"]
    component["ssh_interface"] = "private_ip" if text in _TRUE else "public_ip"
    return None


def source_cidrs(component: Component) -> None:
    """The network from which the machine is reached, as a list of networks."""
    one = component.get("temporary_security_group_source_cidr")
    if isinstance(one, str):
        del component["temporary_security_group_source_cidr"]
        component["temporary_security_group_source_cidrs"] = [one]


def docker_tags(component: Component) -> None:
    """`tag` and `tags` as one list `tags`, which is written even if it is empty, as in Packer."""
    if not all(isinstance(component.get(name, []), str | list) for name in ("tag", "tags")):
        return
    component["tags"] = [*_items(component.pop("tag", [])), *_items(component.get("tags", []))]


def _items(value: Plain) -> list[Plain]:
    """A list as it is, or the items of a text in which commas part them."""
    if isinstance(value, list):
        return value
    return list(value.split(",")) if isinstance(value, str) else []


def compaction(component: Component) -> None:
    """Disks on ESXi that cannot be compacted are not to be; those of no type are `zeroedthick`."""
    if component.get("remote_type") != "esx5":
        return
    kind = component.setdefault("disk_type_id", "zeroedthick")
    if kind != "thin":
        component["skip_compaction"] = True


def disk_size_with_unit(component: Component) -> None:
    """A number of mebibytes as a text with the unit; a fraction of one is dropped."""
    size = component.get("disk_size")
    if isinstance(size, Number) and abs(float(size.text)) < 2**63:
        component["disk_size"] = f"{int(float(size.text))}M"
