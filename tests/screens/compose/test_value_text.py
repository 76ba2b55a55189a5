"""What is typed into a field means what is shown there again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.component.options import OptionSpec, OptionType
from oxtui.template.document import Document
from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.write import Code, Writable
from screens.compose.kinds import component_specs
from screens.compose.value_text import (
    WrongValue,
    is_expression,
    read,
    read_whole,
    show,
    show_whole,
)


def spec(type_: OptionType, **more: object) -> OptionSpec:
    return OptionSpec(
        name="x",
        type=type_,
        required=False,
        default=None,
        help="",
        **more,  # type: ignore[arg-type]
    )


def shown_again(written: Writable, kind: OptionSpec) -> str:
    """What a form shows of a value that it wrote into a template."""
    document = Document('source "a" "b" {\n}\n', "x.pkr.hcl")
    document.set("source.a.b", "x", written)
    attribute = document.body.blocks[0].body.attributes["x"]
    return show(attribute.expression, document.expression_text, kind)


@pytest.mark.parametrize(
    ("kind", "typed", "written", "shown"),
    [
        ("bytes", "20 GiB", 21474836480, "20 GiB"),
        ("bytes", "1.5gib", 1610612736, "1.5 GiB"),
        ("bytes", "21474836480", 21474836480, "20 GiB"),
        ("bytes", "1000", 1000, "1000 B"),
        ("number", " 4 ", 4, "4"),
        ("number", "0.5", Decimal("0.5"), "0.5"),
        ("bool", "yes", True, "true"),
        ("duration", "1m30s", "1m30s", "1m30s"),
        ("string", "ubuntu", "ubuntu", "ubuntu"),
        ("string", "web-{{timestamp}}", "web-{{timestamp}}", "web-{{timestamp}}"),
        ("string", "var.project", Code("var.project"), "var.project"),
        ("string", "data.oxide-image.base.image_id", Code("data.oxide-image.base.image_id"), None),
        ("string", "web-${var.x}", Code('"web-${var.x}"'), "web-${var.x}"),
        ("string", "echo ${HOME}", "echo ${HOME}", "echo ${HOME}"),
        ("string", '${upper("a}b")}', Code('"${upper("a}b")}"'), '${upper("a}b")}'),
        ("string", '= "var.x"', Code('"var.x"'), None),
        ("number", "=var.a + 1", Code("var.a + 1"), "= var.a + 1"),
        ("list", "a\nb ${C:-d}\nvar.e\n", ["a", "b ${C:-d}", Code("var.e")], "= "),
        ("list", "web-1\nweb-2", ["web-1", "web-2"], "web-1\nweb-2"),
        ("map", "A=1\nB=x=y", {"A": "1", "B": "x=y"}, "A=1\nB=x=y"),
    ],
)  # fmt: skip
def test_typed_values(kind: OptionType, typed: str, written: Writable, shown: str | None) -> None:
    of = spec(kind)
    assert read(typed, of) == written
    again = shown_again(written, of)
    if shown is None:
        assert again == typed
    else:
        assert again.startswith(shown)
        assert shown == "= " or again == shown


def test_numbers_in_a_list_may_stand_on_one_line() -> None:
    of = spec("list", items="number")
    assert read("0, 2", of) == [0, 2]
    assert shown_again([0, 2], of) == "0\n2"


def test_lists_in_a_list_are_lines_with_commas() -> None:
    of = spec("list", items="list")
    rows = [["proc", "proc", "/proc"], ["bind", Code("var.from"), "/dev"]]
    assert read("proc, proc, /proc\nbind,var.from , /dev", of) == rows
    assert shown_again([["proc", "proc", "/proc"], ["a"]], of) == "proc, proc, /proc\na"
    assert shown_again([["with, a comma"]], of).startswith("= ")
    assert read("a, b", of, hcl=False) == [["a", "b"]]


@pytest.mark.parametrize("kind", ["string", "list", "bool", "bytes", "number", "map", "duration"])
def test_nothing_typed_removes(kind: OptionType) -> None:
    assert read("  ", spec(kind)) is None


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("bytes", "20 apples", "20 GiB"),
        ("bytes", "0.3 B", "20 GiB"),
        ("number", "four", "number"),
        ("number", "NaN", "number"),
        ("bool", "maybe", "true or false"),
        ("duration", "5 parsecs", "duration"),
        ("map", "just words", "KEY=value"),
        ("string", "= 1 +", "HCL"),
    ],
)
def test_wrong_values_say_what_would_be_right(kind: OptionType, typed: str, told: str) -> None:
    with pytest.raises(WrongValue, match=told):
        read(typed, spec(kind))


def test_a_choice_is_one_of_the_choices() -> None:
    of = spec("string", choices=("rsa", "ed25519"))
    assert read("rsa", of) == "rsa"
    assert read("var.kind", of) == Code("var.kind")
    with pytest.raises(WrongValue, match="rsa, ed25519"):
        read("dsa", of)


def test_expressions_are_told_from_values() -> None:
    assert is_expression("var.x")
    assert is_expression("= 1 + 2")
    assert not is_expression("var.x and more")
    assert not is_expression("ubuntu")


_TEXT = st.text(st.sampled_from("ab =\"$%{}.\\\n'#var-1~") | st.characters(codec="utf-8"))


@given(_TEXT)
def test_every_text_is_shown_so_that_it_means_the_same_again(text: str) -> None:
    of = spec("string")
    shown = shown_again(text, of)
    assert shown_again(_read(shown), of) == shown
    written = _read(shown)
    assert written == text or isinstance(written, Code)
    if isinstance(written, Code):
        assert _source(written) == _source(text)


@given(st.lists(_TEXT.filter(lambda text: "\n" not in text), min_size=1))
def test_every_list_is_shown_so_that_it_means_the_same_again(items: list[str]) -> None:
    of = spec("list", items="string")
    shown = shown_again(list(items), of)
    written = read(shown, of)
    assert written is not None
    assert shown_again(written, of) == shown


def _read(shown: str) -> Writable:
    written = read(shown, spec("string"))
    return "" if written is None else written


def _source(value: Writable) -> str:
    document = Document('source "a" "b" {\n}\n', "x.pkr.hcl")
    document.set("source.a.b", "x", value)
    return document.text


@given(
    st.lists(
        st.sampled_from(
            ["set -eu", "  echo ${var.who} $${X}", "echo '${HOME}' %{", "", "EOT", 'a\\b"c']
        ),
        min_size=2,
        max_size=6,
    )
)
def test_a_script_as_one_text_is_shown_as_its_lines(lines: list[str]) -> None:
    typed = "\n".join([*lines, "end"])
    code = read_whole(typed, "    ")
    assert isinstance(code, Code)
    text = f'build {{\n  provisioner "shell" {{\n    inline = {code.text}\n  }}\n}}\n'
    document = Document(text, "t.pkr.hcl")
    assert document.template.diagnostics == []
    assert format_tokens(text) == text
    [member] = document.provisioners(0)
    expression = member.block.body.attributes["inline"].expression
    spec = next(each for each in component_specs("provisioner", "shell") if each.name == "inline")
    assert show_whole(expression, document.expression_text, spec) == typed
