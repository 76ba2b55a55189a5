"""Taking keys out of a guest's authorized_keys."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

ROOT_KEYS = "/root/.ssh/authorized_keys"
"""Where cloud-init writes keys too, with a hint to log in as the user."""
_SPECIAL = re.compile(r"([][\\.*^$/])")
"""What means something in a pattern of sed."""


def removal(comments: Sequence[str], keep: str = "") -> str:
    """A command that takes the keys with these comments out, also of root's file where sudo asks nothing.

    keep: a public key that stays, though its comment may be the same.
    """
    spared = f"/ {_escaped(keep.split()[1])}/!" if keep else ""
    edits = [f"{spared}{{/ {_escaped(comment)}$/d;}}" for comment in comments]
    edit = "sed -i " + " ".join(f"-e {shlex.quote(each)}" for each in edits)
    return (
        f"{edit} ~/.ssh/authorized_keys || exit; "
        f"if sudo -n test -f {ROOT_KEYS} 2>/dev/null; then sudo -n {edit} {ROOT_KEYS}; fi"
    )


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
