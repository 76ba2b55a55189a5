"""The end of a guest's command with all that it started, where the command is cut off.

A signal sent over SSH is not enough: servers may refuse it (sshd does under ForceCommand), it reaches one
process group at most, and a program can ignore it. So each command first tells the process that leads its
session, and a second session of the same connection ends what belongs to that.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from contextlib import suppress

import asyncssh

from oxtui.component.protocols import Output, Stream

LIMIT = 10.0
"""Seconds that an end may take altogether; a guest that does not answer is left then."""
TOLD_LIMIT = 1.0
"""Seconds that a command which was cut off at its beginning has to tell its leader."""
GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL where only signals over SSH are left."""

# Arguments: the leader's pid. It takes processes of the leader's session and group, and whatever descends
# from one of them, so that what sudo started on a terminal of its own is found too; those of other users
# are left to sudo or doas, as far as these ask for no password. Linux tells processes in /proc; elsewhere
# POSIX has ps. A zombie counts as gone.
_END = b"""
leader=$1
found=" $leader "
if [ -r /proc/self/stat ]; then
    list() {
        for file in /proc/[0-9]*/stat; do
            read -r line <"$file" || continue
            set -- "${line%% *}" ${line##*) }
            [ "$2" = Z ] || echo "$1 $3 $4 $5"
        done 2>/dev/null
    }
else
    list() {
        ps -A -o pid= -o ppid= -o pgid= |
            while read -r pid parent group; do echo "$pid $parent $group $group"; done
    }
fi
look() {
    table=$(list)
    more=yes
    while [ -n "$more" ]; do
        more= alive=
        while read -r pid parent group session; do
            case $found in
            *" $pid "*) alive="$alive $pid"; continue ;;
            esac
            case "$found" in
            *" $parent "*) ;;
            *) [ "$session" = "$leader" ] || [ "$group" = "$leader" ] || continue ;;
            esac
            found="$found$pid " more=yes
        done <<TABLE
$table
TABLE
    done
}
send() {
    denied=
    for pid in $alive; do
        kill -s "$1" "$pid" || denied="$denied $pid"
    done
    [ -z "$denied" ] || sudo -n kill -s "$1" $denied || doas -n kill -s "$1" $denied
} 2>/dev/null
wait_for() {
    for _ in $1; do
        look
        [ -n "$alive" ] || exit 0
        sleep 0.1 2>/dev/null || sleep 1
    done
}
look
send TERM
send CONT
wait_for "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"
for try in 1 2 3 4 5; do
    send KILL
    wait_for "1 2"
done
echo $alive
"""


class Leader:
    """The process that leads a command's session, as the command itself tells before anything else."""

    def __init__(self, output: Output) -> None:
        self.pid = 0
        """0 until it is told."""
        self.output = output
        word = secrets.token_hex(8)
        self.in_sh = f"echo {word} $$; "
        """What tells the leader where that is sh."""
        self._word = word.encode()
        self._told = re.compile(self._word + rb" (\d+)\r?\n")
        self._held = b""

    def command(self, command: str) -> str:
        """The command, preceded by what tells the leader; any login shell understands it."""
        return f"/bin/sh -c 'echo {self._word.decode()} $PPID'; {command}"

    def feed(self, stream: Stream, data: bytes) -> None:
        """Hands on what was printed, without the line that tells the leader."""
        if self.pid or stream != "stdout":
            self.output(stream, data)
            return
        self._held += data
        found = self._told.search(self._held)
        if found is not None:
            self.pid = int(found[1])
            self._release(self._held[: found.start()] + self._held[found.end() :])
            return
        # Only what may become that line waits: a login shell may print something before it.
        begin = self._held.find(self._word)
        if begin < 0:
            begin = len(self._held)
            begin -= next(n for n in range(len(self._word), -1, -1) if self._ends_with(n))
        whole, held = self._held[:begin], self._held[begin:]
        self._release(whole)
        self._held = held

    def end(self) -> None:
        """Nothing more is printed."""
        self._release(self._held)

    def _ends_with(self, length: int) -> bool:
        return self._held.endswith(self._word[:length])

    def _release(self, data: bytes) -> None:
        self._held = b""
        if data:
            self.output("stdout", data)


async def end(
    connection: asyncssh.SSHClientConnection,
    process: asyncssh.SSHClientProcess[bytes],
    leader: Leader,
) -> None:
    """Ends a command with all that it started: SIGTERM, and SIGKILL for what is there after 2 s.

    What cannot be ended is told as output.
    """
    with suppress(TimeoutError, asyncssh.Error, OSError):
        async with asyncio.timeout(TOLD_LIMIT):
            while not leader.pid and (data := await process.stdout.read(4096)):
                leader.feed("stdout", data)
    with suppress(asyncssh.Error, OSError):
        if leader.pid and await _ended(connection, leader):
            return
    with suppress(TimeoutError, asyncssh.Error, OSError):
        process.terminate()
        async with asyncio.timeout(GRACE):
            await process.wait_closed()
    with suppress(asyncssh.Error, OSError):
        process.kill()


async def _ended(connection: asyncssh.SSHClientConnection, leader: Leader) -> bool:
    """Whether the guest's own tools ended all, or told what is left."""
    done = await connection.run(f"exec /bin/sh -s {leader.pid}", input=_END, encoding=None)
    if done.exit_status != 0:
        return False
    printed = done.stdout or b""
    left = (printed.decode(errors="replace") if isinstance(printed, bytes) else printed).split()
    if left:
        text = f"Still running in the guest, as they cannot be ended from here: {', '.join(left)}\n"
        leader.output("ours", text.encode())
    return True
