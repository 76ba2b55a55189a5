"""Single strings: what becomes an expression, what stays for the component, what stays with a word about it."""

from __future__ import annotations

import pytest

from oxtui.template.hcl.write import write_value
from oxtui.template.legacy.upgrade.calls import Place
from oxtui.template.legacy.upgrade.names import References, identifier
from oxtui.template.legacy.upgrade.texts import Translator


def translated(text: str, place: Place = Place.BUILD) -> tuple[str, list[str]]:
    references = References({"v": "var.v", "w": "local.w"}, {"v": "v", "w": "w"})
    translator = Translator(place, references)
    return write_value(translator.text(text)), translator.problems


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain ${x} %{y}", '"plain $${x} %%{y}"'),
        ("{{user `v`}}", "var.v"),
        ("{{ user \"w\" }}-x", '"${local.w}-x"'),
        ("${{user `v`}}", '"${"$"}${var.v}"'),
        ("{{user `v` | upper}}", "upper(var.v)"),
        ("{{upper (lower (user `v`))}}", "upper(lower(var.v))"),
        ("{{timestamp}}", "local.timestamp"),
        ("{{isotime}} {{isotime \"Jan 2\"}}", '"${legacy_isotime()} ${legacy_isotime("Jan 2")}"'),
        ("{{strftime `%Y`}}", 'legacy_strftime("%Y")'),
        ("{{uuid}}", "uuidv4()"),
        ("{{template_dir}}/{{pwd}}", '"${abspath(path.root)}/${path.cwd}"'),
        ("{{packer_version}}", "packer.version"),
        ("{{build_name}}.{{build_type}}", '"${source.name}.${source.type}"'),
        ("{{build `ID`}}", "build.ID"),
        ("{{replace_all `a` `b` (user `v`)}}", 'replace(var.v, "a", "b")'),
        ("{{user `v` | replace \"a\" \"b\" -1}}", 'replace(var.v, "a", "b")'),
        ("{{split (user `v`) `.` 1}}", 'split(".", var.v)[1]'),
        ("{{printf `%s:%d %%` (user `v`) 5}}", 'format("%s:%d %%", var.v, 5)'),
        ("{{`text`}} {{\"a\\tb\"}}", '"text a\\tb"'),
        ("a {{- /* note */ -}} b", '"ab"'),
        ("{{if user `v`}}x{{end}}", 'var.v != "" ? "x" : ""'),
        (
            "{{if eq (user `v`) `a`}}1{{else if not (user `w`)}}2{{else}}{{user `v`}}{{end}}",
            'var.v == "a" ? "1" : (!(local.w != "") ? "2" : (var.v))',
        ),
        ("{{if and (eq build_name `a`) (ne (user `v`) ``)}}x{{end}}",
         '(source.name == "a") && (var.v != "") ? "x" : ""'),
        ("{{.Vars}} '{{ .Path }}'", '"{{.Vars}} \'{{ .Path }}\'"'),
        ("{{`{{.Names}}`}}", '"{{`{{.Names}}`}}"'),
        ("{{clean_resource_name `a`}}", '"{{clean_resource_name `a`}}"'),
        ("{{user `v` | clean_resource_name}}", '"{{`${var.v}` | clean_resource_name}}"'),
        ("{{if .X}}{{user `v`}}{{end}}", '"{{if .X}}{{`${var.v}`}}{{end}}"'),
        ("{{range .L}}{{.}}{{end}}{{timestamp}}", '"{{range .L}}{{.}}{{end}}{{timestamp}}"'),
    ],
)  # fmt: skip
def test_a_string_is_translated(text: str, written: str) -> None:
    assert translated(text) == (written, [])


@pytest.mark.parametrize(
    ("text", "place", "written", "problem"),
    [
        ("{{sed `a` `b`}}", Place.BUILD, '"{{sed `a` `b`}}"', 'HCL has no function "sed"'),
        ("a {{frob (user `v`)}}", Place.BUILD, '"a {{frob (`${var.v}`)}}"', 'no function "frob"'),
        ("{{user `v`", Place.BUILD, '"{{user `v`"', "it cannot be read: "),
        ("{{env `A`}}", Place.BUILD, '"{{env `A`}}"', "env is for the defaults of variables"),
        ("{{build `ID`}}", Place.SOURCE, '"{{build `ID`}}"', "build.ID is known only to prov"),
        ("{{build_name}}", Place.LOCAL, '"{{build_name}}"', "source.name is known only in"),
        ("{{user (env `A`)}}", Place.BUILD, '"{{user (env `A`)}}"', "env is for the defaults"),
        ("{{user (user `v`)}}", Place.BUILD, '"{{user (`${var.v}`)}}"', "the name must be written"),
        ("{{replace `a` `b` 1 `c`}}", Place.BUILD, '"{{replace `a` `b` 1 `c`}}"', "not a number of"),
        ("{{$x := user `v`}}{{$x}}", Place.BUILD, '"{{$x := `${var.v}`}}{{$x}}"', "no variables in"),
        ("{{printf `%05d` 5}}", Place.BUILD, '"{{printf `%05d` 5}}"', "other verbs than printf"),
        ("{{with user `v`}}x{{end}}", Place.BUILD, '"{{with `${var.v}`}}x{{end}}"', "like with;"),
    ],
)  # fmt: skip
def test_what_hcl_has_not_stays_and_is_told(
    text: str, place: Place, written: str, problem: str
) -> None:
    found, problems = translated(text, place)
    assert found == written
    assert len(problems) == 1
    assert problem in problems[0]
    assert " stays as it was: " in problems[0]


def test_a_secret_does_not_stand_in_a_problem() -> None:
    translator = Translator(Place.DEFAULT, References(), is_secret=True)
    translator.text("hunter2 {{frob `hunter2`}} {{")
    translator.text("{{frob `hunter2`}}")
    assert len(translator.problems) == 2
    assert "hunter2" not in str(translator.problems)


@pytest.mark.parametrize(
    ("text", "name"),
    [("a", "a"), ("a-b_c", "a-b_c"), ("my box", "my_box"), ("2nd", "_2nd"), ("", "unnamed"),
     ("ä", "ä"), ("a.b/c", "a_b_c"), ("-x", "_-x"), ("¼", "unnamed"), ("a²", "a")],
)  # fmt: skip
def test_a_name_that_hcl_takes(text: str, name: str) -> None:
    assert identifier(text) == name


def test_names_stay_apart() -> None:
    references = References({"a b": "var.a_b"}, {"a b": "a_b"})
    assert references.user("a_b").text == "var.a_b_2"
    assert references.user("a_b").text == "var.a_b_2"
    assert references.env("HOME").text == "var.env_HOME"
    assert references.undeclared == {"a_b": "a_b_2"}
