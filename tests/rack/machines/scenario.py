"""One walk through a rack in one isolation; prints what was seen as JSON.

Run as a process of its own (`python -m tests.rack.machines.scenario ISOLATION STATE`), because
the isolations differ by the rights of the process that runs the rack.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from oxtui.rack.hypervisor import RackMachineError
from tests.rack.machines.harness import Bench, open_bench, running, started

USER_DATA = b"""#cloud-config
write_files:
  - {path: /opt/from-config, content: "written\\n"}
runcmd:
  - echo ran >>$OXTUI_ROOT/opt/from-config
"""
SCRIPT = b"""#!/bin/bash
set -e
echo "as $(id -u), sudo $(sudo id -u)"
sudo sh -c "echo provisioned >$OXTUI_ROOT/opt/app"
sudo mkdir -p $OXTUI_ROOT/usr/local/share/app
sudo sh -c "echo '#!/bin/sh' >$OXTUI_ROOT/usr/local/bin/tool"
sudo chmod +x $OXTUI_ROOT/usr/local/bin/tool
sync
"""


async def walk(bench: Bench, secret: Path) -> dict[str, Any]:
    """Builds an image, boots it, and looks around."""
    seen: dict[str, Any] = {
        "isolation": bench.hypervisor.isolation,
        "banner": bench.hypervisor.banner,
        "confined": bench.hypervisor.confined,
    }
    instance = await bench.boot(user_data=USER_DATA)
    seen["config"] = await instance.run("cat $OXTUI_ROOT/opt/from-config")
    async with instance.ssh() as connection:
        async with (
            connection.start_sftp_client() as files,
            files.open("/tmp/script_1.sh", "wb") as script,
        ):
            await script.write(SCRIPT)
        done = await connection.run("chmod +x /tmp/script_1.sh && A=1 /tmp/script_1.sh")
        seen["script"] = [done.exit_status, done.stdout, done.stderr]
        process = await connection.create_process(term_type="xterm", term_size=(90, 30))
        process.stdin.write("stty size; exit 4\n")
        finished = await process.wait()
        seen["terminal"] = [finished.exit_status, "30 90" in str(finished.stdout)]
        for name, command in {
            "secret": f"sudo cat {secret}",
            "home": "sudo ls /home",
            "shadow": "sudo cat /etc/shadow",
            "write outside": f"sudo sh -c 'echo x >>{secret}'",
            "null": "echo lost >/dev/null; until [ ! -s /dev/null ]; do :; done; wc -c </dev/null",
            "zero": "head -c 100000 /dev/zero | wc -c",
            "random": "head -c 16 /dev/urandom | wc -c",
            "processes": "ls /proc 2>/dev/null | grep -c '^[0-9]'",
        }.items():
            done = await connection.run(command)
            seen[name] = [done.exit_status, done.stdout]
        await connection.run("sudo reboot")
    seen["reboot"] = (await instance.watcher.stops.get())[0]
    again = await instance.again()
    seen["after reboot"] = await again.run("cat $OXTUI_ROOT/opt/app")
    daemon = f"sleep 7{os.getpid()}"
    await again.run(f"(setsid {daemon} >/dev/null 2>&1 </dev/null &); echo lost >late")
    await started(daemon)
    await again.machine.stop(hard=True)
    seen["daemon after stop"] = len(running(daemon))
    disks = bench.hypervisor.disks
    await disks.snapshot(instance.spec.disk_id, "snapshot")
    await disks.publish("snapshot", "built")
    await disks.delete("snapshot")
    await disks.delete(instance.spec.disk_id)
    async with bench.booted(await bench.new_disk("built")) as copy:
        seen["image"] = await copy.run(
            "cat $OXTUI_ROOT/opt/app; stat -c %s late; "
            "test -x $OXTUI_ROOT/usr/local/bin/tool && echo tool"
        )
        await disks.snapshot(copy.spec.disk_id, "live")
        async with bench.booted(await bench.new_disk("live")) as from_live:
            seen["live snapshot"] = await from_live.run("cat $OXTUI_ROOT/opt/app")
    for name in ("built", "live", copy.spec.disk_id, from_live.spec.disk_id):
        await disks.delete(name)
    seen["layers"] = sorted(path.name for path in (bench.state / "disks/layers").iterdir())
    return seen


async def main(isolation: str, state: Path, secret: Path) -> dict[str, Any]:
    """Opens a rack and walks; an error of the rack is a result too."""
    try:
        async with open_bench(state, isolation) as bench:  # type: ignore[arg-type]
            return await walk(bench, secret)
    except RackMachineError as error:
        return {"error": str(error)}
    except BaseException:
        log = state / "disks/guest.log"
        print(log.read_text() if log.exists() else "no guest.log", file=sys.stderr)
        raise


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))))
