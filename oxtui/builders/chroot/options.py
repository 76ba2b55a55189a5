"""Options that every builder has whose provisioners work in a chroot, by the names that Packer's have."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import field_validator

from oxtui.component.options import Options, checked_template, option

MOUNTS = "Mounts"
COMMANDS = "Commands"

CHROOT_MOUNTS = (
    ("proc", "proc", "/proc"),
    ("sysfs", "sysfs", "/sys"),
    ("bind", "/dev", "/dev"),
    ("devpts", "devpts", "/dev/pts"),
    ("binfmt_misc", "binfmt_misc", "/proc/sys/fs/binfmt_misc"),
)
COPY_FILES = ("/etc/resolv.conf",)


class ChrootOptions(Options):
    """How the root is mounted and what is in it while provisioners run."""

    mount_path: str = option(
        "/mnt/oxtui-chroot-{{.Device}}",
        help="Where the root is mounted; {{.Device}} is the name of its device, or of its directory.",
        template=True, group=MOUNTS,
    )  # fmt: skip
    mount_partition: str = option(
        "0", help='Partition of the device that holds the root; "0" for the whole device.',
        group=MOUNTS,
    )  # fmt: skip
    mount_options: list[str] = option(
        list, help="Options of mount(8) for the root, each with -o.", group=MOUNTS
    )
    chroot_mounts: list[list[str]] = option(
        lambda: [list(each) for each in CHROOT_MOUNTS],
        help="What is mounted in the root: of each its type or bind, its source, and its path there.",
        group=MOUNTS,
    )  # fmt: skip
    copy_files: list[str] = option(
        lambda: list(COPY_FILES),
        help="Files of this machine that are in the root while provisioners run.",
        lookup="files", group=MOUNTS,
    )  # fmt: skip
    command_wrapper: str = option(
        "{{.Command}}",
        help="What each command on this machine goes through, such as sudo -n {{.Command}}.",
        template=True, group=COMMANDS,
    )  # fmt: skip
    pre_mount_commands: list[str] = option(
        list, help="Commands on this machine before the root is mounted; {{.Device}} is its device.",
        template=True, group=COMMANDS,
    )  # fmt: skip
    post_mount_commands: list[str] = option(
        list,
        help="Commands on this machine once it is; {{.Device}} and {{.MountPath}} tell where.",
        template=True, group=COMMANDS,
    )  # fmt: skip

    @field_validator("mount_path")
    @classmethod
    def _from_root(cls, path: str) -> str:
        if not path.startswith("/") or not path.strip("/"):
            raise ValueError("it is a path from /, and not / itself")
        return checked_template(path)

    @field_validator("chroot_mounts")
    @classmethod
    def _threes(cls, mounts: list[list[str]]) -> list[list[str]]:
        for each in mounts:
            if len(each) != 3 or not all(each):
                raise ValueError(
                    f'{each} is no mount: write three texts, such as ["proc", "proc", "/proc"]'
                )
            if ".." in each[2].split("/") or not each[2].strip("/"):
                raise ValueError(f"{each[2]} is no path in the root; write one such as /proc")
        return mounts

    @field_validator("copy_files")
    @classmethod
    def _absolute(cls, files: list[str]) -> list[str]:
        for each in files:
            if not each.startswith("/") or ".." in each.split("/"):
                raise ValueError(f"{each} has another place in the root than here; write it from /")
        return files

    @field_validator("mount_partition")
    @classmethod
    def _numbered(cls, partition: str) -> str:
        if not partition.isascii() or not partition.isdigit():
            raise ValueError('it is the number of a partition, or "0" for the whole device')
        return partition

    @field_validator("command_wrapper", mode="after")
    @classmethod
    def _wraps(cls, wrapper: str) -> str:
        if "Command" not in wrapper:
            raise ValueError("it has no {{.Command}}, so nothing would run; add it")
        return checked_template(wrapper)

    @field_validator("pre_mount_commands", "post_mount_commands")
    @classmethod
    def _readable(cls, commands: list[str]) -> Sequence[str]:
        return [checked_template(each) for each in commands]
