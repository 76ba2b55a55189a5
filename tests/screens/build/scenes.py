"""How builds stand in the pictures and tests of the Build screen."""

from __future__ import annotations

from oxtui.build.changes.compare import Change, Changes
from oxtui.build.changes.inventory import Files
from oxtui.build.history import History, StepRun
from oxtui.build.state import SessionState
from oxtui.component.events import BootTroubleSeen, Failure, StepKind, StepPlan
from oxtui.logs.spool import Stream
from tests.screens.build.sessions import AT_BREAKPOINT, AT_FAILURE, STEPS, ScriptedSession

EXPECTED = {
    "preflight": 0.3, "ssh-key": 0.1, "instance": 14.0, "connect": 3.0, "provision-1": 1.0,
    "provision-2": 38.0, "provision-3": 25.0, "provision-4": 9.0, "sync": 0.6, "stop": 12.0,
    "snapshot": 21.0, "image": 17.0, "cleanup": 8.0,
}  # fmt: skip


async def recall(_state: SessionState) -> History:
    """What the last run took, and a quicker one before it."""
    plans = [
        StepPlan(id=id_, kind=kind, title=title, detail=detail)
        for id_, kind, title, detail in STEPS
    ]
    return History(
        [
            {"web-01": [StepRun(plan, EXPECTED[plan.id] * factor) for plan in plans]}
            for factor in (1.0, 0.8, 0.5)
        ]
    )


def prepared(session: ScriptedSession, *later: tuple[str, StepKind, str, str]) -> None:
    """The instance runs and can be reached."""
    session.begin(*later)
    session.call("project_view", "GET", "/v1/projects/web", 200)
    session.run("preflight", 0.2)
    session.make("ssh_key", "oxtui-web-01", "2b7d7f4e-54c5-4a65-9f2f-5a2c9a5f5f01")
    session.call("current_user_ssh_key_create", "POST", "/v1/me/ssh-keys", 201)
    session.run("ssh-key", 0.1)
    session.make("instance", "oxtui-web-01", "8a0be1c3-0a3c-4f6e-8d5d-2f1d7a0f6c02")
    session.make("disk", "oxtui-web-01-boot", "c1f3ab44-91f4-4a89-9d43-7e7b8f9b1c03")
    session.call("instance_create", "POST", "/v1/instances?project=web", 201)
    session.write(
        "serial",
        "[    0.000000] Linux version 6.1.0-18-cloud-amd64",
        "[    0.412011] virtio_blk virtio0: [vda] 41943040 512-byte logical blocks",
        "[    2.118403] systemd[1]: Reached target network-online.target - Network is Online.",
        "ci-info: ++++++Authorized keys from /home/ubuntu/.ssh/authorized_keys for user ubuntu+++++",
        "Debian GNU/Linux 12 oxtui-web-01 ttyS0",
        "",
        "oxtui-web-01 login:",
    )
    session.run("instance", 14.2)
    session.instance()
    session.write("connect", "SSH answers at 172.30.0.4:22", stream=Stream.OURS)
    session.run("connect", 3.0)
    session.ssh("connect")
    session.write("provision-1", "app.tar.gz to /tmp/app.tar.gz, 3.1 MiB", stream=Stream.OURS)
    session.run("provision-1", 1.1)
    session.ssh("run", "cat > /tmp/app.tar.gz", 0)
    session.write("provision-2", *(f"Setting up package-{number} ..." for number in range(80)))
    session.run("provision-2", 41.0)
    session.ssh("run", "PACKER_BUILD_NAME='web-01' /tmp/script_4711.sh", 0)


def running(session: ScriptedSession) -> None:
    """The third provisioner is at work."""
    prepared(session)
    session.set_breakpoint("provision-4")
    session.start("provision-3")
    session.write(
        "provision-3", "Running setup.sh with bash as ubuntu, with sudo", stream=Stream.OURS
    )
    apt(session)
    session.now += 12.0


def apt(session: ScriptedSession) -> None:
    """What apt says until it fails."""
    session.write(
        "provision-3",
        *(
            f"Get:{number} http://mirror.example bookworm/main amd64 Packages [{number * 37} kB]"
            for number in range(1, 25)
        ),
        "\x1b[32mFetched 9,231 kB in 2s (4,615 kB/s)\x1b[0m",
        "Reading package lists...",
        "Building dependency tree...",
        "Reading state information...",
    )


