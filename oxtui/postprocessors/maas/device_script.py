"""The program that writes a disk of the guest, as it is, packed."""

from __future__ import annotations

import shlex

from oxtui.postprocessors.maas.capture_script import whole

_NAMED = r"""
device=$(readlink -f {device}) && [ -b "$device" ] || die {device} is no block device of the guest
"""
_OF_SERIAL = r"""
serial={serial}; size={size}; device=
for each in /dev/disk/by-id/nvme-*_"$serial" /dev/disk/by-id/nvme-*_"$serial"_[0-9]* \
  /dev/disk/by-id/virtio-"$serial" /dev/disk/by-id/scsi-*_"$serial"; do
  if [ -b "$each" ]; then device=$(readlink -f "$each"); break; fi
done
for each in /sys/block/*/device/serial /sys/block/*/serial; do
  [ -z "$device" ] && [ -r "$each" ] && [ "$(tr -d ' \000\n' < "$each")" = "$serial" ] || continue
  each=${{each#/sys/block/}}; device=/dev/${{each%%/*}}
done
if [ -z "$device" ]; then  # a kernel that tells no serial numbers: the only other disk of that size
  for each in /sys/block/*/size; do
    read -r sectors < "$each" && [ $((sectors * 512)) = "$size" ] || continue
    each=${{each#/sys/block/}}; each=/dev/${{each%/size}}
    if grep -q "^$each" /proc/mounts; then continue; fi
    [ -z "$device" ] || die "both $device and $each may be the disk $serial: both have $size bytes"
    device=$each
  done
  [ -z "$device" ] || say "disk $serial was found by its size, as $device: no disk tells that serial number"
fi
[ -n "$device" ] && [ -b "$device" ] || die "no disk has the serial number $serial or $size bytes"
"""
_READ = r"""
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
told=none; if dd if=/dev/null of=/dev/null status=progress 2> /dev/null; then told=progress; fi
[ -z "$out" ] || told=none
if [ -n "$out" ]; then exec > "$out"; else echo {begin}; fi
exec 4>&1
status=$( {{ {{ dd if="$device" bs=4M status=$told 4>&-; echo $? >&3; }} | "$zip" >&4; }} 3>&1 )
[ "$status" = 0 ] || exit 1
"""


def device_script(device: str, output: str = "") -> str:
    """The program, for root; it writes the packed disk to `output`, or behind a line to its output.

    A disk that something writes to meanwhile is refused: its copy would be of no moment.

    Args:
        device: path of a block device of the guest, such as `/dev/disk/by-id/…`.
        output: a file of the guest, on another disk.
    """
    return whole(_NAMED + _READ, output, device=shlex.quote(device))


def serial_script(serial: str, size: int) -> str:
    """The same of the disk with that serial number, or, where no kernel tells one, of that size.

    udev names a disk by its serial number below /dev/disk/by-id, and Linux tells it below /sys/block.

    Args:
        serial: letters, digits and dashes.
        size: in bytes; only if a single disk has it, and none of that is mounted.
    """
    return whole(_OF_SERIAL + _READ, "", serial=shlex.quote(serial), size=str(size))
