"""What consoles of real machines print, shortened: boots that fail, and healthy ones."""

from __future__ import annotations

FAILING: tuple[tuple[str, str, str, str], ...] = (
    (
        "uefi-shell",
        "edk2, no boot option left",
        'BdsDxe: loading Boot0002 "EFI Internal Shell" from Fv(7CB8BDC9)/FvFile(7C04A583)\r\n'
        'BdsDxe: starting Boot0002 "EFI Internal Shell" from Fv(7CB8BDC9)/FvFile(7C04A583)\r\n'
        "UEFI Interactive Shell v2.2\r\nEDK II\r\nUEFI v2.70 (EDK II, 0x00010000)\r\n"
        "map: No mapping found.\r\nShell> ",
        "UEFI Interactive Shell v2.2",
    ),
    (
        "uefi-shell",
        "edk2, on a screen with a cursor",
        "\x1b[2J\x1b[01;01H\x1b[=3h\x1b[2J\x1b[01;01H\x1b[0m\x1b[37m\x1b[40mUEFI Interactive Shell v2.2"
        "\x1b[02;01H\x1b[0mEDK II\x1b[03;01H",
        "UEFI Interactive Shell v2.2",
    ),
    (
        "no-bootable-device",
        "edk2",
        'BdsDxe: failed to load Boot0002 "UEFI QEMU HARDDISK QM00001 " from PciRoot(0x0): Not Found\r\n'
        "BdsDxe: No bootable option or device was found.\r\n"
        "BdsDxe: Press any key to enter the Boot Manager Menu.\r\n",
        "BdsDxe: No bootable option or device was found.",
    ),
    (
        "no-bootable-device",
        "SeaBIOS",
        "Booting from Hard Disk...\r\nBoot failed: not a bootable disk\r\n\r\nNo bootable device.\r\n",
        "Boot failed: not a bootable disk",
    ),
    (
        "no-bootable-device",
        "edk2, over the network",
        ">>Start PXE over IPv4.\r\n  PXE-E16: No valid offer received.\r\n",
        ">>Start PXE over IPv4.",
    ),
    (
        "boot-loader",
        "GRUB, no partition",
        "error: no such device: 5a0e2a4a-1c7e-4ab6-9b69-5f0c1f6ed7f6.\r\nEntering rescue mode...\r\n"
        "grub rescue> ",
        "error: no such device: 5a0e2a4a-1c7e-4ab6-9b69-5f0c1f6ed7f6.",
    ),
    (
        "boot-loader",
        "GRUB, no configuration",
        "                             GNU GRUB  version 2.06\r\n\r\n"
        "   Minimal BASH-like line editing is supported. For the first word, TAB\r\n"
        "   lists possible command completions.\r\n\r\ngrub> ",
        "Minimal BASH-like line editing is supported. For the first word, TAB",
    ),
    (
        "root-not-found",
        "the kernel",
        '[    1.391228] VFS: Cannot open root device "PARTUUID=xyz" or unknown-block(0,0): error -6\r\n'
        '[    1.392101] Please append a correct "root=" boot option; here are the available partitions:\r\n',
        '[    1.391228] VFS: Cannot open root device "PARTUUID=xyz" or unknown-block(0,0): error -6',
    ),
    (
        "root-not-found",
        "initramfs-tools",
        "Gave up waiting for root file system device.  Common problems:\r\n"
        " - Boot args (cat /proc/cmdline)\r\n   - Check rootdelay= (did the system wait long enough?)\r\n"
        " - Missing modules (cat /proc/modules; ls /dev)\r\n"
        "ALERT!  UUID=3caf26b5-4d08-43e0-8634-7573269c4f70 does not exist.  Dropping to a shell!\r\n",
        "Gave up waiting for root file system device.  Common problems:",
    ),
    (
        "root-not-found",
        "dracut",
        "[  133.381198] dracut-initqueue[455]: Warning: dracut-initqueue timeout - starting timeout scripts\r\n"
        "[  133.400096] dracut-initqueue[455]: Warning: Could not boot.\r\n"
        "         Starting Dracut Emergency Shell...\r\n"
        "Warning: /dev/mapper/rootvg-rootlv does not exist\r\n",
        "[  133.400096] dracut-initqueue[455]: Warning: Could not boot.",
    ),
    (
        "root-not-found",
        "mkinitfs of Alpine",
        " * Mounting root: failed. \r\ninitramfs emergency recovery shell launched. Type 'exit' to "
        "continue boot\r\nsh: can't access tty; job control turned off\r\n~ # ",
        "* Mounting root: failed.",
    ),
    (
        "kernel-panic",
        "no root",
        "[    1.437113] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n"
        "[    1.438021] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.8.0-31-generic #31-Ubuntu\r\n"
        "[    1.441907] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on "
        "unknown-block(0,0) ]---\r\n",
        "[    1.437113] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
    ),
    (
        "kernel-panic",
        "init died",
        "[    2.114310] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00007f00\r\n",
        "[    2.114310] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00007f00",
    ),
    (
        "file-system-check",
        "e2fsck",
        "/dev/nvme0n1p1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\r\n\t(i.e., without -a or -p "
        "options)\r\n",
        "/dev/nvme0n1p1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.",
    ),
    (
        "file-system-check",
        "initramfs-tools",
        "fsck exited with status code 4\r\nThe root filesystem on /dev/vda1 requires a manual fsck\r\n",
        "fsck exited with status code 4",
    ),
    (
        "file-system-check",
        "systemd",
        "[    3.014115] systemd-fsck[381]: fsck failed with exit status 12.\r\n"
        "[\x1b[0;1;31mFAILED\x1b[0m] Failed to start \x1b[0;1;39msystemd-fsck@dev-vdb.service\x1b[0m - "
        "File System Check on /dev/vdb.\r\n",
        "[    3.014115] systemd-fsck[381]: fsck failed with exit status 12.",
    ),
    (
        "file-system-missing",
        "fstab",
        "[ TIME ] Timed out waiting for device /dev/disk/by-uuid/1b2c.\r\n"
        "[DEPEND] Dependency failed for data.mount - /data.\r\n"
        "[DEPEND] Dependency failed for local-fs.target - Local File Systems.\r\n",
        "[DEPEND] Dependency failed for local-fs.target - Local File Systems.",
    ),
    (
        "emergency-mode",
        "systemd",
        'You are in emergency mode. After logging in, type "journalctl -xb" to view\r\n'
        'system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"\r\n'
        "to boot into default mode.\r\nGive root password for maintenance\r\n"
        "(or press Control-D to continue): ",
        'You are in emergency mode. After logging in, type "journalctl -xb" to view',
    ),
    (
        "emergency-mode",
        "systemd, rescue",
        "[  OK  ] Reached target rescue.target - Rescue Mode.\r\n",
        "[  OK  ] Reached target rescue.target - Rescue Mode.",
    ),
    (
        "emergency-mode",
        "dracut",
        'Generating "/run/initramfs/rdsosreport.txt"\r\n\r\n'
        "Entering emergency mode. Exit the shell to continue.\r\n",
        "Entering emergency mode. Exit the shell to continue.",
    ),
    (
        "out-of-memory",
        "the kernel",
        "[   41.514020] Out of memory: Killed process 731 (dnf) total-vm:981244kB, anon-rss:411240kB\r\n",
        "[   41.514020] Out of memory: Killed process 731 (dnf) total-vm:981244kB, anon-rss:411240kB",
    ),
    (
        "disk-full",
        "a program",
        "[   18.221910] cloud-init[812]: OSError: [Errno 28] No space left on device\r\n",
        "[   18.221910] cloud-init[812]: OSError: [Errno 28] No space left on device",
    ),
    (
        "no-network",
        "networkd",
        "systemd-networkd-wait-online[383]: Timeout occurred while waiting for network connectivity.\r\n",
        "systemd-networkd-wait-online[383]: Timeout occurred while waiting for network connectivity.",
    ),
    (
        "no-network",
        "systemd's table of units",
        "[\x1b[0;1;31mFAILED\x1b[0m] Failed to start \x1b[0;1;39msystemd-networkd-wait-online.service"
        "\x1b[0m - Wait for Network to be Configured.\r\n"
        "See 'systemctl status systemd-networkd-wait-online.service' for details.\r\n",
        "[FAILED] Failed to start systemd-networkd-wait-online.service - Wait for Network to be "
        "Configured.",
    ),
    (
        "no-network",
        "ifupdown",
        "[FAILED] Failed to start Raise network interfaces.\r\n",
        "[FAILED] Failed to start Raise network interfaces.",
    ),
    (
        "no-network",
        "cloud-init's table of interfaces",
        "[   17.3] cloud-init[787]: ci-info: | eth0:  | True |     .     |     .     | fa:16:3e:8c:0a:fb |\r\n"
        "[   17.3] cloud-init[787]: ci-info: !!!!!!!!!!!!!!!!!!!!!!Route info failed!!!!!!!!!!!!!!!!!\r\n",
        "[   17.3] cloud-init[787]: ci-info: !!!!!!!!!!!!!!!!!!!!!!Route info failed!!!!!!!!!!!!!!!!!",
    ),
    (
        "no-network",
        "busybox",
        "udhcpc: broadcasting discover\r\nudhcpc: no lease, failing\r\n",
        "udhcpc: no lease, failing",
    ),
    (
        "no-network",
        "dhclient",
        "No DHCPOFFERS received.\r\nNo working leases in persistent database - sleeping.\r\n",
        "No DHCPOFFERS received.",
    ),
    (
        "cloud-init-no-data",
        "the fallback",
        "[  440.556429] cloud-init[2520]: Cloud-init v. 18.2 finished at Mon, 06 Jun 2022 08:02:22 +0000. "
        "Datasource DataSourceNone.  Up 440.54 seconds\r\n[  440.561900] cloud-init[2520]: 2022-06-06 "
        "08:02:22,157 - cc_final_message.py[WARNING]: Used fallback datasource\r\n",
        "[  440.556429] cloud-init[2520]: Cloud-init v. 18.2 finished at Mon, 06 Jun 2022 08:02:22 +0000. "
        "Datasource DataSourceNone.  Up 440.54 seconds",
    ),
    (
        "cloud-init-no-data",
        "a cloud that is not there",
        "2018-05-03 19:04:22,208 - DataSourceEc2.py[CRITICAL]: Giving up on md from "
        "['http://169.254.169.254/2009-04-04/meta-data/instance-id'] after 124 seconds\r\n",
        "2018-05-03 19:04:22,208 - DataSourceEc2.py[CRITICAL]: Giving up on md from "
        "['http://169.254.169.254/2009-04-04/meta-data/instance-id'] after 124 seconds",
    ),
    (
        "cloud-init",
        "a script",
        "2023-12-12 14:41:00,599 - cc_scripts_user.py[WARNING]: Failed to run module scripts-user "
        "(scripts in /var/lib/cloud/instance/scripts)\r\n",
        "2023-12-12 14:41:00,599 - cc_scripts_user.py[WARNING]: Failed to run module scripts-user "
        "(scripts in /var/lib/cloud/instance/scripts)",
    ),
    (
        "cloud-init",
        "a module",
        "[   12.1] cloud-init[731]: 2023-12-12 14:41:00 - util.py[WARNING]: Running module write_files "
        "(<module 'cloudinit.config.cc_write_files' from '/usr/lib/cc_write_files.py'>) failed\r\n",
        "[   12.1] cloud-init[731]: 2023-12-12 14:41:00 - util.py[WARNING]: Running module write_files "
        "(<module 'cloudinit.config.cc_write_files' from '/usr/lib/cc_write_files.py'>) failed",
    ),
    (
        "cloud-init",
        "a unit",
        "[FAILED] Failed to start cloud-final.service - Cloud-init: Final Stage.\r\n",
        "[FAILED] Failed to start cloud-final.service - Cloud-init: Final Stage.",
    ),
    (
        "cloud-init",
        "user data that is no YAML",
        "2022-11-01 10:00:00,100 - util.py[WARNING]: Failed loading yaml blob. Invalid format at line 3 "
        "column 1\r\n",
        "2022-11-01 10:00:00,100 - util.py[WARNING]: Failed loading yaml blob. Invalid format at line 3 "
        "column 1",
    ),
    (
        "ssh-server",
        "Ubuntu",
        "[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.\r\n",
        "[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.",
    ),
    (
        "ssh-server",
        "Rocky",
        "[FAILED] Failed to start OpenSSH server daemon.\r\n",
        "[FAILED] Failed to start OpenSSH server daemon.",
    ),
    (
        "ssh-server",
        "key generation",
        "[FAILED] Failed to start sshd-keygen@ed25519.service - OpenSSH ed25519 Server Key Generation.\r\n",
        "[FAILED] Failed to start sshd-keygen@ed25519.service - OpenSSH ed25519 Server Key Generation.",
    ),
    (
        "ssh-server",
        "no keys",
        "[    9.1] sshd[611]: sshd: no hostkeys available -- exiting.\r\n",
        "[    9.1] sshd[611]: sshd: no hostkeys available -- exiting.",
    ),
    (
        "ssh-server",
        "OpenRC",
        " * start-stop-daemon: failed to start `/usr/sbin/sshd'\r\n * ERROR: sshd failed to start\r\n",
        "* ERROR: sshd failed to start",
    ),
    (
        "ssh-server",
        "a mistake in its settings",
        "/etc/ssh/sshd_config: line 12: Bad configuration option: PermitRootLogins\r\n",
        "/etc/ssh/sshd_config: line 12: Bad configuration option: PermitRootLogins",
    ),
)
"""Trouble, name, console, and the first line that shows it."""