def failed(session: ScriptedSession) -> None:
    """The third provisioner failed; the build waits for a decision."""
    prepared(session)
    session.start("provision-3")
    apt(session)
    session.write(
        "provision-3",
        "E: Unable to locate package ngnix",
        stream=Stream.STDERR,
    )
    session.run("provision-3", 12.0, "failed")
    session.pause("provision-3", "failure", AT_FAILURE)


def at_breakpoint(session: ScriptedSession) -> None:
    """The build waits before the fourth provisioner."""
    prepared(session)
    session.set_breakpoint("provision-4")
    session.start("provision-3")
    apt(session)
    session.run("provision-3", 24.6)
    session.pause(
        "provision-4", "breakpoint", AT_BREAKPOINT, note="look at nginx.conf before hardening"
    )


CHANGES = Changes(
    {
        "packages": (
            Change("libssl3", "3.0.13-0ubuntu3", "3.0.13-0ubuntu3.4"),
            Change("nginx", None, "1.24.0-2ubuntu7.1"),
            Change("nginx-common", None, "1.24.0-2ubuntu7.1"),
            Change("snapd", "2.63+24.04", None),
        ),
        "users": (Change("deploy", None, "uid 1001, gid 1001, /home/deploy, /bin/bash"),),
        "groups": (Change("deploy", None, "gid 1001"), Change("sudo", "gid 27", "gid 27, deploy")),
        "units": (
            Change("nginx.service", None, "enabled"), Change("snapd.service", "enabled", None),
        ),
        "ports": (Change("tcp 0.0.0.0:80", None, "nginx"), Change("tcp [::]:80", None, "nginx")),
    },
    {"packages": "dpkg", "units": "systemd"},
    Files(
        214, 35_784_122,
        ((18_203_648, "/opt/app/bin/web"), (7_340_032, "/var/lib/apt/lists/archive_Packages"),
         (1_228_800, "/usr/sbin/nginx"), (702_464, "/usr/lib/x86_64-linux-gnu/libssl.so.3"),
         (1447, "/etc/nginx/nginx.conf")),
    ),
    reasons=("Without sudo, files in folders that the user cannot read are not counted.",),
)  # fmt: skip
"""What the build of the pictures changed."""


async def changes(_state: SessionState, _build: str) -> Changes | None:
    """Reads it."""
    return CHANGES


def finished(session: ScriptedSession) -> None:
    """The image is made and everything else removed."""
    _imaged(session)
    session.artifact()
    session.finish("succeeded")


def post_processing(session: ScriptedSession) -> None:
    """The image is made, and one of the post-processors failed; the build waits for a decision."""
    _imaged(
        session,
        ("post-process-1", "post-process", "checksum", "sha256"),
        ("post-process-2", "post-process", "manifest", "dist/web.json"),
        ("post-process-3", "post-process", "manifest", "packer-manifest.json"),
    )
    session.write("post-process-1", "Running post-processor:  (type checksum)", stream=Stream.OURS)
    session.run("post-process-1", 0.4)
    summary = (
        "dist/web.json cannot be written: No such file or directory. Correct the output of the "
    )
    failure = Failure(summary=f"{summary}manifest, or what is in its way.")
    session.start("post-process-2")
    session.write("post-process-2", "Running post-processor:  (type manifest)", stream=Stream.OURS)
    session.run("post-process-2", 0.1, "failed", failure)
    choices = ("retry", "edit_and_retry", "skip", "abort")
    session.pause("post-process-2", "failure", choices, failure=failure)


def _imaged(session: ScriptedSession, *later: tuple[str, StepKind, str, str]) -> None:
    """The image is made and everything else removed."""
    prepared(session, *later)
    session.start("provision-3")
    apt(session)
    session.run("provision-3", 24.6)
    session.write("provision-4", "hardened")
    session.run("provision-4", 9.1)
    session.look(CHANGES)
    session.run("sync", 0.6)
    session.instance("stopped")
    session.run("stop", 12.2)
    snapshot = session.make("snapshot", "web-01", "d0c4ff10-5d0a-4f7b-a9f0-6a0f5b1e2d04")
    session.run("snapshot", 20.9)
    session.make("image", "web-01", "ae46ddf5-7b4a-4f0c-9a51-0d3f7c1f2e10")
    session.run("image", 17.4)
    for number in (2, 3, 1):
        session.remove(number)
    session.leave(snapshot, "the rack answered 503")
    session.write("cleanup", "Removed instance, disk and SSH key", stream=Stream.OURS)
    session.run("cleanup", 8.0)


