#!/bin/sh
# cloud-init of an instance of the simulated rack: its state, as provisioning scripts ask for it.
result=${OXTUI_ROOT:-}/run/cloud-init/result.json

if [ "$1" != status ]; then
    echo "usage: cloud-init status [--wait] [--long]" >&2
    exit 1
fi
for option in "$@"; do
    if [ "$option" = --wait ] || [ "$option" = -w ]; then
        until [ -e "$result" ]; do sleep 0.1; done
    fi
done
if [ ! -e "$result" ]; then
    echo "status: running"
elif grep -q '"errors": \[\]' "$result"; then
    echo "status: done"
else
    echo "status: error"
    exit 1
fi
