"""Records real programs under a pseudo-terminal: `python -m tests.screens.widgets.terminal.record [NAME…]`.

Each recording is what a program wrote, with marks at which it stood still; our emulator answers its questions, as
it does for a guest. Needs vim, htop, less, apt-get, dpkg-deb and tmux; what is recorded names nothing of this machine.
"""

from __future__ import annotations

import fcntl
import gzip
import itertools
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from screens.widgets.terminal.emulator import Emulator

FOLDER = Path(__file__).parent / "recordings"
_QUIET = 0.5
"""Seconds without output after which a program stands still."""
_LONGEST = 20.0
_MOST = 60_000
"""Bytes of a recording."""


@dataclass(frozen=True)
class Recording:
    """What a program wrote on a terminal of that size, in pieces that each end where it stood still."""

    name: str
    columns: int
    rows: int
    pieces: tuple[bytes, ...]


def recordings() -> list[Recording]:
    """Those that are there."""
    return [load(path) for path in sorted(FOLDER.glob("*.gz"))]


def load(path: Path) -> Recording:
    """One of them."""
    head, data = gzip.decompress(path.read_bytes()).split(b"\n", 1)
    told = json.loads(head)
    bounds = [0, *told["marks"]]
    pieces = tuple(data[a:b] for a, b in itertools.pairwise(bounds))
    return Recording(path.name.removesuffix(".gz"), told["columns"], told["rows"], pieces)


def save(recording: Recording) -> None:
    """Writes it, always the same bytes for the same recording."""
    marks, at = [], 0
    for piece in recording.pieces:
        at += len(piece)
        marks.append(at)
    head = json.dumps({"columns": recording.columns, "rows": recording.rows, "marks": marks})
    data = head.encode() + b"\n" + b"".join(recording.pieces)
    (FOLDER / f"{recording.name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))


def record(
    name: str, command: Sequence[str], keys: Sequence[bytes], folder: Path,
    quiet: float = _QUIET,
) -> Recording:  # fmt: skip
    """Runs a program, presses keys whenever it stands still, and keeps what it writes."""
    columns, rows = 80, 24
    emulator = Emulator(columns, rows)
    child, master = pty.fork()
    if child == 0:
        os.chdir(folder)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "SHELL": "/bin/sh", "USER": "ubuntu", "PS1": "$ ", "DEBIAN_FRONTEND": "noninteractive",
        }  # fmt: skip
        os.execvpe(command[0], list(command), environment)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    emulator.reply = lambda data: void(os.write(master, data))
    pieces = []
    for key in [b"", *keys]:
        os.write(master, key)
        piece, ended = _until_quiet(master, emulator, quiet)
        if piece:
            pieces.append(piece)
        if ended or sum(map(len, pieces)) > _MOST:
            break
    os.close(master)
    os.waitpid(child, 0)
    return Recording(name, columns, rows, tuple(pieces))


def void(_: object) -> None:
    """Nothing."""


def _until_quiet(master: int, emulator: Emulator, quiet: float) -> tuple[bytes, bool]:
    data = b""
    while select.select([master], [], [], quiet if data else _LONGEST)[0]:
        try:
            more = os.read(master, 65536)
        except OSError:
            return data, True
        if not more:
            return data, True
        data += more
        emulator.feed(more)
    return data, False


def _vim(folder: Path) -> Recording:
    code = folder / "setup.sh"
    code.write_text(
        "#!/bin/sh\nset -eu\n# what the image needs\n"
        + "".join(f"apt-get install -y package-{n}  # 漢字 №{n}\n" for n in range(60))
    )
    (folder / ".vimrc").write_text(
        "set nocompatible number cursorline hlsearch ruler showcmd laststatus=2\n"
        "syntax on\nset background=dark mouse=a ttimeoutlen=10\n"
    )
    keys = [b"\x04", b"/package-4\r", b"nn", b"oecho a long line " + b"x" * 90 + b"\x1b", b":split\r",
            b"\x17\x17G", b"10dd", b"u", b":vsplit\r", b"\x05\x05\x05", b"V5j", b"\x1b:set list\r",
            b":qa!\r"]  # fmt: skip
    return record("vim", ["vim", "setup.sh"], keys, folder)


def _less(folder: Path) -> Recording:
    (folder / "log.txt").write_text(
        "".join(
            f"\x1b[3{n % 8}mline {n}\x1b[0m of a log with \x1b[1;4msome\x1b[0m words é漢 {'=' * (n % 90)}\n"
            for n in range(300)
        )
    )
    keys = [
        b" ",
        b"j",
        b"kk",
        b"/line 7\r",
        b"n",
        b"-S\r",
        b"\x1b[C",
        b"G",
        b"b",
        b"50%",
        b"h",
        b"q",
        b"q",
    ]
    return record("less", ["less", "-R", "-M", "log.txt"], keys, folder)


