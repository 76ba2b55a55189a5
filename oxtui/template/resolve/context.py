"""The objects that expressions may refer to: path, packer, source and build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import object_of, string, unknown
from oxtui.template.read.versions import PACKER_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.template.hcl.values.value import Value

# What `build` has beside `name` once a build runs, whatever the builder.
BUILD_FIELDS: Final = (
    "ID",
    "Host",
    "Port",
    "User",
    "Password",
    "ConnType",
    "PackerRunUUID",
    "PackerHTTPIP",
    "PackerHTTPPort",
    "PackerHTTPAddr",
    "SSHPublicKey",
    "SSHPrivateKey",
    "SSHPrivateKeyFile",
    "SSHAgentAuth",
    "WinRMPassword",
)


UNKNOWN: Final = "<unknown>"
"""What stands for a value that is known only while the build runs, or never, as in Packer (packer.md 1.4)."""


def unknown_build() -> dict[str, str]:
    """The fields of `build` of which nothing is known."""
    return dict.fromkeys(BUILD_FIELDS, UNKNOWN)


def path_object(root: str) -> Value:
    """`path`: the template's folder as given, and the folder that the process works in."""
    return object_of({"cwd": string(str(Path.cwd())), "root": string(root)})


def packer_object() -> Value:
    """`packer`: which language version this is."""
    empty = string("")
    return object_of(
        {"version": string(PACKER_VERSION), "iterationID": empty, "versionFingerprint": empty}
    )


def source_object(kind: str, local_name: str) -> Value:
    """`source`: type and name of the source that a build starts from."""
    return object_of({"type": string(kind), "name": string(local_name)})


def planned_build_object(build_name: str, more: Iterable[str] = ()) -> Value:
    """`build` before a build runs: its name, and everything else not known yet.

    `more` names what the builder will add to the usual fields.
    """
    fields = {name: unknown(STRING) for name in (*BUILD_FIELDS, *more)}
    return object_of({**fields, "name": string(build_name)})
