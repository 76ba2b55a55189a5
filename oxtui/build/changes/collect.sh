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
within() { if has timeout; then $as timeout "$@"; else shift; $as "$@"; fi; }

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
    # A file was added or changed if its inode was (ctime) since the first look. Packages set mtime back to when
    # they were made, and overwriting a file leaves its folder as it is, but no program can set ctime back.
    # So every file is asked for its ctime: by several walks at once, as each waits for the disk most of the time.
    if find / -maxdepth 0 -newerct @0 -printf '' >/dev/null 2>&1; then
        # What changes in an overlay is copied into its upper layer, with all folders above it: one whose ctime is of
        # before that layer was made (the birth of its root) is of a lower one, and so is all that is in it.
        made=
        for place in $(awk '$3 == "overlay" && $2 ~ /^\/[^\/]*$/ { print $2 }' /proc/mounts 2>/dev/null); do
            born=$(stat -c %W "$place" 2>/dev/null) || born=0
            # A clock that was set back since tells nothing.
            [ "$born" -gt 0 ] 2>/dev/null && [ "$born" -le "$since" ] || born=0
            [ -n "$made" ] && [ "$made" -le "$born" ] || made=$born
        done
        old=
        [ "${made:-0}" = 0 ] || old="-type d -fstype overlay ! -newerct @$((made - 1)) -prune -o"
        changed='find "$@" '$old' -type f -newerct "@$since" -printf "%s\t%p\n"'
    else
        changed='find "$@" -type f -exec stat -c "%Z %s %n" {} + | awk -v since="$since" '\''
            $1 >= since { size = $2; sub(/^[0-9]+ [0-9]+ /, ""); print size "\t" $0 }'\'
    fi
    # Line by line, as lines of walks at the same time must not mix; what has no size is the rest of a name.
    changed="$changed | awk '/^[0-9]+\t\\// { print; fflush() }'"
    if echo | xargs -0 -P 2 true 2>/dev/null; then many='-P 4'; else many=; fi

    # Disks alone. An overlay below a folder of / is a container's; its files count where they lie.
    mounts() {
        [ -n "$base" ] || awk -v wanted="$1" '$2 != "/" && $2 !~ /\\/ && $2 !~ /^\/(proc|sys|dev|run)\// {
            disk = $3 ~ /^(ext[234]|xfs|btrfs|f2fs|jfs|vfat|zfs|bcachefs)$/ ||
                ($3 == "overlay" && $2 ~ /^\/[^\/]*$/)
            if (disk == wanted) print $2
        }' /proc/mounts 2>/dev/null
    }
    others=" $base/proc $base/sys $base/dev $base/run $(mounts 0 | tr '\n' ' ') "
    roots=
    add() {
        case "$others$roots " in *" $1 "*) return ;; esac
        [ ! -e "$1" ] || roots="$roots $1"
    }
    # What builds change most comes first, as the walk has its limit.
    for place in etc home root opt srv boot var; do add "$base/$place"; done
    for place in "$base"/* "$base"/.[!.]* $(mounts 1); do
        [ "$place" = "$base/usr" ] || add "$place"
    done
    skip=
    for place in $(mounts 0) $(mounts 1); do skip="$skip ! -path $place"; done

    # The folders two below each place are shared out among the walks; what most files of packages are in,
    # and few builds write to, comes last.
    walk='
        since=$1 base=$2 skip=$3 many=$4 changed=$5
        shift 5
        set -f
        each() { find "$@" -xdev -mindepth 2 -maxdepth 2 -type d $skip -print0; }
        files() { eval "$changed"; }
        files "$@" "$base/usr" -xdev -maxdepth 2
        {
            each "$@"
            each "$base/usr" ! -path "$base/usr/share/*" ! -path "$base/usr/src/*" \
                ! -path "$base/usr/lib/modules" ! -path "$base/usr/lib/firmware"
            each "$base/usr" \( -path "$base/usr/share/*" -o -path "$base/usr/src/*" \
                -o -path "$base/usr/lib/modules" -o -path "$base/usr/lib/firmware" \)
        } | since=$since xargs -0 -n 16 $many sh -c "set -- \"\$@\" -xdev; $changed" sh'
    echo '@files ctime'
    {
        within "$limit" sh -c "$walk" sh "$since" "$base" "$skip" "$many" "$changed" $roots 2>/dev/null
        echo "!$?"
    } | sort -rn | awk -v top="$top" -F'\t' '
        # Ended by timeout(1) of GNU, or by a signal as with that of busybox.
        /^!/ { if ($0 ~ /^!(124|137|143)$/) code = 124; next }
        seen[$0]++ { next }
        { count++; size += $1 }
        count <= top { print }
        END { printf "=%d %.0f %d\n", count, size, code }'
fi
echo '@end .'
