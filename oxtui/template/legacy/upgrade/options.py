"""What JSON does not tell and HCL asks for: whether an object is a block, and a text a list.

Without the plugin nobody knows, so this goes by what an object holds, as Packer's own command does, and by
the names of options that are known to be otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
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
        "boot_command",
        "checksum_types",
        "environment_vars",
        "extra_arguments",
        "files",
        "floppy_dirs",
        "floppy_files",
        "inline",
        "iso_urls",
        "only_on",
        "scripts",
        "security_group_ids",
        "snapshot_groups",
        "snapshot_users",
        "sources",
        "temporary_security_group_source_cidrs",
        "valid_exit_codes",
    )
)
"""Options that are lists, for which JSON may have a text with commas."""
_BOOLS: Final = re.compile(
    r"headless|ebs_optimized|encrypt_boot|associate_public_ip_address|keep_input_artifact"
    r"|(?:skip|enable|disable|use|insecure|force)_\w+"
)
"""Options that are true or false, for which JSON may have an empty text."""
_NUMERALS: Final = {"": False, "0": False, "1": True}


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


def strict(name: str, value: Writable, may_be_empty: Collection[str]) -> Writable:
    """The value of an option as HCL asks for it, where its name tells that it is a list, or true or false.

    `may_be_empty` are expressions that can be the empty text.
    """
    if name in _LISTS:
        if isinstance(value, str):
            return value.split(",") if value else []
        if isinstance(value, Code) and not _is_literal(value):
            return Code(f'compact(split(",", {value.text}))')
        if isinstance(value, Interpolated):
            return Code(f'compact(split(",", {quote_parts(value)}))')
    elif _BOOLS.fullmatch(name):
        if isinstance(value, str):
            return _NUMERALS.get(value, value)
        if isinstance(value, Code) and value.text in may_be_empty:
            return Code(f'{value.text} != "" ? {value.text} : "false"')
    return value


def _is_literal(value: Code) -> bool:
    """Whether it is a number, true, false or null of JSON."""
    return value.text[:1] in "-0123456789" or value.text in ("true", "false", "null")
