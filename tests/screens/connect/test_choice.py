"""Which racks are offered, and which one the credentials choose."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from screens.connect.choice import Offered, first_target, offerings
from screens.connection import Demo, Rack
from screens.services import Services
from tests.screens.driving import services

CREDENTIALS = """
[profile.web]
host = "https://web.sys.example.com"
token = "oxide-token-1"
user = "u"

[profile.lab]
host = "https://lab.sys.example.com"
user = "u"
"""


def _services(folder: Path, environment: Mapping[str, str] | None = None) -> Services:
    return services(folder, "http://unused", "", start=None, environment=environment)


def _write(folder: Path, credentials: str, config: str = "") -> None:
    (folder / "oxide").mkdir()
    path = folder / "oxide" / "credentials.toml"
    path.write_text(credentials)
    path.chmod(0o600)
    (folder / "oxide" / "config.toml").write_text(config)


def _by_name(racks: object) -> dict[str, Offered]:
    assert isinstance(racks, list | tuple)
    return {rack.name: rack for rack in racks}


def test_without_credentials_there_is_the_demo_rack_and_the_way_to_log_in(tmp_path: Path) -> None:
    found = offerings(_services(tmp_path), None)
    assert [rack.name for rack in found.racks] == ["demo rack"]
    reason = first_target(_services(tmp_path))
    assert isinstance(reason, str)
    assert "oxtui login" in reason


def test_the_default_profile_is_chosen_and_says_which_file_chose_it(tmp_path: Path) -> None:
    _write(tmp_path, CREDENTIALS, 'default-profile = "web"\n')
    target = first_target(_services(tmp_path))
    assert isinstance(target, Rack)
    assert target.connection.profile == "web"
    assert _by_name(offerings(_services(tmp_path), None).racks)["web"].chosen == "config.toml"


def test_a_profile_that_cannot_be_used_is_listed_with_the_reason(tmp_path: Path) -> None:
    _write(tmp_path, CREDENTIALS)
    racks = _by_name(offerings(_services(tmp_path), None).racks)
    assert racks["lab"].target is None
    assert "it has no token" in racks["lab"].problem
    assert racks["web"].target is not None


def test_profiles_without_a_default_are_offered_and_it_is_said_how_to_choose(
    tmp_path: Path,
) -> None:
    _write(tmp_path, CREDENTIALS)
    assert "No rack is chosen" in offerings(_services(tmp_path), None).note


def test_host_and_token_of_the_environment_are_a_rack_of_their_own(tmp_path: Path) -> None:
    environment = {"OXIDE_HOST": "https://my.example.com", "OXIDE_TOKEN": "oxide-token-x"}
    _write(tmp_path, CREDENTIALS, 'default-profile = "web"\n')
    found = offerings(_services(tmp_path, environment), None)
    racks = _by_name(found.racks)
    assert racks["environment"].source == "OXIDE_HOST, OXIDE_TOKEN"
    assert racks["environment"].chosen
    assert not racks["web"].chosen


def test_credentials_that_are_no_toml_are_told_and_leave_the_demo_rack(tmp_path: Path) -> None:
    _write(tmp_path, "[profile.web\n")
    found = offerings(_services(tmp_path), None)
    assert [rack.target for rack in found.racks] == [Demo()]
    assert "not valid TOML" in found.note


def test_tokens_that_others_can_read_are_told_with_the_command_that_ends_it(tmp_path: Path) -> None:
    _write(tmp_path, CREDENTIALS, 'default-profile = "web"\n')
    (tmp_path / "oxide" / "credentials.toml").chmod(0o644)
    assert "chmod 600" in offerings(_services(tmp_path), None).note


def test_no_token_is_shown(tmp_path: Path) -> None:
    _write(tmp_path, CREDENTIALS, 'default-profile = "web"\n')
    assert "oxide-token-1" not in repr(offerings(_services(tmp_path), None))
