"""What the `{{ }}` of a text can name: Packer's functions, dot variables, build values, what may be asked where."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.legacy.interpolate import (
    Interpolation,
    InterpolationError,
    Outside,
    VariableNotSetError,
)

STARTED = datetime(2026, 11, 21, 3, 4, 5, 123456, tzinfo=UTC)
NOW = Interpolation(STARTED, {"Name": "web"}, {"ID": "i-1"})
JSON = replace(NOW, user={"a": "A", "empty": ""})
FULL = replace(
    JSON, build_name="web", builder_type="null", packer_version="1.16.0", template_folder="/t"
)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("packer-{{timestamp}}", "packer-1795230245"),
        ("{{ isotime }}", "2026-11-21T03:04:05Z"),
        ('{{isotime "2006-01-02 15:04"}}', "2026-11-21 03:04"),
        ("{{ isotime `Jan _2` }}", "Nov 21"),
        ("{{ isotime `2006-01-02T15:04:05.000Z07:00 Mon __2 002 3PM` }}",
         "2026-11-21T03:04:05.123Z Sat 325 325 3AM"),
        ("{{ strftime `%Y-%m-%d %j %% %Q Start 1` }}", "2026-11-21 %j % %Q Start 1"),
        ("{{ .Name | upper }}-{{.Name}}", "WEB-web"),
        ("{{ build `ID` }} {{ .ID }} {{ build `Name` }}", "i-1 i-1 web"),
        ('{{ replace_all "b" "x" "abba" }}', "axxa"),
        ("{{ replace `a` `b` 2 `aaa` }} {{ `aaa` | replace `a` `b` -1 }}", "bba bbb"),
        ("{{ replace_all `` `-` `ab` }}", "-a-b-"),
        ("{{ split `a-b-c` `-` 1 }}{{ split `xyz` `` 2 }}", "bz"),
        ("{{ lower `ÄB` }}{{ upper `straße` }}", "äbSTRAßE"),
        ("{{ .Missing }}", "<no value>"),
        ("{{`{{`}} stays", "{{ stays"),
        ("no action } here {", "no action } here {"),
        ("[{{ user `a` }}][{{ user `nope` }}]", "[A][]"),
        ("{{ build_name }} {{ build_type }} {{ packer_version }} {{ template_dir }}",
         "web null 1.16.0 /t"),
    ],
)  # fmt: skip
def test_a_function_gives_what_packer_gives(text: str, result: str) -> None:
    assert FULL.render(text) == result


def test_the_folder_is_that_of_the_process() -> None:
    assert FULL.render("{{ pwd }}") == os.getcwd()


def test_each_uuid_is_another() -> None:
    one, other = FULL.render("{{ uuid }} {{ uuid }}").split()
    assert one != other
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one)


def test_variables_of_one_call_join_the_others() -> None:
    assert NOW.render("{{.Path}} {{.Name}}", Path="/x") == "/x web"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ nope }}", "there is no function nope here"),
        ("{{ uper `x` }}", 'Did you mean "upper"?'),
        ("{{ build `Nope` }}", "the build has no Nope; it has ID"),
        ("{{ upper }}", "upper takes 1 argument, not 0"),
        ("{{ upper `a` `b` }}", "upper takes 1 argument, not 2"),
        ("{{ }}", "is empty; name a value or a function"),
        ("{{ upper .Missing }}", "a string is wanted, but the value is missing"),
        ("{{ .Missing | upper }}", "a string is wanted, but the value is missing"),
        ("{{ replace `a` `b` `1` `aaa` }}", "`1` is not a whole number"),
        ("{{ split `a-b` `-` 5 }}", "there is no part 5; the separator gives 2"),
        ("{{ split `a-b` `-` -1 }}", "there is no part -1"),
        ("{{ isotime `a` `b` }}", "takes one layout, not 2"),
        ("{{ sed `s/a/b/` `a` }}", "use replace or replace_all"),
        ("{{ env `HOME` }}", "only in the values of variables"),
        ("{{ vault `a` `b` }}", "only in the values of variables"),
        ("{{ consul_key `a` }}", "only in the values of variables"),
        ("{{ aws_secretsmanager `a` }}", "only in the values of variables"),
        ("{{ aws_secretsmanager_raw `a` }}", "only in the values of variables"),
        ("{{ user `a` }}", r"there are no user variables here; write \$\{var.NAME\}"),
        ("{{ build_name }}", "build_name is not known here"),
        ("{{ build_type }}", "build_type is not known here"),
        ("{{ template_dir }}", "template_dir is not known here"),
        ("{{ packer_version }}", "packer_version is not known here"),
        ("{{ clean_resource_name `a` }}", "there is no function clean_resource_name"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(InterpolationError, match=message):
        NOW.render(text)


def test_an_error_says_where() -> None:
    with pytest.raises(InterpolationError) as caught:
        NOW.render("one\ntwo {{ .Name }}{{ upper\n5 }}")
    assert str(caught.value).startswith("{{ upper 5 }} at line 3, column 1: ")
    assert (caught.value.line, caught.value.column) == (3, 1)


def test_a_long_action_is_not_repeated_in_part() -> None:
    secret = "hunter2" * 20
    with pytest.raises(InterpolationError) as caught:
        NOW.render(f"{{{{ print `{secret}` | nope }}}}")
    assert "hunter" not in str(caught.value)


def test_a_message_stays_short() -> None:
    for text in ("{{ build .Long }}", "{{ user .Long }}", "{{ template `" + "x" * 9_000 + "` }}"):
        with pytest.raises(InterpolationError) as caught:
            OUTSIDE.render(text, Long="y" * 100_000)
        assert len(str(caught.value)) < 300


def asked(*arguments: str) -> str:
    return "+".join(arguments)


OUTSIDE = replace(
    JSON,
    outside=Outside(
        {"HOME": "/h"}, {"vault": asked, "aws_secretsmanager": asked, "aws_secretsmanager_raw": asked}
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{ env `HOME` }}[{{ env `NOT_SET` }}]", "/h[]"),
        ("{{ user `a` }}-b", "A-b"),
        ("{{ vault `path` `key` | upper }}", "PATH+KEY"),
        ("{{ aws_secretsmanager `name` }}", "name"),
        ("{{ aws_secretsmanager `name` `key` }}", "name+key"),
        ("{{ aws_secretsmanager_raw `name` }}", "name"),
    ],
)
def test_a_variables_value_may_ask_outside(text: str, result: str) -> None:
    assert OUTSIDE.render(text) == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ consul_key `k` }}", "its service cannot be asked here"),
        ("{{ aws_secretsmanager }}", "give the name of a secret"),
        ("{{ aws_secretsmanager `a` `b` `c` }}", "give the name of a secret"),
        ("{{ vault `a` }}", "vault takes 2 arguments, not 1"),
    ],
)
def test_asking_outside_wrongly_is_refused(text: str, message: str) -> None:
    with pytest.raises(InterpolationError, match=message):
        OUTSIDE.render(text)


def test_a_service_that_fails_says_why() -> None:
    def refuse(*_: str) -> str:
        raise OSError("Vault is sealed; unseal it")

    context = replace(JSON, outside=Outside({}, {"vault": refuse}))
    with pytest.raises(InterpolationError, match="vault: Vault is sealed; unseal it"):
        context.render("{{ vault `a` `b` }}")


def test_a_variable_without_a_value_is_named_for_another_round() -> None:
    with pytest.raises(VariableNotSetError) as caught:
        OUTSIDE.render("{{ user `later` }}")
    assert caught.value.name == "later"


def test_a_text_waits_whole_for_values_of_the_build() -> None:
    text = "{{ user `a` }} {{ if eq (build `ConnType`) `ssh` }}{{ build `Host` | upper }}{{ end }}"
    prepared = replace(JSON, later=("ConnType", "Host"))
    assert prepared.render(text) == text
    known = prepared.with_build({"ConnType": "ssh", "Host": "h"})
    assert known.render(text) == "A H"
    with pytest.raises(
        InterpolationError, match="the build has no Hots; it has ConnType, Host, ID"
    ):
        prepared.render("{{ build `Hots` }}")


def test_a_builder_adds_functions_of_its_own() -> None:
    cleaning = NOW.with_functions({"clean_resource_name": lambda text: text.replace("_", "-")})
    assert cleaning.render("{{ .Name | printf `%s_1` | clean_resource_name }}") == "web-1"


def test_checking_reads_and_evaluates_nothing() -> None:
    JSON.check("{{ build `Nope` }}{{ env `HOME` }}")
    with pytest.raises(InterpolationError, match="if has no end"):
        JSON.check("{{ if true }}")


@given(st.text().filter(lambda text: "{{" not in text))
def test_text_without_actions_is_left_alone(text: str) -> None:
    assert NOW.render(text) == text


@given(st.text())
def test_text_in_quotes_is_given_back(text: str) -> None:
    quoted = NOW.render("{{ printf `%q` .X }}", X=text)
    assert NOW.render(f"{{{{ {quoted} }}}}") == text
