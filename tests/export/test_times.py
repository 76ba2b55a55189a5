"""`{{timestamp}}` and its like become expressions that the plugin's newest release understands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from oxtui.export.times import formatdate_layout
from oxtui.template.hcl.functions.go_layout import format_go_time
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.hcl.functions.timestamps import write_timestamp
from oxtui.template.values import string
from tests.export.sessions import Told, added, shell, template

STEP = shell("true")
NOW = 'formatdate("YYYYMMDDhhmmss", timestamp())'


async def exported_option(written: str, head: str = "") -> str:
    text = template(STEP, source=written, head=head)
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    option = written.split(" ")[0]
    found = [line for line in added(exported) if line.startswith(f"{option} = ")]
    return found[0].partition(" = ")[2] if found else ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('artifact_name = "web-{{timestamp}}"', f'"web-${{{NOW}}}"'),
        ('artifact_name = "web-{{ timestamp }}-x"', f'"web-${{{NOW}}}-x"'),
        ('name = "build-{{isotime}}"', f'"build-${{{NOW}}}"'),
        (
            'artifact_version = "v{{isotime \\"2006-01-02\\"}}"',
            '"v${formatdate("YYYY-MM-DD", timestamp())}"',
        ),
        (
            'artifact_version = "v{{isotime `2006.01`}}"',
            '"v${formatdate("YYYY.MM", timestamp())}"',
        ),
        (
            'artifact_description = "of {{isotime}}"',
            "\"of ${formatdate(\"YYYY-MM-DD'T'hh:mm:ss'Z'\", timestamp())}\"",
        ),
        ('artifact_version = "{{isotime `002`}}"', '"${legacy_isotime("002")}"'),
        ('artifact_version = "{{uuid}}"', '"${uuidv4()}"'),
        ('artifact_name = "web-${formatdate("YYYY", timestamp())}"', ""),
    ],
)
async def test_literals(written: str, expected: str) -> None:
    assert await exported_option(written) == expected


async def test_two_in_one_value() -> None:
    written = 'artifact_description = "{{timestamp}} ${var.x} {{uuid}}"'
    head = 'variable "x" {\n  default = "x"\n}\n\n'
    assert await exported_option(written, head) == f'"${{{NOW}}} ${{var.x}} ${{uuidv4()}}"'


async def test_a_value_from_elsewhere_is_replaced_where_it_is_used() -> None:
    head = 'variable "n" {\n  default = "web-{{timestamp}}"\n}\n\n'
    found = await exported_option("artifact_name = var.n", head)
    assert found == f'replace(var.n, "{{{{timestamp}}}}", {NOW})'


async def test_what_has_no_expression_is_a_problem() -> None:
    text = template(STEP, source='artifact_name = "web-{{ build_name }}"')
    exported = await Told().build("shell").export(text)
    assert "artifact_name holds a {{ }}" in exported.problems[0]


async def test_provisioners_keep_theirs() -> None:
    exported = await Told().build("shell").export(template(shell("echo {{timestamp}}")))
    assert exported.problems == ()
    assert 'inline = ["echo {{timestamp}}"]' in exported.text


@pytest.mark.parametrize(
    "layout",
    ["2006-01-02", "20060102150405", "Mon Jan 2 15:04:05 2006", "02 January 06, 3:04 PM",
     "2006-01-02T15:04:05Z07:00", "Monday at 03h", "week of 'Jan'"],
)  # fmt: skip
def test_layouts_say_the_same_in_both_languages(layout: str) -> None:
    moment = datetime(2026, 3, 7, 15, 4, 9, tzinfo=UTC)
    letters = formatdate_layout(layout)
    assert letters is not None
    made = function_table(None)["formatdate"]  # type: ignore[arg-type]
    assert made is not None
    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.parse import parse_expression
    from oxtui.template.hcl.source import SourceFile

    source = SourceFile("x", "formatdate(l, t)")
    expression, _ = parse_expression(source)
    assert expression is not None
    values = {"l": string(letters), "t": string(write_timestamp(moment))}
    scope = Scope(values, {"formatdate": made})
    assert Evaluator(source).evaluate(expression, scope).text == format_go_time(moment, layout)
