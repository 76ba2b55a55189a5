"""Reads a file of the guest, and writes it back in place."""

from __future__ import annotations

import secrets
import shlex
from dataclasses import dataclass, field

from oxtui.build.files.guest import GuestFileError, GuestShell
from oxtui.build.files.listing import quoted
from oxtui.component.errors import StepError

LONGEST = 1024 * 1024
"""Bytes of a file that are read to be looked at."""
_LOOKED_AT = 8192
_STAMP = "stat -L -c '%i %s %y %z' --"

_READ = """
[ -e {path} ] || {{ cat {path}; exit 1; }}
[ -f {path} ] || {{ echo 'it is no regular file' >&2; exit 1; }}
stamp=$({stamp} {path}) && head -c {limit} -- {path} >/dev/null || exit 1
printf '%s\\n' "$stamp"; stat -L -c '%a %U:%G' -- {path}; head -c {limit} -- {path}
"""
_WRITE = """
[ "$({stamp} {path})" = {known} ] || exit 75
[ -w {path} ] || {{ echo 'Permission denied' >&2; exit 1; }}
cat {new} >{path} || exit 76
rm -f {new}
"""
"""The file itself is written, so its mode, owner and links stay; its new content is in the guest by then."""


class GuestFileChanged(GuestFileError):
    """The file was changed by something else since it was read; nothing was written."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was read: `data` has at most the first mebibyte of `size` bytes."""

    path: str
    data: bytes = field(repr=False)
    size: int
    mode: str
    """In octal digits."""
    owner: str
    """`user:group`."""
    stamp: str
    as_root: bool = False

    @property
    def whole(self) -> bool:
        """Whether all of it was read."""
        return len(self.data) == self.size

    @property
    def text(self) -> str | None:
        """Its text; None where it is binary."""
        if b"\0" in self.data[:_LOOKED_AT]:
            return None
        try:
            return self.data.decode()
        except UnicodeDecodeError as error:
            # What was cut off may end within a character.
            near = not self.whole and error.start >= len(self.data) - 3
            return self.data[: error.start].decode() if near else None


async def read(shell: GuestShell, path: str) -> Content:
    """Reads the beginning of a file.

    Raises:
        GuestFileError: it cannot be read.
    """
    program = _READ.format(path=quoted(path), stamp=_STAMP, limit=LONGEST)
    ran = await shell.run_as_needed(program, limit=LONGEST + 1000)
    if ran.status != 0:
        raise shell.why_not(ran, f"{path} cannot be read")
    stamp, _, rest = ran.output.partition(b"\n")
    about, _, data = rest.partition(b"\n")
    mode, _, owner = about.decode(errors="replace").partition(" ")
    told = stamp.decode(errors="replace")
    return Content(path, data, int(told.split()[1]), mode, owner, told, ran.as_root)


async def write(shell: GuestShell, before: Content, data: bytes) -> bool:
    """Writes a file that was read, with its mode and owner as they are; True if that took root's rights.

    Raises:
        GuestFileChanged: something else changed it meanwhile.
        GuestFileError: it cannot be written.
    """
    new = f"/tmp/oxtui-{secrets.token_hex(8)}"  # noqa: S108 - random, for the owner alone
    what = f"{before.path} cannot be written"
    try:
        await shell.communicator.upload(data, new, 0o600)
    except (StepError, OSError) as error:
        raise GuestFileError(f"{what}: {error}") from error
    program = _WRITE.format(
        path=quoted(before.path), stamp=_STAMP, known=shlex.quote(before.stamp), new=new
    )
    ran = await shell.run(program, limit=0, as_root=before.as_root)
    if ran.denied and await shell.has_sudo():
        ran = await shell.run(program, limit=0, as_root=True)
    if ran.status == 0:
        return ran.as_root
    if ran.status == 76:
        words = ran.words.rpartition(": ")[2]
        raise GuestFileError(
            f"{before.path} was written only in part: {words}. All of its new content is in {new} of the instance."
        )
    await shell.run(f"rm -f {new}", limit=0)
    if ran.status == 75:
        raise GuestFileChanged(
            f"{before.path} was changed by something else since you opened it; nothing was written."
        )
    raise shell.why_not(ran, what)
