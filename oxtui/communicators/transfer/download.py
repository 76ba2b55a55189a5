"""Files and directories from a guest, through its shell: `cat` for one, tar for many."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from oxtui.communicators.carrier import Carrier
from oxtui.communicators.transfer import sftp_download
from oxtui.communicators.transfer.guest_script import assigned_path, program
from oxtui.communicators.transfer.heard import Heard
from oxtui.communicators.transfer.local_place import new_file, new_tree
from oxtui.communicators.transfer.unpack import Unpacker
from oxtui.component.protocols import Moved, OnMoved, Stream

BEGIN = b"oxtui:content "
"""Begins the line behind which the content stands; what a login prints before it is dropped."""
NO_TAR = b"oxtui:no-tar"
_MOST_BEFORE = 64 * 1024
_CHANGED = re.compile(
    r"tar: (?:\./)?(.+): (file changed as we read it|File removed before we read it)"
)
"""With these alone, GNU's tar ends with 1."""
_FILE = """
{source}
e() {{ echo "$1" >&2; exit 1; }};
if [ -d "$t" ]; then e "$t: Is a directory"; fi;
if [ -e "$t" ] && {{ [ -p "$t" ] || [ -S "$t" ] || [ -b "$t" ] || [ -c "$t" ]; }};
then e "$t has no content to copy, as it is no regular file"; fi;
n=$(wc -c < "$t") || exit 1;
echo {begin}$((n)); cat "$t"
"""
_BEFORE_TREE = """
IFS=;
e() {{ echo "$1" >&2; exit 1; }};
command -v tar > /dev/null 2>&1 || {{ echo {no_tar}; exit 1; }};
"""
_ONE_FOLDER = """
{folder} {pattern}
[ -d "$d" ] || e "there is no directory $d";
cd "$d" > /dev/null || exit 1;
set -- $q; [ -e "$1" ] || [ -h "$1" ] || e "$q: No such file or directory";
echo {begin}0; tar -chf - "$@"
"""
_MANY_FOLDERS = """
{pattern}
set -- $q; [ -e "$1" ] || [ -h "$1" ] || e "$q: No such file or directory";
echo {begin}0; x=0;
for f in "$@"; do f=${{f%/}}; (cd "${{f%/*}}/" > /dev/null && tar -chf - "./${{f##*/}}") || x=1; done;
exit $x
"""


async def download_file(
    communicator: Carrier, source: str, destination: Path, moved: OnMoved
) -> Moved:
    """Copies the guest's file `source` here; `destination` appears only when it is whole.

    Raises:
        TransferError: the guest refused it, or it cannot be written here.
    """
    if communicator.by_sftp:
        return await sftp_download.download_file(communicator, source, destination, moved)
    text = _FILE.format(source=assigned_path("t", source), begin=BEGIN.decode())
    size = 0
    with new_file(destination) as file:

        def take(data: bytes) -> None:
            nonlocal size
            file.write(data)
            size += len(data)
            moved(Moved(size, max(content.announced, size), 0, 1))

        content = _Content(take)
        status = await communicator.run(program(text.strip()), content.output, stdin=b"")
        if not content.begun or status.status != 0:
            what = f"{source} cannot be copied from the guest"
            raise content.heard.error(what, status, places=(source,), reading=True)
    return Moved(size, size, 1, 1)


async def download_tree(
    communicator: Carrier, pattern: str, destination: Path, moved: OnMoved
) -> Moved:
    """Copies all that matches into the directory `destination`, each under its own name, links followed.

    Raises:
        TransferError: the guest refused it, sent something that leads elsewhere, or it cannot be
            written here.
    """
    if communicator.by_sftp:
        return await sftp_download.download_tree(communicator, pattern, destination, moved)
    command = _tree_program(pattern)
    with new_tree(destination) as part:
        unpacker = Unpacker(part)

        def take(data: bytes) -> None:
            unpacker.feed(data)
            moved(Moved(unpacker.size, None, unpacker.files))

        content = _Content(take)
        try:
            status = await communicator.run(command, content.output, stdin=b"")
        finally:
            unpacker.close()
        changed = _only_changed(content.heard.stderr) if status.status == 1 else []
        if content.begun and (status.status == 0 or changed):
            size, files = unpacker.size, unpacker.files
            return Moved(size, size, files, files, (*unpacker.skipped, *changed))
        if not content.heard.said(NO_TAR):
            what = f"{pattern} cannot be copied from the guest"
            raise content.heard.error(what, status, reading=True)
    return await sftp_download.download_tree(communicator, pattern, destination, moved)


def _only_changed(words: bytes) -> list[str]:
    """What changed while it was read, if that is all that tar has to say: logs do, and scp does not mind."""
    found = [_CHANGED.fullmatch(line) for line in words.decode(errors="replace").splitlines()]
    return [f"some of {line[1]}: {line[2]}" for line in found if line] if all(found) else []


def _tree_program(pattern: str) -> str:
    stripped = pattern.rstrip("/") or "/"
    folder, slash, last = stripped.rpartition("/")
    if last in ("", ".", "..") or (not slash and last.startswith("~")):
        folder, slash, last = stripped, "/", "."
    before = _BEFORE_TREE.format(no_tar=NO_TAR.decode())
    if re.search(r"[*?[]", folder):
        text = _MANY_FOLDERS.format(pattern=assigned_path("q", stripped), begin=BEGIN.decode())
    else:
        text = _ONE_FOLDER.format(
            folder=assigned_path("d", (folder + slash) or "."),
            # With ./ no name is an option, and an unquoted pattern stays one word, as IFS is empty.
            pattern=assigned_path("q", f"./{last}"),
            begin=BEGIN.decode(),
        )
    return program((before + text).strip())


class _Content:
    """Hands on what follows the line that begins the content."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.heard = Heard()
        self.begun = False
        self.announced = 0
        """Bytes that will come, if the file does not change."""
        self._take = take
        self._before = b""

    def output(self, stream: Stream, data: bytes) -> None:
        """Takes what the program prints."""
        if stream != "stdout":
            self.heard.output(stream, data)
        elif self.begun:
            self._take(data)
        else:
            self._look(data)

    def _look(self, data: bytes) -> None:
        self._before = self._before[-_MOST_BEFORE:] + data
        self.heard.output("stdout", data)
        found = re.search(rb"(?:^|\n)" + BEGIN + rb"(\d+)\n", self._before)
        if found:
            self.begun, self.announced = True, int(found[1][:20])
            if rest := self._before[found.end() :]:
                self._take(rest)
