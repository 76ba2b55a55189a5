#!/bin/sh
# reboot, poweroff, halt and shutdown of an instance of the simulated rack.
# The instance's first process reads one line from the pipe: action and delay in seconds.
name=${0##*/}
pipe=${OXTUI_ROOT:-}/run/oxtui/power

fail() {
    echo "$name: $1" >&2
    exit 1
}

for option in "$@"; do
    case $option in
    --help)
        echo "usage: reboot | poweroff | halt | shutdown [-r | -h | -P | -c] [now | +MINUTES | HH:MM]"
        exit 0
        ;;
    esac
done

case $name in
reboot) action=reboot ;;
*) action=shutdown ;;
esac
delay=0

if [ "$name" = shutdown ]; then
    time=+1
    while [ $# -gt 0 ]; do
        case $1 in
        -r | --reboot) action=reboot ;;
        -c) action=cancel ;;
        -h | -P | -H | --poweroff | --halt) action=shutdown ;;
        -k | --no-wall) ;;
        -hP | -Ph) action=shutdown ;;
        -*) fail "unrecognized option '$1'" ;;
        *)
            time=$1
            break
            ;;
        esac
        shift
    done
    case $time in
    now | +0 | 0) delay=0 ;;
    +[0-9]* | [0-9] | [0-9][0-9]) delay=$((${time#+} * 60)) || exit 1 ;;
    [0-9]*:[0-9]*)
        at=$(date -d "$time" +%s) || exit 1
        delay=$((at - $(date +%s)))
        [ "$delay" -ge 0 ] || delay=$((delay + 86400))
        ;;
    *) fail "Failed to parse time specification: $time" ;;
    esac
fi

[ -w "$pipe" ] || fail "must be root"
echo "$action $delay" >"$pipe"
