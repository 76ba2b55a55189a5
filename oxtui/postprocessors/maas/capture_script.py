"""The program that writes a guest's root file system as a tar, cleaned on the way.

It changes nothing in the guest. What must not be in the image is left out; of files that stay without their
content, or without some lines, copies in a temporary folder stand in for them. File systems of their own are
taken along: those on disks, and overlays that stand right below the root. It is the same program that an
export gives to Packer. GNU tar alone does all of it: extended attributes, ACLs, names that are changed.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final

BEGIN: Final = "oxtui:content"
"""The line behind which the tar stands: what a login prints before it is dropped."""
REFUSED: Final = 3
"""Exit status of a guest that cannot be captured; the last line of its errors says why."""
SAID: Final = "oxtui-maas: "
"""Begins the program's own lines of errors."""

LEFT_OUT: Final = (
    # What is no content of a root file system
    "/dev/*", "/proc/*", "/sys/*", "/run/*", "/tmp/*", "/var/tmp/*",  # noqa: S108 - of the guest
    "/mnt/*", "/media/*",
    "/lost+found", "/swapfile", "/swap.img",
    # What tells one machine from another
    "/etc/ssh/ssh_host_*", "/var/lib/systemd/random-seed", "/var/lib/systemd/credential.secret",
    # What cloud-init did on this one, and the network that it wrote for it
    "/var/lib/cloud/instance", "/var/lib/cloud/instances/*", "/var/lib/cloud/data/*",
    "/var/lib/cloud/sem/*", "/var/lib/cloud/seed/*", "/var/log/cloud-init*.log",
    "/etc/netplan/50-cloud-init.yaml",
    # Leases, and the journal of a machine that will not be again
    "/var/lib/dhcp/*", "/var/lib/dhclient/*", "/var/lib/NetworkManager/*lease*",
    "/var/log/journal/*",
)  # fmt: skip

