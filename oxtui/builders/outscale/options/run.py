"""The temporary VM: what it is made from, where it is, how it is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from oxtui.builders.outscale.options.filters import (
    ImageFilter,
    NetFilter,
    SecurityGroupFilter,
    SubnetFilter,
)
from oxtui.communicators.ssh.options import DEFAULT_WAIT, SshOptions
from oxtui.component.options import block, option

SOURCE = "Source"
NETWORK = "Network"
VM = "VM"

SSH_SECONDS = 600.0
"""To wait for a login where the template says nothing; twice what other builders wait."""


class RunOptions(SshOptions):
    """A VM that is made for the build."""

    without_effect: ClassVar[Mapping[str, str]] = {
        "bsu_optimized": "the API ignores it",
        "block_duration_minutes": "Outscale has no spot VMs",
        "enable_t2_unlimited": "Outscale has no such credits",
        "iam_vm_profile": "Outscale gives no roles to VMs",
        "windows_password_timeout": "oxtui reaches machines over SSH alone",
    }

    source_omi: str = option(
        "", help="Id of the image to begin with.", lookup="omis", by="id", group=SOURCE
    )
    vm_type: str = option(
        help="Type of the VM, such as tinav6.c2r4p2.", lookup="vm-types", by="name", group=VM
    )
    subregion_name: str = option(
        "",
        help="Subregion; that of the subnet if empty.",
        lookup="subregions",
        by="name",
        group=NETWORK,
    )
    net_id: str = option(
        "", help="Net of the VM; the public Cloud if empty.", lookup="nets", by="id", group=NETWORK
    )
    subnet_id: str = option("", help="Subnet of the VM.", lookup="subnets", by="id", group=NETWORK)
    security_group_id: str = option(
        "",
        help="One security group that is there.",
        lookup="security-groups",
        by="id",
        group=NETWORK,
    )
    security_group_ids: list[str] = option(
        list, help="Security groups that are there; a temporary one is made without.",
        lookup="security-groups", by="id", group=NETWORK,
    )  # fmt: skip
    temporary_security_group_source_cidr: str = option(
        "0.0.0.0/0", help="Addresses that the temporary group lets in.", group=NETWORK
    )
    associate_public_ip_address: bool = option(
        False, help="Give the VM a public IP of its own, for the build.", group=NETWORK
    )
    ssh_interface: Literal["", "public_ip", "private_ip", "public_dns", "private_dns"] = option(
        "", help="Address to log in at; the public IP before others if empty.", group=NETWORK
    )
    user_data: str = option("", help="User data of the VM; oxtui encodes it.", group=VM)
    user_data_file: str = option("", help="File with the user data.", lookup="files", group=VM)
    shutdown_behavior: Literal["stop", "terminate"] = option(
        "stop", help="What becomes of the VM when the guest shuts down.", group=VM
    )
    disable_stop_vm: bool = option(
        False, help="Do not stop the VM: a provisioner shuts the guest down.", group=VM
    )
    run_tags: dict[str, str] = option(
        dict, help="Tags of the VM; its Name is Packer Builder if none is given.",
        template=True, group=VM,
    )  # fmt: skip
    boot_mode: Literal["", "legacy", "uefi"] = option(
        "", help="How the VM boots; as the image says if empty.", group=VM
    )
    source_omi_filter: ImageFilter | None = block(help="Finds the image to begin with.")
    net_filter: NetFilter | None = block(help="Finds the Net.")
    subnet_filter: SubnetFilter | None = block(help="Finds the subnet.")
    security_group_filter: SecurityGroupFilter | None = block(help="Finds security groups.")

    @property
    def names_security_groups(self) -> bool:
        """Security groups that are there already are used."""
        return bool(self.security_group_id or self.security_group_ids or self.security_group_filter)

    @field_validator("user_data_file")
    @classmethod
    def _there(cls, value: str) -> str:
        if value and not Path(value).expanduser().is_file():
            raise ValueError(f"{value} is no file; name an existing one")
        return value

    @model_validator(mode="after")
    def _consistent_run(self) -> Self:
        problems = [*self._source_problems(), *self._contradictions()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _source_problems(self) -> Sequence[str]:
        found = self.source_omi_filter
        if found is None:
            return (
                []
                if self.source_omi
                else ["write source_omi or source_omi_filter, of which there is neither"]
            )
        if not self.source_omi and not found.owners:
            return ["write owners in source_omi_filter, or anybody's image may be found"]
        return []

    def _contradictions(self) -> Sequence[str]:
        for names in (
            ("user_data", "user_data_file"),
            ("security_group_id", "security_group_ids", "security_group_filter"),
            ("subnet_id", "subnet_filter"),
            ("net_id", "net_filter"),
        ):
            given = [name for name in names if getattr(self, name)]
            if len(given) > 1:
                return [f"keep one of {' and '.join(given)}, which cannot stand together"]
        with_login = self.ssh_private_key_file or self.ssh_agent_auth or self.communicator == "none"
        if self.ssh_keypair_name and not with_login:
            return [
                "write ssh_private_key_file or ssh_agent_auth to log in with what ssh_keypair_name names"
            ]
        return []

    def patience(self, default: float) -> tuple[float, int]:
        """As of SSH, but ten minutes where neither is given, nor waits.ssh in the settings."""
        return super().patience(SSH_SECONDS if default == DEFAULT_WAIT else default)
