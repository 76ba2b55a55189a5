"""Every setting can be listed as the settings file would have it."""

from __future__ import annotations

from oxtui.settings import load
from oxtui.settings.listing import listing


def test_values_come_with_name_toml_and_source() -> None:
    found = load({"OXTUI_THEME": 'my "own"'}, {"keys.help": "f1,h", "profiles.lab.read_only": "1"})
    listed = {each.name: (each.toml, str(each.source)) for each in listing(found)}
    assert listed["general.theme"] == ('"my \\"own\\""', "environment OXTUI_THEME")
    assert listed["waits.instance_state"] == ('"10m"', "default")
    assert listed["keys.help"] == ('["f1", "h"]', "--set keys.help")
    assert listed["profiles.lab.read_only"] == ("true", "--set profiles.lab.read_only")
    assert listed["profiles.lab.production"] == ("false", "default")
    assert set(found.sources) <= set(listed)