def _htop(folder: Path) -> Recording:
    # A namespace of its own: the only processes are those that it starts.
    inner = (
        "mount -t proc proc /proc && hostname guest && { sleep 99 & sleep 98 & exec htop -d 100; }"
    )
    command = [
        "unshare",
        "--user",
        "--map-root-user",
        "--pid",
        "--fork",
        "--mount",
        "--uts",
        "sh",
        "-c",
        inner,
    ]
    keys = [b"\x1b[B", b"\x1bOQ", b"\x1b[B\x1b[B", b"\x1b", b"t", b"\x1bOS", b"sle", b"\x1b", b"q"]
    return record("htop", command, keys, folder)


def _apt(folder: Path) -> Recording:
    """Installs packages made for it into a root of its own; the progress bar has a scroll region."""
    root, repo = folder / "root", folder / "repo"
    for name in ("var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/apt/lists/partial",
                 "var/cache/apt/archives/partial", "etc/apt/apt.conf.d", "etc/apt/preferences.d",
                 "etc/apt/sources.list.d", "var/log/apt"):  # fmt: skip
        (root / name).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    (root / "etc/apt/sources.list").touch()
    repo.mkdir()
    for number in range(8):
        built = folder / f"p{number}"
        (built / "DEBIAN").mkdir(parents=True)
        (built / "DEBIAN/control").write_text(
            f"Package: example-{number}\nVersion: 1.{number}\nArchitecture: all\nMaintainer: nobody <n@example>\n"
            f"Description: an example\n"
        )
        subprocess.run(["dpkg-deb", "-b", str(built), str(repo / f"example-{number}_1.{number}_all.deb")],
                       check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    packages = " ".join(f"./repo/example-{n}_1.{n}_all.deb" for n in range(8))
    options = (
        f"-o Dir={root} -o Dir::State::status={root}/var/lib/dpkg/status -o Dpkg::Options::=--root={root} "
        "-o Dpkg::Progress-Fancy=1 -o APT::Color=1 -o Dpkg::Options::=--force-not-root "
        f"-o Dpkg::Options::=--log={folder}/dpkg.log -o APT::Sandbox::User=root -o Debug::NoLocking=1 "
        "-o DPkg::Path=/usr/bin:/usr/sbin:/bin:/sbin -o Dpkg::Use-Pty=0"
    )
    script = f"i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); done; apt-get {options} install -y {packages}"
    made = record("apt", ["sh", "-c", script], [], folder, quiet=_LONGEST)
    # It never stands still: marked are the times at which its bar was drawn.
    steps = re.split(rb"(?<=\x1b8)", b"".join(made.pieces))
    pieces = [b"".join(steps[at : at + 6]) for at in range(0, len(steps), 6)]
    return Recording("apt", made.columns, made.rows, tuple(pieces))


def _tmux(folder: Path) -> Recording:
    (folder / "tmux.conf").write_text(
        'set -g status-right "guest"\nset -g default-command "/bin/sh"\nset -g mouse on\nset -g escape-time 0\n'
    )
    keys = [b"seq 1 40\r", b"\x02%", b"printf '\\033[45mcolour\\033[0m %s\\n' a b c\r", b'\x02"', b"seq 100 130\r",
            b"\x02[\x1b[5~", b"q", b"\x02o", b"\x02z", b"\x02c", b"clear; echo new\r", b"\x02n", b"\x02d"]  # fmt: skip
    command = [
        "tmux",
        "-S",
        str(folder / "s"),
        "-f",
        str(folder / "tmux.conf"),
        "new",
        "-n",
        "work",
    ]
    try:
        return record("tmux", command, keys, folder)
    finally:
        subprocess.run(["tmux", "-S", str(folder / "s"), "kill-server"], check=False)


PROGRAMS: dict[str, Callable[[Path], Recording]] = {
    "apt": _apt, "htop": _htop, "less": _less, "tmux": _tmux, "vim": _vim,
}  # fmt: skip


def main(names: Sequence[str]) -> None:
    """Record these programs, or all."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or PROGRAMS:
        folder = Path(tempfile.mkdtemp(dir="/tmp"))  # a short name of a known length
        try:
            made = PROGRAMS[name](folder)
            neutral = re.compile(re.escape(str(folder)).encode())
            pieces = tuple(neutral.sub(b"/tmp/recording", piece) for piece in made.pieces)
            save(Recording(made.name, made.columns, made.rows, pieces))
            print(name, len(pieces), sum(map(len, pieces)), "bytes")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
