#!/bin/sh
# systemctl of an instance of the simulated rack, which has no systemd: power actions only.
for word in "$@"; do
    case $word in
    -*) ;;
    reboot | poweroff | halt) exec "${0%/*}/../sbin/$word" ;;
    is-system-running)
        echo running
        exit 0
        ;;
    daemon-reload | daemon-reexec) exit 0 ;;
    *) break ;;
    esac
done
echo "System has not been booted with systemd as init system (PID 1). Can't operate." >&2
exit 1
