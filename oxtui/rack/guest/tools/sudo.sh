#!/bin/sh
# sudo of an instance of the simulated rack: no password, for members of the group sudo.
# Where the login user and root are two users, a set-user-ID copy of setpriv changes the user.
sudo_switch=/usr/libexec/oxtui/setpriv
sudo_keep_environment=
sudo_keep_names=
sudo_set_home=
sudo_login=
sudo_shell=
sudo_user=root
sudo_group=

fail() {
    echo "sudo: $1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
    --)
        shift
        break
        ;;
    -n | -S | -k | -A | -N | -B | --non-interactive | --stdin | --reset-timestamp) ;;
    -v | --validate | -K | --remove-timestamp) exit 0 ;;
    -l | --list)
        echo "User $(id -un) may run the following commands:"
        echo "    (ALL : ALL) NOPASSWD: ALL"
        exit 0
        ;;
    -V | --version)
        echo "Sudo version 1.9.15p5"
        exit 0
        ;;
    -E | --preserve-env) sudo_keep_environment=yes ;;
    --preserve-env=*) sudo_keep_names=${1#*=} ;;
    -H | --set-home) sudo_set_home=yes ;;
    -i | --login) sudo_login=yes ;;
    -s | --shell) sudo_shell=yes ;;
    -u | --user)
        sudo_user=$2
        shift
        ;;
    -u*) sudo_user=${1#-u} ;;
    --user=*) sudo_user=${1#*=} ;;
    -g | --group)
        sudo_group=$2
        shift
        ;;
    --group=*) sudo_group=${1#*=} ;;
    -p | --prompt | -C | -T | -r | -t) shift ;;
    --prompt=*) ;;
    -[nSkEHisA]?*) # several letters in one word: take them one by one
        sudo_letters=${1#-}
        shift
        sudo_first=${sudo_letters%"${sudo_letters#?}"}
        set -- "-$sudo_first" "-${sudo_letters#?}" "$@"
        continue
        ;;
    -*) fail "unrecognized option '$1'" ;;
    *) break ;;
    esac
    shift
done

sudo_entry=$(sed -n "s/^$sudo_user:[^:]*:\([0-9]*\):\([0-9]*\):[^:]*:\([^:]*\):\(.*\)/\1 \2 \3 \4/p" \
    "${OXTUI_ROOT:-}/etc/passwd" | head -n 1)
[ -n "$sudo_entry" ] || fail "unknown user $sudo_user"
read -r sudo_uid sudo_gid sudo_home sudo_login_shell <<END
$sudo_entry
END
sudo_home=${OXTUI_ROOT:-}$sudo_home
[ -z "$sudo_group" ] || sudo_gid=$sudo_group

sudo_caller=$(id -un)
sudo_caller_uid=$(id -u)
sudo_caller_gid=$(id -g)

if [ -e "$sudo_switch" ]; then
    [ -x "$sudo_switch" ] || fail "$sudo_caller is not in the sudoers file."
fi

# Assignments may come before the command, as in: sudo NAME=value command
sudo_assigned=
while [ $# -gt 0 ]; do
    case $1 in
    [A-Za-z_]*=*) sudo_assigned="$sudo_assigned ${1%%=*}" ;;
    *) break ;;
    esac
    export "$1"
    shift
done
if [ -z "$sudo_keep_environment" ]; then
    # What stays is what env_reset of sudoers leaves.
    for sudo_name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
        case ",$sudo_keep_names,$sudo_assigned " in
        *",$sudo_name,"* | *" $sudo_name "*) continue ;;
        esac
        case $sudo_name in
        TERM | LANG | LC_* | DISPLAY | COLORTERM | OXTUI_ROOT | PWD | PATH) ;;
        *) unset "$sudo_name" 2>/dev/null ;;
        esac
    done
    sudo_set_home=yes
fi
# secure_path; where the instance is a plain folder, PATH already leads to the rack's commands.
[ -n "$OXTUI_ROOT" ] || PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin
[ -z "$sudo_set_home" ] || HOME=$sudo_home
USER=$sudo_user
LOGNAME=$sudo_user
SHELL=$sudo_login_shell
SUDO_USER=$sudo_caller
SUDO_UID=$sudo_caller_uid
SUDO_GID=$sudo_caller_gid
SUDO_COMMAND="$*"
export PATH HOME USER LOGNAME SHELL SUDO_USER SUDO_UID SUDO_GID SUDO_COMMAND

if [ -n "$sudo_login" ]; then
    HOME=$sudo_home
    if [ $# -gt 0 ]; then
        set -- "$sudo_login_shell" -l -c '"$@"' "$sudo_login_shell" "$@"
    else
        set -- "$sudo_login_shell" -l
    fi
    # The caller may not enter the folder; the target user may.
    set -- /bin/sh -c 'cd "$HOME" && exec "$@"' sh "$@"
elif [ $# -eq 0 ]; then
    [ -n "$sudo_shell" ] || fail "a command is required"
    set -- "$sudo_login_shell"
elif [ -n "$sudo_shell" ]; then
    set -- "$sudo_login_shell" -c '"$@"' "$sudo_login_shell" "$@"
fi

case $1 in
*/*) ;;
*) command -v "$1" >/dev/null || fail "$1: command not found" ;;
esac
if [ -x "$sudo_switch" ]; then
    exec "$sudo_switch" --reuid "$sudo_uid" --regid "$sudo_gid" --init-groups -- "$@"
fi
exec "$@"
