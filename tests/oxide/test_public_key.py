"""Public SSH keys as operators give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.oxide.public_key import PublicKeyError, read_public_key

BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAIKZ5v5JcvSEmoiLJtCpVTxxAgoWwCbYwDxrI/9DPcRV4"


def test_a_whole_key_is_taken_as_it_is_and_from_its_file(tmp_path: Path) -> None:
    key = f"ssh-ed25519 {BLOB} ada@example"
    (tmp_path / "id.pub").write_text(key + "\n")
    assert read_public_key(key) == key
    assert read_public_key(str(tmp_path / "id.pub")) == key
    assert read_public_key(f"ssh-ed25519 {BLOB}") == f"ssh-ed25519 {BLOB}"


@pytest.mark.parametrize(
    "key",
    [
        "ssh-ed25519 AAAA nonsense",
        f"ssh-ed25519 {BLOB[:-8]} ada@example",
        f"ssh-rsa {BLOB} of another kind",
        f"ssh-ed25519 {BLOB[:-3]}*** ada@example",
    ],
)
def test_a_key_that_nobody_could_log_in_with_is_refused(key: str) -> None:
    with pytest.raises(PublicKeyError, match="cut off or mistyped"):
        read_public_key(key)
