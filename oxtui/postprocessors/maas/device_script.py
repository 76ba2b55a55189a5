"""The program that writes a disk of the guest, as it is, packed."""

from __future__ import annotations

import shlex

from oxtui.postprocessors.maas.capture_script import whole

_PROGRAM = r"""
device=$(readlink -f {device}) && [ -b "$device" ] || die {device} is no block device of the guest
[ -r /proc/mounts ] || die '/proc/mounts cannot be read, so it cannot be told what is written to'
case $device in *[0-9]) part=${{device}}p;; *) part=$device;; esac
while read -r each folder kind options rest; do
  case $options in ro | ro,*) continue;; esac
  case $(readlink -f "$each") in
    "$device" | "$part"[0-9]*) die "$each is mounted on $folder and written to; unmount it, or name another disk";;
  esac
done < /proc/mounts
for each in "/sys/class/block/${{device##*/}}/holders/"* "/sys/class/block/${{part##*/}}"[0-9]*/holders/*; do
  [ ! -e "$each" ] || die "$device is in use by ${{each##*/}}; switch that off in a provisioner"
done
sync
if [ -n "$out" ]; then exec > "$out"; else echo {begin}; fi
exec 4>&1
status=$( {{ {{ dd if="$device" bs=4M status=none 4>&-; echo $? >&3; }} | "$zip" >&4; }} 3>&1 )
[ "$status" = 0 ] || exit 1
"""


def device_script(device: str, output: str = "") -> str:
    """The program, for root; it writes the packed disk to `output`, or behind a line to its output.

    A disk that something writes to meanwhile is refused: its copy would be of no moment.

    Args:
        device: path of a block device of the guest, such as `/dev/disk/by-id/…`.
        output: a file of the guest, on another disk.
    """
    return whole(_PROGRAM, output, device=shlex.quote(device))
