"""Options of the oxtui-maas post-processor (maas.md part 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import field_validator, model_validator

from oxtui.component.options import Options, checked_template, option
from oxtui.maas.address import shows_secrets
from oxtui.maas.names import check_architecture

FileType = Literal[
    "", "tgz", "tbz", "txz", "ddtgz", "ddtbz", "ddtxz", "ddtar", "ddgz", "ddbz2", "ddxz", "ddraw"
]
Capture = Literal["", "rootfs", "device", "disk", "file"]
CHUNK_MIB = 4
"""As MAAS's own command has."""
_HELPER = ("helper_image", "helper_username", "helper_cpus")


class MaasOptions(Options):
    """What goes to which MAAS, and as what."""

    maas_url: str = option(
        "",
        help="The MAAS, such as http://maas.example.com:5240/MAAS. Without it, that of OXTUI_MAAS_URL or "
        "MAAS_URL.",
        group="MAAS",
    )
    api_key: str = option(
        "",
        help="API key of a MAAS administrator, CONSUMER:TOKEN:SECRET. Without it, that of "
        "OXTUI_MAAS_API_KEY or MAAS_API_KEY.",
        secret=True,
        group="MAAS",
    )
    insecure_skip_verify: bool = option(
        False, help="Do not check the certificate of MAAS.", group="MAAS"
    )
    chunk_size_mb: int = option(
        CHUNK_MIB,
        help="MiB of one request; fewer where a proxy before MAAS allows less.",
        ge=1,
        le=1024,
        group="MAAS",
    )
    image_name: str = option(
        "custom/{{.BuildName}}",
        help="Name of the image on MAAS, custom/NAME. {{.BuildName}} is the source's name.",
        template=True,
        group="Image",
    )
    title: str = option(
        "", help="What MAAS's pages and menus call it.", template=True, group="Image"
    )
    architecture: str = option(
        "amd64/generic", help="Of the machines that it is for, ARCHITECTURE/KIND.", group="Image"
    )
    base_image: str = option(
        "",
        help="Release of Ubuntu, CentOS, RHEL or Oracle Linux whose installer installs it, such as "
        "ubuntu/noble. Without it, that with which MAAS commissions.",
        group="Image",
    )
    keep_old: bool = option(
        False,
        help="Keep the files of older versions, which MAAS otherwise removes as soon as the upload begins.",
        group="Image",
    )
    capture: Capture = option(
        "",
        help="What becomes the image. rootfs: the guest's root file system. device: a disk of the guest. disk: "
        "the disk that the build made its image of, read on a helper instance. file: source. Without it, what "
        "source or device says, else rootfs.",
        group="Content",
    )
    source: str = option(
        "",
        help="A file that is uploaded in place of the guest's root file system: a packed tar of one, or a "
        "disk, raw or packed.",
        lookup="files",
        group="Content",
    )
    device: str = option(
        "",
        help="A disk of the guest that is captured as it is, in place of the root file system: a block "
        "device that nothing writes to, such as one that was attached for that.",
        group="Content",
    )
    helper_image: str = option(
        "",
        help="With capture disk: image of the temporary instance that reads the disk, by id or name. It needs "
        "cloud-init, an SSH server and gzip; pigz makes it faster.",
        lookup="images",
        group="Content",
    )
    helper_username: str = option(
        "",
        help="With capture disk: who logs in to that instance, by a temporary key. Without it, whom the build "
        "logs in as.",
        group="Content",
    )
    helper_cpus: int = option(
        1, help="With capture disk: virtual CPUs of that instance.", ge=1, le=254, group="Content"
    )
    filetype: FileType = option(
        "",
        help="What the source is for MAAS; without it, what its content says.",
        group="Content",
    )
    exclude: list[str] = option(
        list,
        help="Paths of the guest that stay out beside those that oxtui leaves out; * stands for anything.",
        group="Content",
    )
    output: str = option(
        "",
        help="Keeps what was captured in this file, too.",
        template=True,
        group="Content",
    )
    skip_checks: bool = option(
        False,
        help="Warn, in place of failing, where the guest lacks what MAAS needs in an image: cloud-init, "
        "and netplan or /curtin/curtin-hooks.",
        group="Content",
    )

    @field_validator("image_name", "title", "output")
    @classmethod
    def _readable(cls, text: str) -> str:
        return checked_template(text)

    @field_validator("architecture")
    @classmethod
    def _formed(cls, text: str) -> str:
        if problem := check_architecture(text):
            raise ValueError(problem)
        return text

    @field_validator("exclude")
    @classmethod
    def _absolute(cls, paths: list[str]) -> list[str]:
        for path in paths:
            if not path.startswith("/") or "\n" in path or "\0" in path:
                raise ValueError(f"{path!r} is no path from the root, such as /var/cache/apt/*")
        return paths

    def warnings(self) -> Sequence[tuple[str, str]]:
        """A key that crosses the network in clear, and what has no effect."""
        found = []
        if shows_secrets(self.maas_url.strip()):
            found.append(("maas_url", "The API key crosses the network readable: MAAS over http."))
        idle = [name for name in self._idle() if getattr(self, name)]
        found += [(name, f"{name} has no effect here.") for name in idle]
        return found

    @property
    def content(self) -> Literal["rootfs", "device", "disk", "file"]:
        """What becomes the image."""
        if self.capture:
            return self.capture
        return "file" if self.source else "device" if self.device else "rootfs"

    def _idle(self) -> Sequence[str]:
        """Options that mean nothing beside others that are set."""
        content = self.content
        helper = tuple(name for name in _HELPER if name in self.model_fields_set)
        if content == "file":
            return ("exclude", "output", *helper)
        if content == "disk":
            return ("exclude", "skip_checks", "filetype")
        bare = ("exclude", "skip_checks", "filetype") if content == "device" else ("filetype",)
        return (*bare, *helper)

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if self.source and self.device:
            raise ValueError("source and device cannot both be the content of the image")
        content = self.content
        needed = {"file": "source", "device": "device", "disk": "helper_image"}.get(content, "")
        if needed and not getattr(self, needed):
            raise ValueError(f'capture = "{content}" needs {needed} beside it')
        for name, of in (("source", "file"), ("device", "device")):
            if getattr(self, name) and content != of:
                raise ValueError(
                    f'{name} cannot stand beside capture = "{content}"; keep one of them'
                )
        return self
