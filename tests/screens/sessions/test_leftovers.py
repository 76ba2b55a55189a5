"""What the question before a removal says of leftovers."""

from __future__ import annotations

from oxtui.build.disposal import Leftover
from oxtui.component.resources import ResourceRecord
from screens.sessions.leftovers import question

ROOT = "/mnt/oxtui-chroot-loop0"


def left(kind: str, name: str) -> Leftover:
    record = ResourceRecord(number=1, session=1, build="b", kind=kind, name=name, id=name, time=0.0)
    return Leftover(record=record, age=60.0, command="", cost="")


def test_a_root_on_this_machine_can_be_entered_until_then() -> None:
    access = {"b": f"chroot {ROOT} /bin/sh -l"}
    asked = question(1, [left("local.mount", ROOT), left("local.mount", f"{ROOT}/proc")], access)
    assert asked._text == "2 things on this machine would be deleted:"
    assert list(asked._effects) == [
        f"mount {ROOT}, 1 minute old; enter it: chroot {ROOT} /bin/sh -l",
        f"mount {ROOT}/proc, 1 minute old",
    ]


def test_where_something_is_on_a_rack_that_is_said() -> None:
    both = [left("oxide.disk", "d"), left("local.file", "/f")]
    assert question(1, both)._text == "2 things on this machine and the rack would be deleted:"
    assert question(1, both[:1])._text == "1 thing on the rack would be deleted:"
