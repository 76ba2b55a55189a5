#!/bin/sh
# sync of an instance of the simulated rack: what was written until now survives a hard stop.
# The host's own sync(2) would flush every disk of the host, so only the marker is set.
# Where there is none, the root was mounted from a device and entered with chroot(1).
[ ! -d "${OXTUI_ROOT:-}/run/oxtui" ] || : >"${OXTUI_ROOT:-}/run/oxtui/synced"
# File times are as coarse as the kernel's clock tick: what is written next must be later.
sleep 0.01
