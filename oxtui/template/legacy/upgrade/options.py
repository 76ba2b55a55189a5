"""What JSON does not tell and HCL asks for: whether an object is a block, and a text a list.

Without the plugin nobody knows, so this goes by what an object holds, as Packer's own command does, and by
the names of options that are known to be otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeGuard

from oxtui.template.hcl.write import Code, Interpolated, is_name, quote_parts

if TYPE_CHECKING:
    from oxtui.template.hcl.write import Writable

_BLOCKS: Final = frozenset(
    (
        "assume_role",
        "aws_polling",
        "block_device_mapping",
        "content_library_destination",
        "customize",
        "export",
        "linux_options",
        "metadata_options",
        "network_interface",
        "plan_info",
        "shared_image_gallery",
        "shared_image_gallery_destination",
        "temporary_iam_instance_profile_policy_document",
        "vault_aws_engine",
        "windows_options",
    )
)
"""Options that are blocks although texts, numbers and bools alone are in them."""
_MAPS: Final = frozenset(("json", "override", "template_parameters"))
"""Options that are maps although there is more in them."""
_LISTS: Final = frozenset(
    (
        "ami_groups",
        "ami_product_codes",
        "ami_regions",
        "ami_users",
        "security_group_ids",
        "snapshot_groups",
        "snapshot_users",
        "temporary_security_group_source_cidrs",
    )
)
"""Options that are lists, for which JSON may have a text with commas."""


def as_blocks(name: str, value: Writable) -> list[dict[str, Writable]]:
    """The bodies of the blocks that an option is; none if it is an attribute."""
    if name in _MAPS:
        return []
    if isinstance(value, Mapping):
        body = _body(value)
        deep = any(isinstance(item, Mapping) or _is_list(item) for item in value.values())
        return [body] if body is not None and (deep or name in _BLOCKS) else []
    if not _is_list(value):
        return []
    bodies = [_body(item) for item in value]
    found = [body for body in bodies if body is not None]
    return found if len(found) == len(bodies) else []


def _is_list(value: Writable) -> TypeGuard[Sequence[Writable]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _body(value: Writable) -> dict[str, Writable] | None:
    """An object as the body of a block; None if it cannot be one."""
    if not isinstance(value, Mapping):
        return None
    made = {key: item for key, item in value.items() if isinstance(key, str) and is_name(key)}
    return made if len(made) == len(value) else None


def as_list(name: str, value: Writable) -> Writable:
    """The value of an option, which is a list if the option is known to be one."""
    if name not in _LISTS or not isinstance(value, str | Code | Interpolated):
        return value
    if isinstance(value, str):
        return value.split(",") if value else []
    text = value.text if isinstance(value, Code) else quote_parts(value)
    return Code(f'compact(split(",", {text}))')
