"""An operator's choices hold, and a mistake in them is found with its place and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.settings import Settings, SettingsError, Source, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The settings file of a folder that OXTUI_CONFIG_DIR names."""
    folder = tmp_path / "config"
    folder.mkdir()
    return folder / "settings.toml"


def settings(
    file: Path, text: str = "", flags: dict[str, str] | None = None, **environment: str
) -> Settings:
    """Settings of a file with this text."""
    file.write_text(text)
    return load({"OXTUI_CONFIG_DIR": str(file.parent), **environment}, flags)


def test_without_a_file_every_value_is_a_default(home: Path) -> None:
    found = load({})
    assert found.general.theme == "auto"
    assert found.waits.instance_state == 600
    assert found.source("general.theme") == Source("default")
    assert found.paths.settings_file == home / ".config/oxtui/settings.toml"
    assert found.paths.sessions == home / ".local/state/oxtui/sessions"
    assert list(home.iterdir()) == []


def test_the_platform_s_own_folders_hold(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "elsewhere"))
    assert load({}).paths.sessions == home / "elsewhere/oxtui/sessions"


def test_flag_wins_over_environment_over_file_over_default(file: Path) -> None:
    text = '[waits]\nssh = "1m"\ninstance_state = "1m"\ncapture = "1m"\n'
    found = settings(
        file,
        text,
        {"waits.ssh": "3m"},
        OXTUI_WAITS_SSH="2m",
        OXTUI_WAITS_INSTANCE_STATE="2m",
    )
    waits = found.waits
    assert (waits.ssh, waits.instance_state, waits.capture, waits.cleanup) == (180, 120, 60, 600)
    names = ("ssh", "instance_state", "capture", "cleanup")
    assert [str(found.source(f"waits.{name}")) for name in names] == [
        "--set waits.ssh",
        "environment OXTUI_WAITS_INSTANCE_STATE",
        f"{file}:4",
        "default",
    ]


def test_keys_and_profiles_are_read(file: Path) -> None:
    found = settings(
        file,
        """
[keys]
"build.start" = ["b", "ctrl+b"]
build.stop = "x"
help = []
[profiles.lab]
[profiles."prod.eu"]
production = true
color = "#ff0000"
""",
        {"profiles.prod.eu.read_only": "true", "keys.copy": "y, ctrl+y"},
    )
    assert found.keys == {
        "build.start": ("b", "ctrl+b"),
        "build.stop": ("x",),
        "help": (),
        "copy": ("y", "ctrl+y"),
    }
    assert list(found.profiles) == ["lab", "prod.eu"]
    eu = found.profile("prod.eu")
    assert (eu.production, eu.color, eu.read_only) == (True, "#ff0000", True)
    assert str(found.source("keys.build.stop")) == f"{file}:4"
    assert found.profile("unheard of") == found.profile("lab")


def test_a_profile_is_not_mixed_up_with_one_whose_name_begins_like_it(file: Path) -> None:
    found = settings(file, '[profiles.a]\ncolor = "red"\n[profiles."a.b"]\nread_only = true\n')
    assert (found.profile("a").color, found.profile("a").read_only) == ("red", False)
    assert (found.profile("a.b").color, found.profile("a.b").read_only) == ("", True)


def test_folders_can_be_moved_one_by_one(file: Path, home: Path) -> None:
    found = settings(file, '[paths]\nstate = "~/s"\ndata = "/a"\n', OXTUI_DATA_DIR="/b")
    assert found.paths.state == home / "s"
    assert found.paths.sessions == home / "s/sessions"
    assert found.paths.data == Path("/b")