HEALTHY = (
    'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM QM00003 " from PciRoot(0x0): Not Found',
    'BdsDxe: loading Boot0002 "UEFI NVMe Namespace" from PciRoot(0x0)/Pci(0x10,0x0)',
    "Welcome to GRUB!",
    "[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=LABEL=cloudimg-rootfs panic=-1 console=ttyS0",
    "[    0.210300] Kernel command line: systemd.unit=multi-user.target rescue=none",
    "[    1.012210] Unpacking initramfs...",
    "Begin: Running /scripts/local-premount ... done.",
    "Begin: Will now check root file system ... fsck from util-linux 2.39.3",
    "cloudimg-rootfs: clean, 75821/516096 files, 584211/1048059 blocks",
    "fsck exited with status code 1",
    "[    2.4] systemd-fsck[301]: /dev/vda15: 12 files, 6186/213663 clusters",
    "[  OK  ] Reached target \x1b[0;1;39mlocal-fs.target\x1b[0m - Local File Systems.",
    "[  OK  ] Listening on \x1b[0;1;39msystemd-oomd.socket\x1b[0m - Userspace Out-Of-Memory Socket.",
    "[  OK  ] Started emergency-thing.service - Collects Emergency Numbers.",
    "         Starting systemd-networkd-wait-online.service - Wait for Network to be Configured...",
    "[  OK  ] Finished systemd-networkd-wait-online.service - Wait for Network to be Configured.",
    "[***   ] Job systemd-networkd-wait-onl…art running (5s / no limit)",
    "[   10.1] cloud-init[731]: Cloud-init v. 24.1.3 running 'init' at Mon, 06 Jun 2026. Up 10.1 seconds.",
    "ci-info: | ens3  |  True |        172.30.0.4         | 255.255.255.0 | global | a8:40:25:f0:00:01 |",
    "ci-info: | ens4  | False |             .             |       .       |   .    | a8:40:25:f0:00:02 |",
    "[   10.8] cloud-init[731]: 2026-06-06 - cc_apt_configure.py[WARNING]: Skipping a default mirror",
    "[   11.0] cloud-init[812]: 2026-06-06 - util.py[DEBUG]: Ran 11 modules with 0 failures",
    "[   11.2] cloud-init[812]: Cloud-init v. 24.1.3 finished at Mon, 06 Jun 2026. "
    "Datasource DataSourceNoCloud [seed=/dev/vdb][dsmode=net].  Up 11.20 seconds",
    "[FAILED] Failed to start \x1b[0;1;39mfwupd-refresh.service\x1b[0m - Refresh fwupd metadata.",
    "[  OK  ] Started ssh.service - OpenBSD Secure Shell server.",
    "         Starting sshd-keygen@ed25519.service - OpenSSH ed25519 Server Key Generation...",
    "udhcpc: lease of 172.30.0.4 obtained from 172.30.0.1, lease time 86400",
    " * Starting sshd ... [ ok ]",
    "Ubuntu 24.04 LTS web ttyS0",
    "web login: ",
)
"""Lines of boots that go well."""
