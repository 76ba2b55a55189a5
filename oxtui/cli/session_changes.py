"""`oxtui sessions changes`: what the builds of a session changed in their images."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from oxtui.cli.errors import CommandError

if TYPE_CHECKING:
    from oxtui.build.changes.told import Line
    from oxtui.build.journal import JournalReader
    from oxtui.build.session import SessionFolders


async def show(reader: JournalReader, folders: SessionFolders, number: int, as_json: bool) -> None:
    """Print what each of its builds changed, or why that is not known."""
    from oxtui.build.changes.records import changes_file, read_changes
    from oxtui.build.changes.told import lines, summary, values
    from oxtui.build.recorded import NoSuchSession, recorded_session
    from oxtui.logs.sanitise import plain

    try:
        session = await recorded_session(reader, folders, number)
    except NoSuchSession as error:
        raise CommandError(str(error)) from None
    told = []
    for name, build in session.state.builds.items():
        look, changes = build.changes, read_changes(changes_file(session.folder, name))
        if as_json:
            known = None if changes is None or look is None else values(changes)
            reason = None if look is None else look.reason or None
            told.append({"build": name, "changes": known, "reason": reason})
        elif look is None:
            print(f"{plain(name)}: nobody looked; `oxtui build --changes` does.")
        else:
            print(f"{plain(name)}: {plain(summary(look))}")
            for line in lines(changes) if changes is not None and not look.reason else ():
                print(_text(line))
    if as_json:
        print(json.dumps({"session": number, "builds": told}, indent=2))
    elif not session.state.builds:
        print(f"No build of session {number} has begun.")


def _text(line: Line) -> str:
    from oxtui.logs.sanitise import plain

    name, text = plain(line.name), plain(line.text)
    if line.mark == "#":
        return f"\n{name}: {text}"
    return f"  {line.mark} {name}  {text}".rstrip()