def test_a_file_cannot_move_itself(file: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(file, '[paths]\nconfig = "/a"\n')
    assert str(caught.value).startswith(f"{file}:2: this file cannot move its own folder")
    assert "OXTUI_CONFIG_DIR" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\n[genral]\n", 2, 'unknown section "genral"; did you mean "general"?'),
        (
            "[xyz]\n",
            1,
            'unknown section "xyz"; known here: general, build, checkpoints, waits, keys, profiles, paths',
        ),
        (
            '[general]\n\ncolour = "never"\n',
            3,
            'unknown key "colour" in [general]; did you mean "color"?',
        ),
        ("[waits]\nzzz = 1\n", 2, "known here: instance_state, ssh, capture, cleanup"),
        ("[waits.ssh]\n", 1, "waits.ssh is {}, expected a duration"),
        ("waits.ssh.x = 1\n", 1, 'unknown key "ssh.x" in [waits]; did you mean "ssh"?'),
        ("[waits]\nssh = 30\n", 2, 'waits.ssh is 30, expected a duration such as "90s", "10m"'),
        ('[waits]\nssh = "ten"\n', 2, "waits.ssh is 'ten', expected a duration"),
        ('[general]\ncolor = "no"\n', 2, 'expected one of "auto", "always", "never"'),
        ('[general]\ntheme = ""\n', 2, "general.theme is '', expected a text"),
        ("general = 3\n", 1, "general is no setting; write [general] and keys"),
        ("[[general]]\n", 1, "general is no setting; write [general] and keys"),
        ("profiles.lab = 3\n", 1, "profiles.lab is no setting; write [profiles.NAME] and keys"),
        (
            "[profiles.lab]\nreadonly = true\n",
            2,
            'unknown key "readonly" in [profiles.lab]; did you mean "read_only"?',
        ),
        ('[profiles.lab]\nread_only = "yes"\n', 2, "expected true or false"),
        ('[profiles.lab]\ncolor = "crimson"\n', 2, "expected a colour"),
        ("[profiles.lab]\ncolor = 3\n", 2, "expected a colour"),
        ('[keys]\nhelp = ["", "x"]\n', 2, "expected a key such as"),
        ("[keys]\nhelp = 1\n", 2, "expected a key such as"),
        ('[paths]\ndata = "here"\n', 2, "expected an absolute path"),
        ('[paths]\ntemp = "/x"\n', 2, 'unknown key "temp" in [paths]'),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(
    file: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(file, text)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert said in str(caught.value)


def test_a_file_that_is_no_toml_is_named_with_the_place(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"settings\.toml: not valid TOML: .*line 2"):
        settings(file, "[general]\ntheme = auto\n")


def test_a_file_that_is_no_text_is_named(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"settings\.toml: not UTF-8 text"):
        load({"OXTUI_CONFIG_DIR": str(file.parent)})


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    file.mkdir()
    with pytest.raises(SettingsError, match=r"settings\.toml: cannot be read: Is a directory"):
        load({"OXTUI_CONFIG_DIR": str(file.parent)})


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"OXTUI_COLOR": "no"}, "environment OXTUI_COLOR: general.color is 'no', expected one of"),
        ({"OXTUI_DATA_DIR": "here"}, "environment OXTUI_DATA_DIR: paths.data is 'here'"),
        ({"OXTUI_CONFIG_DIR": "here"}, "environment OXTUI_CONFIG_DIR: paths.config is 'here'"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    environment: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environment)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("theme", '--set theme: unknown section "theme"'),
        ("waits", "--set waits: waits is no setting"),
        ("keys", "--set keys: keys is no setting"),
        ("profiles.read_only", "--set profiles.read_only: profiles..read_only is no setting"),
        ("waits.shh", '--set waits.shh: unknown key "shh" in [waits]; did you mean "ssh"?'),
    ],
)
def test_a_mistake_in_a_flag_names_the_flag(name: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({}, {name: "auto"})
    assert str(caught.value).startswith(said)


def test_switches_can_be_said_in_words_and_digits() -> None:
    for text, value in (("true", True), ("1", True), ("false", False), ("0", False)):
        assert load({}, {"profiles.lab.read_only": text}).profile("lab").read_only is value
    with pytest.raises(SettingsError, match="expected true or false"):
        load({}, {"profiles.lab.read_only": "maybe"})
