"""Which racks are offered, and which one the credentials choose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from screens.connect.choice import first_target, offerings
from screens.connect.offered import Offered
from screens.connection import Account, Demo, Link, Rack
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


OSC = {"OSC_ACCESS_KEY": "AKENV", "OSC_SECRET_KEY": "secret-of-env", "OSC_REGION": "us-east-2"}


def _account(
    folder: Path, environment: Mapping[str, str] | None = None, **profiles: Any
) -> Services:
    """Services whose home has these profiles of Outscale's tools."""
    (folder / ".osc").mkdir()
    (folder / ".osc" / "config.json").write_text(json.dumps(profiles))
    return _services(folder, {"HOME": str(folder), **(environment or {})})


WORK = {"access_key": "AKWORK", "secret_key": "secret-of-work", "region": "cloudgouv-eu-west-1"}


def test_profiles_of_outscale_stand_behind_those_of_racks(tmp_path: Path) -> None:
    _write(tmp_path, CREDENTIALS, 'default-profile = "web"\n')
    found = offerings(_account(tmp_path, OSC, web=WORK), None)
    told = [(rack.name, rack.service, rack.host) for rack in found.racks]
    assert told == [
        ("web", "Oxide", "https://web.sys.example.com"),
        ("lab", "Oxide", "https://lab.sys.example.com"),
        ("environment", "Outscale", "https://api.us-east-2.outscale.com/api/v1"),
        ("web", "Outscale", "https://api.cloudgouv-eu-west-1.outscale.com/api/v1"),
        ("demo rack", "Oxide", "this machine"),
    ]
    assert [rack.name for rack in found.racks if rack.chosen] == ["web"]
    assert "secret-of" not in repr(found)


def test_keys_of_an_account_are_chosen_where_no_rack_is_known(tmp_path: Path) -> None:
    services = _account(tmp_path, default=WORK)
    target = first_target(services)
    assert isinstance(target, Account)
    assert target.name == "default"
    assert [rack.name for rack in offerings(services, None).racks if rack.chosen] == ["default"]


def test_a_rack_that_was_not_named_is_asked_for_before_an_account_is_taken(tmp_path: Path) -> None:
    _write(tmp_path, CREDENTIALS)
    assert isinstance(first_target(_account(tmp_path, default=WORK)), str)


def test_a_profile_is_an_account_of_its_own(tmp_path: Path) -> None:
    endpoint = {**WORK, "endpoints": {"api": "https://elsewhere.example.com"}}
    services = _account(tmp_path, OSC, default=endpoint, other={**WORK, "access_key": "AKOTHER"})
    other = _by_name(offerings(services, None).racks)["other"]
    assert other.host == "https://api.cloudgouv-eu-west-1.outscale.com/api/v1"


def test_a_profile_without_a_secret_key_is_listed_with_the_reason(tmp_path: Path) -> None:
    racks = _by_name(offerings(_account(tmp_path, half={"access_key": "AK"}), None).racks)
    assert racks["half"].target is None
    assert 'profile "half" gives no secret_key' in racks["half"].problem


def test_profiles_that_are_no_json_are_told_and_leave_the_racks(tmp_path: Path) -> None:
    services = _account(tmp_path)
    (tmp_path / ".osc" / "config.json").write_text("{")
    found = offerings(services, None)
    assert "is not valid JSON" in found.note
    assert [rack.target for rack in found.racks] == [Demo()]


def test_the_connected_account_is_told_apart_from_a_rack_of_the_same_name(tmp_path: Path) -> None:
    _write(tmp_path, CREDENTIALS, 'default-profile = "web"\n')
    services = _account(tmp_path, web=WORK)
    target = next(
        rack.target for rack in offerings(services, None).racks if rack.service != "Oxide"
    )
    assert isinstance(target, Account)
    link = Link(target, target.connection, None, None)
    found = offerings(services, link).racks
    assert [(rack.name, rack.service) for rack in found if rack.connected] == [("web", "Outscale")]