def starting(session: ScriptedSession) -> None:
    """The instance is being made."""
    session.begin()
    session.run("preflight", 0.2)
    session.run("ssh-key", 0.1)
    session.start("instance", "waiting for the instance to start")
    session.now += 4.0


SCREENFUL = (
    b"\x1b[01;32mubuntu@oxtui-web-01\x1b[0m:\x1b[01;34m~\x1b[0m$ ls -l /etc/nginx\r\n"
    b"total 16\r\n"
    b"drwxr-xr-x 2 root root 4096 Nov 18 11:07 \x1b[01;34mconf.d\x1b[0m\r\n"
    b"-rw-r--r-- 1 root root 1447 Nov 18 11:07 nginx.conf\r\n"
    b"drwxr-xr-x 2 root root 4096 Nov 18 11:07 \x1b[01;34msites-enabled\x1b[0m\r\n"
    b"-rwxr-xr-x 1 root root  322 Nov 18 11:07 \x1b[01;32mtest.sh\x1b[0m\r\n"
    b"\x1b[01;32mubuntu@oxtui-web-01\x1b[0m:\x1b[01;34m~\x1b[0m$ nginx -t\r\n"
    b"nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\r\n"
    b"\x1b[01;32mubuntu@oxtui-web-01\x1b[0m:\x1b[01;34m~\x1b[0m$ "
)
"""What a shell at the breakpoint has shown."""

SCRIPT = """#!/bin/bash
# What the web server needs.
set -e
export DEBIAN_FRONTEND=noninteractive

apt-get update
for package in curl ca-certificates; do
  apt-get install -y "$package"
done
apt-get install -y ngnix
systemctl enable nginx
"""
"""The script that failed, as the editor shows it."""


def slow(session: ScriptedSession) -> None:
    """A cached build: two provisioners were reused, one is clearly slower than it was, and it stood still."""
    session.begin()
    session.run("preflight", 0.2)
    session.run("ssh-key", 0.1)
    session.instance()
    session.run("instance", 14.2)
    session.run("connect", 3.0)
    session.reuse("provision-1", 1.1)
    session.reuse("provision-2", 41.0)
    session.run("provision-3", 48.0)
    session.pause("provision-4", "breakpoint", AT_BREAKPOINT)
    session.now += 35.0
    session.resume("provision-4", "resume")
    session.run("provision-4", 3.0)
    session.start("sync")
    session.now += 0.4


def connecting(session: ScriptedSession) -> None:
    """The instance boots, and nobody can log in yet."""
    session.begin()
    session.run("preflight", 0.2)
    session.run("ssh-key", 0.1)
    session.make("instance", "oxtui-web-01", "8a0be1c3-0a3c-4f6e-8d5d-2f1d7a0f6c02")
    session.write("instance", "Instance is starting", "Instance is running", stream=Stream.OURS)
    session.run("instance", 4.2)
    session.instance()
    session.start("connect", "connection refused: the SSH server does not listen yet")
    session.write(
        "connect", "Connecting to 172.30.0.4", "Not yet: connection refused", stream=Stream.OURS
    )
    session.write(
        "serial",
        'BdsDxe: loading Boot0001 "UEFI NVMe Namespace" from PciRoot(0x0)/Pci(0x10,0x0)',
        "[    0.000000] Linux version 6.8.0-31-generic (buildd@lcy02) #31-Ubuntu SMP",
        *(f"[    0.41{number:04}] pci 0000:00:{number:02}.0: reg 0x10" for number in range(8, 32)),
        "[    1.220146] systemd[1]: Detected virtualization bhyve.",
        "[\x1b[0;32m  OK  \x1b[0m] Reached target \x1b[0;1;39mlocal-fs.target\x1b[0m.",
    )
    session.now += 6.0


def no_network(session: ScriptedSession) -> None:
    """The instance boots without a network."""
    connecting(session)
    line = "[FAILED] Failed to start systemd-networkd-wait-online.service - Wait for Network."
    session.write("serial", line)
    text = f"The machine's network did not come up. Its serial console says: “{line}”. Look at it."
    session.tell(
        BootTroubleSeen(
            time=session.now, build=session.build, trouble="no-network", text=text, line=line,
            fatal=False,
        )
    )  # fmt: skip
