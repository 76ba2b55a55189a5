"""What a login writes, and what it leaves alone."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from oxtui.oxide.credentials import ConnectionOptions, profiles, resolve
from oxtui.oxide.credentials_file import Entry, profile_name_for, remove_profile, save_profile
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.token import Token

ENTRY = Entry("https://rack.example", Token("oxide-token-new"), "u1", "t1", "2026-12-01T00:00:00Z")
OTHERS = """# my racks
[profile.production] # careful
host = "https://production.example"
token = "oxide-token-p"
user = "u9"
colour = "red"   # unknown to us
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_login_makes_both_files_and_the_default(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "oxide"
    assert save_profile(folder, "analytical", ENTRY) is True
    assert tomllib.loads((folder / "credentials.toml").read_text()) == {
        "profile": {
            "analytical": {
                "host": "https://rack.example",
                "token": "oxide-token-new",
                "token_id": "t1",
                "user": "u1",
                "time_expires": "2026-12-01T00:00:00Z",
            }
        }
    }
    assert "[profile]" not in (folder / "credentials.toml").read_text()
    assert (folder / "config.toml").read_text() == 'default-profile = "analytical"\n'
    assert mode(folder / "credentials.toml") == 0o600
    found = resolve(ConnectionOptions(), {}, folder)
    assert (found.host, found.token) == (ENTRY.host, ENTRY.token)


def test_what_others_wrote_stays_as_it_was(tmp_path: Path) -> None:
    credentials, config = tmp_path / "credentials.toml", tmp_path / "config.toml"
    credentials.write_text(OTHERS)
    config.write_text('# mine\ndefault-profile = "production"\nkey = 1\n')
    before = config.read_text()
    assert save_profile(tmp_path, "analytical", ENTRY) is False
    assert credentials.read_text().startswith(OTHERS)
    assert config.read_text() == before
    assert [profile.name for profile in profiles(tmp_path)] == ["production", "analytical"]
    assert mode(credentials) == 0o600
    remove_profile(tmp_path, "analytical")
    assert credentials.read_text().strip() == OTHERS.strip()


def test_a_renewed_profile_keeps_its_unknown_keys_and_comments(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.toml"
    credentials.write_text(OTHERS)
    save_profile(tmp_path, "production", ENTRY)
    text = credentials.read_text()
    assert "# careful" in text
    assert 'colour = "red"   # unknown to us' in text
    assert profiles(tmp_path)[0].host == "https://rack.example"
    save_profile(tmp_path, "production", Entry(ENTRY.host, ENTRY.token, "u1"))
    assert "time_expires" not in credentials.read_text()


def test_a_config_file_keeps_its_keys_when_the_default_is_added_and_taken(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("# mine\nkey = 1\n")
    config.chmod(0o640)
    assert save_profile(tmp_path, "a.b c", ENTRY) is True
    assert tomllib.loads(config.read_text()) == {"key": 1, "default-profile": "a.b c"}
    assert config.read_text().startswith("# mine\n")
    assert mode(config) == 0o640
    remove_profile(tmp_path, "a.b c")
    assert tomllib.loads(config.read_text()) == {"key": 1}


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text(OTHERS)
    (tmp_path / "credentials.toml").symlink_to(real)
    save_profile(tmp_path, "analytical", ENTRY)
    assert (tmp_path / "credentials.toml").is_symlink()
    assert "oxide-token-new" in real.read_text()


def test_a_damaged_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "credentials.toml"
    path.write_text("= x")
    with pytest.raises(CredentialsError, match="is left as it is"):
        save_profile(tmp_path, "analytical", ENTRY)
    path.write_text("profile = 1\n")
    with pytest.raises(CredentialsError, match=r"`profile\.analytical` is not a table"):
        save_profile(tmp_path, "analytical", ENTRY)
    assert path.read_text() == "profile = 1\n"


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "credentials.toml").mkdir()
    with pytest.raises(CredentialsError, match=r"credentials\.toml cannot be"):
        save_profile(tmp_path, "analytical", ENTRY)
    (tmp_path / "file").write_text("")
    with pytest.raises(CredentialsError, match="cannot be"):
        save_profile(tmp_path / "file" / "oxide", "analytical", ENTRY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["credentials.toml", "file"]


def test_forgetting_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match='no profile "lost"'):
        remove_profile(tmp_path, "lost")


def test_a_profile_is_named_after_the_silo_unless_it_exists(tmp_path: Path) -> None:
    assert profile_name_for(tmp_path, ENTRY, "analytical") == "analytical"
    for host in ("https://a.example", "https://b.example"):
        entry = Entry(host, ENTRY.token, "u1")
        save_profile(tmp_path, profile_name_for(tmp_path, entry, "analytical"), entry)
    assert [profile.name for profile in profiles(tmp_path)] == ["analytical", "analytical2"]
    assert profile_name_for(tmp_path, ENTRY, "analytical") == "analytical3"


def test_the_profile_of_the_same_rack_and_user_is_renewed(tmp_path: Path) -> None:
    save_profile(tmp_path, "mine", ENTRY)
    assert profile_name_for(tmp_path, ENTRY, "analytical") == "mine"
    other_user = Entry(ENTRY.host, ENTRY.token, "u2")
    assert profile_name_for(tmp_path, other_user, "analytical") == "analytical"
