"""The lines that a virtual machine of an Oxide rack prints while it boots and goes down."""

from __future__ import annotations

from collections.abc import Sequence

from oxtui.rack.guest.bases import Base
from oxtui.rack.guest.console import Console
from oxtui.rack.guest.power import PowerAction

_GIB = 1 << 30

_SERVICES = (
    "  OK  ] Reached target local-fs.target - Local File Systems.",
    "  OK  ] Started systemd-journald.service - Journal Service.",
    "  OK  ] Finished cloud-init-local.service - Initial cloud-init job (pre-networking).",
    "  OK  ] Reached target network-pre.target - Preparation for Network.",
    "  OK  ] Started systemd-networkd.service - Network Configuration.",
    "  OK  ] Finished cloud-init.service - Initial cloud-init job (metadata service crawler).",
    "  OK  ] Reached target network-online.target - Network is Online.",
    "  OK  ] Started ssh.service - OpenBSD Secure Shell server.",
    "  OK  ] Reached target multi-user.target - Multi-User System.",
)


def print_kernel(console: Console, base: Base, cpus: int, memory: int) -> None:
    """Firmware, boot loader and kernel. memory: bytes."""
    console.line('BdsDxe: loading Boot0001 "UEFI NVMe Namespace" from PciRoot(0x0)/Pci(0x10,0x0)')
    console.line('BdsDxe: starting Boot0001 "UEFI NVMe Namespace" from PciRoot(0x0)/Pci(0x10,0x0)')
    console.line("Welcome to GRUB!")
    console.line()
    gib = memory / _GIB
    for seconds, text in (
        (0.0, f"Linux version {base.kernel} (buildd@rack) #1 SMP PREEMPT_DYNAMIC"),
        (0.0, f"Command line: BOOT_IMAGE=/boot/vmlinuz-{base.kernel} root=LABEL=cloudimg-rootfs "
              "ro console=tty1 console=ttyS0"),
        (0.0, "DMI: Oxide OxVM, BIOS v0.8 The Aftermath 30, 3185 YOLD"),
        (0.041275, f"Memory: {memory // 1024}K/{memory // 1024}K available ({gib:.0f} GiB)"),
        (0.093412, f"smp: Brought up 1 node, {cpus} CPU{'s' if cpus != 1 else ''}"),
        (0.410087, "nvme nvme0: pci function 0000:00:10.0"),
        (0.423611, " nvme0n1: p1 p14 p15"),
        (0.518802, "EXT4-fs (nvme0n1p1): mounted filesystem with ordered data mode."),
        (1.220146, "systemd[1]: Detected virtualization bhyve."),
        (1.220512, "systemd[1]: Detected architecture x86-64."),
    ):  # fmt: skip
        console.line(f"[{seconds:12.6f}] {text}")
    console.line()
    console.line(f"Welcome to {base.pretty}!")
    console.line()


def print_services(console: Console, base: Base) -> None:
    """The services that come up."""
    for text in _SERVICES:
        console.line(f"[{text}")


def print_unseen(console: Console, serials: Sequence[str]) -> None:
    """Disks that a machine of a real rack would see, and this one does not."""
    for serial in serials:
        console.line(
            f"simulated rack: disk {serial} is no block device here. That takes --loop-devices of the rack, "
            "and a disk that is read-only or was made empty."
        )


def print_shutdown(console: Console, action: PowerAction) -> None:
    """The services that go down."""
    console.line()
    target = "reboot.target - System Reboot" if action == "reboot" else "poweroff.target"
    console.line("[  OK  ] Stopped target multi-user.target - Multi-User System.")
    console.line("         Stopping ssh.service - OpenBSD Secure Shell server...")
    console.line("[  OK  ] Stopped ssh.service - OpenBSD Secure Shell server.")
    console.line("[  OK  ] Unmounted all file systems.")
    console.line(f"[  OK  ] Reached target {target}.")


def print_end(console: Console, action: PowerAction) -> None:
    """The kernel's last line."""
    last = "Restarting system" if action == "reboot" else "Power down"
    console.line(f"[   95.117208] reboot: {last}")