BEGINNING: Final = r"""
set -u; LC_ALL=C; export LC_ALL; umask 077
out={out}
say() {{ echo "oxtui-maas: $*" >&2; }}
die() {{ say "$@"; exit {refused}; }}
has() {{ command -v "$1" > /dev/null 2>&1 || [ -x "/usr/bin/$1" ] || [ -x "/usr/sbin/$1" ]; }}
[ "$(id -u)" = 0 ] || die 'root alone can read all of it'
has gzip || die 'the guest has no gzip; install it in a provisioner'
zip=gzip; if has pigz; then zip=pigz; fi
"""
"""Of each program for the guest."""
ENDING: Final = r"""
if [ -n "$out" ]; then chown "${{SUDO_UID:-0}}:${{SUDO_GID:-0}}" "$out"; fi
"""
_PROGRAM = r"""
key={key}; checks={checks}
unfit() {{ if [ "$checks" = warn ]; then say "$@"; else die "$@"; fi; }}
tar --version 2> /dev/null | grep -q 'GNU tar' || die 'the guest has no GNU tar; install it in a provisioner'
has cloud-init || unfit 'cloud-init is missing, without which MAAS aborts an installation'
has netplan || [ -x /curtin/curtin-hooks ] || unfit \
  'netplan is missing, and there are no /curtin/curtin-hooks that set the network up in its place'
case $(. /etc/os-release 2> /dev/null && echo "${{ID-}}") in debian) say \
  'MAAS installs Debian only with a preseed file on its region controllers, which no upload brings';; esac
w=$(mktemp -d "${{TMPDIR:-/tmp}}/oxtui-maas.XXXXXXXX") || die 'no temporary folder can be made'
trap 'rm -rf "$w"' EXIT; trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
mkdir "$w/oxtui-replaced" || exit
: > "$w/left-out"
stand_in() {{
  mkdir -p "$w/oxtui-replaced${{1%/*}}" && cp -aL "$1" "$w/oxtui-replaced$1" &&
  printf '.%s\n' "$1" >> "$w/left-out"
}}
if [ -f /etc/machine-id ]; then
  stand_in /etc/machine-id && : > "$w/oxtui-replaced/etc/machine-id" || exit
fi
if [ -f /var/lib/dbus/machine-id ] && ! [ -h /var/lib/dbus/machine-id ]; then
  echo ./var/lib/dbus/machine-id >> "$w/left-out"
fi
cut -d: -f6 /etc/passwd | sort -u > "$w/homes"
while IFS= read -r home; do
  folder=$(cd "$home/.ssh" 2> /dev/null && pwd -P) || continue
  for name in authorized_keys authorized_keys2; do
    [ -f "$folder/$name" ] && ! [ -h "$folder/$name" ] || continue
    if [ -n "$key" ] && grep -qF -e "$key" "$folder/$name"; then
      stand_in "$folder/$name" || exit
      grep -vF -e "$key" "$folder/$name" > "$w/oxtui-replaced$folder/$name"
    fi
    if grep -vF -e "${{key:- no key }}" "$folder/$name" | grep -q '^[^#]*[a-z]'; then
      say "$folder/$name lets others log in: their keys stay in the image"
    fi
  done
done < "$w/homes"
(cd "$w" && find oxtui-replaced -type f -print0) > "$w/stand-ins" || exit
root=$(stat -c %d /)
mounts=/proc/mounts; [ -r "$mounts" ] || mounts=/dev/null
set --
while read -r device folder kind rest; do
  case $device:$kind:$folder in
    /dev/*:ext[234]:* | /dev/*:xfs:* | /dev/*:btrfs:* | /dev/*:vfat:* | /dev/*:f2fs:*) ;;
    *:overlay:/*/*) continue;;
    *:overlay:*) ;;
    *) continue;;
  esac
  case $folder in / | /dev/* | /run/* | /tmp/* | /mnt/* | /media/* | *\\*) continue;; esac
  [ -d "$folder" ] && [ "$(stat -c %d "$folder")" != "$root" ] || continue
  set -- "$@" ".$folder"
done < "$mounts"
for feature in --xattrs --acls --selinux; do
  if tar "$feature" -cf /dev/null -T /dev/null 2> /dev/null; then set -- "$feature" "$@"; fi
done
sync
[ -n "$out" ] || echo {begin}
tar --create --file="${{out:--}}" --use-compress-program="$zip" --format=posix \
  --pax-option=delete=atime,delete=ctime --sparse --numeric-owner --one-file-system \
  --transform='flags=rSH;s,^oxtui-replaced/,./,' --warning=no-file-ignored \
  --anchored --no-wildcards --exclude-from="$w/left-out" --wildcards {exclude} \
  -C / . "$@" -C "$w" --null -T "$w/stand-ins"
status=$?
[ $status -le 1 ] || exit $status
"""
_AS_ROOT = 'if [ "$(id -u)" = 0 ]; then exec /bin/sh -c {program}; else exec sudo -n /bin/sh -c {program}; fi'


def capture_script(
    key: str, exclude: Sequence[str] = (), *, skip_checks: bool = False, output: str = ""
) -> str:
    """The program, for root; it writes the packed tar to `output`, or behind a line to its output.

    Args:
        key: the base64 of the public key with which the build logs in, or empty, as a word of the shell.
        exclude: further paths that stay out, from the root; `*` stands for anything.
        skip_checks: tell what MAAS would miss, in place of refusing.
        output: a file of the guest, in a folder that stays out itself.
    """
    left_out = " ".join(f"--exclude={shlex.quote('.' + path)}" for path in (*LEFT_OUT, *exclude))
    return whole(
        _PROGRAM,
        output,
        key=key,
        checks="warn" if skip_checks else "refuse",
        exclude=left_out,
    )


def whole(middle: str, output: str, **values: str) -> str:
    """A program with its beginning and its end, all values in their places."""
    text = "\n".join(part.strip() for part in (BEGINNING, middle, ENDING))
    return text.format(out=shlex.quote(output), refused=REFUSED, begin=BEGIN, **values)


def as_root(program: str) -> str:
    """A command that has root run it, through sudo where the user is another."""
    return _AS_ROOT.format(program=shlex.quote(program))
