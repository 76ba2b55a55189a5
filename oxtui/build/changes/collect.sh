# Lists what a guest holds, for whoever compares two such lists. It only reads.
# Arguments: clock (tells the time alone), lists, or files (lists, and what was written since);
# the Unix time since which files count; how many of the largest files are named; seconds for the walk.
what=$1 since=${2:-0} top=${3:-200} limit=${4:-10}
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin:/usr/bin:/bin
export LC_ALL PATH
base=${OXTUI_ROOT:-}
has() { command -v "$1" >/dev/null 2>&1; }
as= root=no
if [ "$(id -u)" = 0 ]; then root=yes
elif [ "$what" != clock ] && has sudo && sudo -n true >/dev/null 2>&1; then as='sudo -n' root=yes
fi
within() { if has timeout; then timeout "$@"; else shift; "$@"; fi; }

echo "@clock $(date +%s) $root"
[ "$what" != clock ] || exit 0

if [ -e "$base/var/lib/dpkg/status" ] && has dpkg-query; then
    echo '@packages dpkg'
    dpkg-query --admindir="$base/var/lib/dpkg" -W \
        -f '${db:Status-Abbrev}\t${binary:Package}\t${Version}\n' 2>/dev/null |
        awk -F'\t' 'substr($1, 2, 1) == "i" { print $2 "\t" $3 }'
elif has rpm; then
    echo '@packages rpm'
    rpm -qa --qf '%{NAME}.%{ARCH}\t%{VERSION}-%{RELEASE}\n' 2>/dev/null
elif has apk; then
    echo '@packages apk'
    for db in "$base/lib/apk/db/installed" "$base/usr/lib/apk/db/installed"; do
        [ ! -r "$db" ] || awk '/^P:/ { name = substr($0, 3) } /^V:/ { version = substr($0, 3) }
            /^$/ { if (name != "") print name "\t" version; name = "" }
            END { if (name != "") print name "\t" version }' "$db"
    done
elif has pacman; then
    echo '@packages pacman'
    pacman -Q 2>/dev/null | awk '{ print $1 "\t" $2 }'
else
    echo '@packages -'
fi

echo '@users passwd'
awk -F: 'NF > 6 { print $1 "\t" "uid " $3 ", gid " $4 ", " $6 ", " $7 }' "$base/etc/passwd"
echo '@groups group'
awk -F: 'NF > 3 { print $1 "\t" "gid " $3 ($4 == "" ? "" : ", " $4) }' "$base/etc/group"

if [ -d /run/systemd/system ] && [ -z "$base" ] && has systemctl; then
    echo '@units systemd'
    systemctl list-unit-files --no-legend --no-pager 2>/dev/null |
        awk '$2 ~ /^(enabled|disabled|masked)/ { print $1 "\t" $2 }'
elif [ -d "$base/etc/runlevels" ]; then
    echo '@units openrc'
    for link in "$base"/etc/runlevels/*/*; do
        [ ! -L "$link" ] || echo "$link" | awk -F/ '{ print $NF "\t" "runlevel " $(NF - 1) }'
    done
elif [ -d "$base/etc/systemd/system" ]; then
    # Nobody to ask: what is enabled is a link, and so is what is masked.
    echo '@units links'
    find "$base/etc/systemd/system" -type l 2>/dev/null | while read -r link; do
        case $link in
            *.wants/* | *.requires/*) echo "${link##*/}	enabled" ;;
            *) [ "$(readlink "$link")" != /dev/null ] || echo "${link##*/}	masked" ;;
        esac
    done
elif [ -d "$base/etc/init.d" ]; then
    echo '@units sysv'
    for link in "$base"/etc/rc[2-5].d/S*; do
        [ ! -e "$link" ] || echo "$link" | sed 's|.*/rc\(.\)\.d/S[0-9]*\(.*\)|\2	runlevel \1|'
    done
else
    echo '@units -'
fi

if has ss; then
    echo '@ports ss'
    $as ss -H -tulnp 2>/dev/null
elif [ -r /proc/net/tcp ]; then
    echo '@ports proc'
    for kind in tcp tcp6 udp udp6; do
        [ ! -r "/proc/net/$kind" ] || awk -v kind="$kind" 'FNR > 1 { print kind, $2, $4 }' "/proc/net/$kind"
    done
else
    echo '@ports -'
fi

if [ "$what" = files ]; then
    if find / -maxdepth 0 -newerct @0 -printf '' >/dev/null 2>&1; then how=folders; else how=all; fi
    echo "@files $how"
    roots=
    if [ -n "$base" ]; then
        roots=$base/
    else
        # Disks alone. An overlay below a folder of / is a container's; its files count where they lie.
        mounts() {
            awk -v wanted="$1" '$2 != "/" && $2 !~ /\\/ {
                disk = $3 ~ /^(ext[234]|xfs|btrfs|f2fs|jfs|vfat|zfs|bcachefs)$/ ||
                    ($3 == "overlay" && $2 ~ /^\/[^\/]*$/)
                if (disk == wanted) print $2
            }' /proc/mounts 2>/dev/null
        }
        others=$(mounts 0 | tr '\n' ' ')
        add() {
            case " /proc /sys /dev /run $others$roots " in *" $1 "*) return ;; esac
            [ ! -e "$1" ] || roots="$roots $1"
        }
        # What builds change most comes first, as the walk has its limit.
        for place in /etc /home /root /opt /srv /usr/local /boot /var /* /.[!.]* $(mounts 1); do
            [ "$how$place" = folders/usr ] || add "$place"
        done
    fi
    {
        begun=$(date +%s)
        if [ "$how" = folders ]; then
            within "$limit" $as find $roots -xdev -type f -newerct "@$since" -printf '%s\t%p\n' 2>/dev/null
            echo "!$?"
            # Most files are below /usr, where packages put new ones in place of old ones: that changes
            # their folder, so only such folders are looked into.
            left=$((limit - $(date +%s) + begun))
            [ "$left" -gt 0 ] || left=1
            [ -n "$base" ] || {
                within "$left" $as find /usr -xdev -type d -newerct "@$since" -exec sh -c \
                    'find "$@" -maxdepth 1 -type f -newerct "@$0" -printf "%s\t%p\n"' "$since" {} + 2>/dev/null
                echo "!$?"
            }
        else
            {
                within "$limit" $as find $roots -xdev -type f -exec stat -c '%Z %s %n' {} + 2>/dev/null
                echo "!$?"
            } | awk -v since="$since" '/^!/ { print; next }
                $1 >= since { size = $2; sub(/^[0-9]+ [0-9]+ /, ""); print size "\t" $0 }'
        fi
    } | sort -rn | awk -v top="$top" -F'\t' '
        /^!/ { if (substr($0, 2) == 124) code = 124; next }
        seen[$0]++ { next }
        { count++; size += $1 }
        count <= top { print }
        END { printf "=%d %.0f %d\n", count, size, code }'
fi
echo '@end .'
