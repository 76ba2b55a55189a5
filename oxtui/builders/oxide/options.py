"""Options of the oxide-instance builder, as the official plugin's users know them."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from oxtui.communicators.ssh.options import SshOptions
from oxtui.component.options import option
from oxtui.oxide import limits
from oxtui.oxide.credentials import ConnectionOptions, of_template

GIB = 1024**3

RACK = "Rack"
SOURCE = "Source"
NETWORK = "Network"
INSTANCE = "Instance"
ARTIFACT = "Artifact"


class OxideInstanceOptions(SshOptions):
    """A temporary instance, made from an image, provisioned, captured as a new image."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/oxidecomputer/oxide/latest/components/builder/instance"
    )

    host: str = option("", help="URL of the silo's API; together with token.", group=RACK)
    token: str = option("", help="Token for the API; together with host.", secret=True, group=RACK)
    profile: str = option(
        "", help="Profile of credentials.toml; instead of host and token.", group=RACK
    )
    insecure_skip_verify: bool = option(
        False, help="Do not check the API's certificate.", group=RACK
    )
    project: str = option(
        help="Name or id of the project that the instance and the image are made in.",
        lookup="projects", group=SOURCE,
    )  # fmt: skip
    boot_disk_image_id: str = option(
        help="Image to begin with: its id, or its name (silo first, then the project).",
        lookup="images", group=SOURCE,
    )  # fmt: skip
    boot_disk_size: int | None = option(
        None,
        help="Size of the boot disk, and so of the new image; 20 GiB or the source's size.",
        unit="bytes", quota="storage", group=SOURCE,
    )  # fmt: skip
    ip_pool: str = option(
        "", help="Pool of the external address; the silo's default if empty, IPv4 before IPv6.",
        lookup="ip-pools", group=NETWORK,
    )  # fmt: skip
    vpc: str = option("default", help="VPC of the instance.", lookup="vpcs", group=NETWORK)
    subnet: str = option("default", help="Subnet of the instance.", lookup="subnets", group=NETWORK)
    name: str = option(
        "packer-{{timestamp}}", help="Name of the instance; a suffix keeps builds apart.",
        template=True, group=INSTANCE,
    )  # fmt: skip
    hostname: str = option(
        "", help="Hostname in the guest; the instance's name if empty.",
        template=True, group=INSTANCE,
    )  # fmt: skip
    cpus: int = option(1, help="Virtual CPUs.", ge=1, le=limits.CPUS, quota="cpus", group=INSTANCE)
    memory: int = option(
        2 * GIB, help="Memory in whole GiB.", unit="bytes", quota="memory", group=INSTANCE
    )
    ssh_public_keys: list[str] = option(
        list, help="Your SSH keys on the rack that are let in beside the temporary one.",
        lookup="keys", group=INSTANCE,
    )  # fmt: skip
    user_data: str = option(
        "", help="Cloud-init user data, at most 32 KiB; oxtui encodes it.", group=INSTANCE
    )
    artifact_name: str = option(
        "", help="Name of the new image; SOURCE-{{timestamp}} if empty.",
        template=True, group=ARTIFACT,
    )  # fmt: skip
    artifact_description: str = option(
        "", help="Description of the new image; the source's if empty.",
        template=True, group=ARTIFACT,
    )  # fmt: skip
    artifact_os: str = option(
        "", help="Operating system of the new image; the source's if empty.",
        template=True, group=ARTIFACT,
    )  # fmt: skip
    artifact_version: str = option(
        "", help="Version of the new image; SOURCE_VERSION-{{timestamp}} if empty.",
        template=True, group=ARTIFACT,
    )  # fmt: skip
    skip_create_image: bool = option(
        False, help="Provision, then clean up: no snapshot, no image.", group=ARTIFACT
    )

    def connection_options(self) -> ConnectionOptions:
        """What of the rack the template names."""
        return of_template(self.host, self.token, self.profile, insecure=self.insecure_skip_verify)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.profile and (self.host or self.token):
            raise ValueError("profile cannot stand beside host or token; keep one of the two ways")
        if bool(self.host) != bool(self.token) and self.token:
            raise ValueError("token needs host beside it")
        problems = [
            limits.check_memory(self.memory),
            limits.check_user_data(self.user_data.encode()),
            None if self.boot_disk_size is None else limits.check_disk_size(self.boot_disk_size),
            limits.check_description(self.artifact_description),
            limits.check_image_text("artifact_os", self.artifact_os),
        ]
        told = [problem for problem in problems if problem]
        if told:
            raise ValueError(" ".join(told))
        return self
