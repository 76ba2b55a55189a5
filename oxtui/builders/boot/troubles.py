"""The troubles of a boot that a serial console tells of, each with the lines that show it.

A line is what firmware, boot loader, kernel, initramfs, init system, cloud-init or sshd print themselves.
What a healthy boot prints too (a boot entry that is tried in vain, a file system that fsck put in order)
shows nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble. `fatal`: nobody logs in while it is so."""

    id: str
    meaning: str
    """What it is, as a clause; `{}` stands for what the pattern's group `what` caught."""
    advice: str
    """The next step, as a sentence."""
    fatal: bool
    pattern: re.Pattern[str]


def _trouble(id_: str, meaning: str, advice: str, *shown_by: str, fatal: bool = False) -> Trouble:
    return Trouble(id_, meaning, advice, fatal, re.compile("|".join(shown_by)))


_INSTALL = "Take a source image with a UEFI boot loader on its disk."
_ROOT = "Look at the root device and the initramfs drivers (NVMe) of the source image."
_SSH_UNIT = (
    r"(?:sshd?(?:-keygen)?(?:@\S+)?\.(?:service|socket) - |OpenBSD Secure Shell|OpenSSH |SSH Key)"
)
_CLOUD_UNIT = (
    r"(?:cloud-(?:init(?:-local|-main|-network)?|config|final)\.service|Initial cloud-init job"
    r"|Apply the settings specified in cloud-config|Execute cloud user/final scripts|Cloud-init: )"
)
_NETWORK_UNIT = (
    r"(?:\S+ - )?(?:Wait for Network to be Configured|Network Manager Wait Online"
    r"|Raise network interfaces|Network Configuration|Network Service|Network Manager\b"
    r"|LSB: Bring up/down networking)"
)

TROUBLES = (
    _trouble(
        "uefi-shell",
        "the firmware found nothing to boot and ended in its shell",
        _INSTALL,
        r"UEFI Interactive Shell v",
        fatal=True,
    ),
    _trouble(
        "no-bootable-device",
        "the firmware found no bootable device",
        _INSTALL,
        r"No bootable (?:option or )?device",
        r"Boot failed: not a bootable disk",
        r">>\s?Start (?:PXE|HTTP Boot) over IPv[46]",
        fatal=True,
    ),
    _trouble(
        "boot-loader",
        "the boot loader did not find what it is to boot",
        "Look at the partitions and grub.cfg of the source image.",
        r"^Entering rescue mode\.\.\.",
        r"^grub rescue>",
        r"^error: (?:no such (?:device|partition)|unknown filesystem|file .{1,200} not found)",
        r"Minimal BASH-like line editing is supported",
        fatal=True,
    ),
    _trouble(
        "root-not-found",
        "the root file system was not found",
        _ROOT,
        r"VFS: (?:Unable to mount root fs|Cannot open root device)",
        r"ALERT!\s+\S+ does not exist",
        r"Gave up waiting for root (?:file system )?device",
        r"Warning: /dev/\S+ does not exist",
        r"dracut-initqueue(?:\[\d+\])?: Warning: Could not boot",
        r"(?i:mounting root: failed)|on /sysroot failed",
        fatal=True,
    ),
    _trouble(
        "kernel-panic",
        "the kernel panicked",
        "Look at the lines before it; another kernel or more memory may help.",
        r"Kernel panic - not syncing",
        fatal=True,
    ),
    _trouble(
        "file-system-check",
        "fsck could not repair a file system",
        "Repair the disk of the source image, or take another one.",
        r"UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY",
        # Status 1 says that errors were corrected (fsck(8)); from 4 on some are left.
        r"fsck\S* (?:failed|died|exited) with (?:exit )?(?:status|error)(?: code)? (?:[4-9]|\d\d)",
        r"(?i:automatic file ?system check) .*failed",
        r"Failed to start (?:\S+ - )?File System Check on",
        fatal=True,
    ),
    _trouble(
        "file-system-missing",
        "a file system that the machine is to mount is not there",
        "Look at /etc/fstab of the source image; nofail lets a boot go on without one.",
        r"Dependency failed for (?:local-fs\.target - )?Local File Systems",
        fatal=True,
    ),
    _trouble(
        "emergency-mode",
        "the machine ended in {} mode",
        "Look at the first line that failed before it.",
        r"You are in (?P<what>emergency|rescue) mode",
        r"Welcome to (?P<what2>emergency|rescue) mode",
        r"Entering (?P<what3>emergency) mode",
        r"Reached target (?P<what4>[Ee]mergency|[Rr]escue)(?:\.target| Mode| Shell)",
        r"Starting Dracut (?P<what5>Emergency) Shell",
        r"initramfs (?P<what6>emergency) recovery shell launched",
        fatal=True,
    ),
    _trouble(
        "out-of-memory",
        "the machine ran out of memory and the kernel killed a process",
        "Give it more memory.",
        r"(?i:out of memory: kill(?:ed)? process)",
        r"invoked oom-killer",
        r"oom-kill:constraint=",
    ),
    _trouble(
        "disk-full",
        "a disk of the machine is full",
        "Raise boot_disk_size.",
        r"No space left on device",
    ),
    _trouble(
        "no-network",
        "the machine's network did not come up",
        "Look at the interface names and the network settings of the source image.",
        r"Timeout occurred while waiting for network connectivity",
        rf"Failed to start {_NETWORK_UNIT}",
        r"ci-info: !+Route info failed",
        r"No DHCPOFFERS received",
        r"No working leases in persistent database",
        r"udhcpc: no lease",
        r"dhcpcd\S*: .*timed out",
        r"Booting system without full network configuration",
        r"\[Errno 101\] Network is unreachable",
    ),
    _trouble(
        "cloud-init-no-data",
        "cloud-init found no data source, so neither keys nor user data of this instance are in it",
        "Let cloud-init of the source image look for NoCloud (datasource_list).",
        r"Used fallback datasource",
        r"Datasource DataSourceNone\b",
        r"Giving up on md from ",
    ),
    _trouble(
        "cloud-init",
        "cloud-init failed{}",
        "Look at user_data, and at /var/log/cloud-init.log of the machine.",
        r"Running module (?P<what>[\w-]+) \(.*\) failed",
        r"Failed to run module (?P<what2>[\w-]+)",
        rf"Failed to start (?:\S+ - )?{_CLOUD_UNIT}",
        r"Failed loading yaml blob",
        r"Invalid cloud-config provided",
        r"Unhandled non-multipart \(\S+\) userdata",
        r"Ran \d+ modules with [1-9]\d* failures",
        r"\bcloud-init\S*: .*\.py\[(?:ERROR|CRITICAL)\]",
    ),
    _trouble(
        "ssh-server",
        "the SSH server did not start",
        "Look at sshd_config and the host keys of the source image.",
        rf"Failed to (?:start|listen on) {_SSH_UNIT}",
        r"sshd: no hostkeys available",
        r"ERROR: sshd failed to start",
        r"Missing privilege separation directory",
        r"sshd_config.* line \d+: (?:Bad configuration option|.* unsupported)",
    ),
)
"""In the order of a boot; one line may show several."""
