"""Any text is rendered, or refused with a sentence."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.legacy.interpolate import Interpolation, InterpolationError

CONTEXT = Interpolation(
    datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC),
    {"l": [1, "b", None, {"z": 1.5}], "m": {"a": "x"}, "s": "héllo", "t": True},
    {"ID": "i-1"},
    user={"a": "A"},
)
LANGUAGE = r"""
{{ }} {{- -}} /* */ | ( ) := = , . $ $x $y .s .l .m .m.a .t .zz "a" `b` 'c' 0 1 -1 2.5 0x1f 1i nil true
if else end range with define template block break continue upper split replace replace_all printf
"%d%s%v%q%x" "%[2]*.[1]*f" "%#+-" print index slice len eq lt and or not html js urlquery isotime
"2006" strftime "%Y%Q" timestamp uuid user build env vault sed call pwd "t" "root" \ { } " ` ' é ²
"""
WORDS = [*LANGUAGE.split(), "\x00", "\n", "\ud800", "%#+- 08.3z"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join) | st.text(
    alphabet="{}-.|`\"\\ ab1$:=(),%\n'é\x00\U0001f600", max_size=60
).map(lambda text: f"{{{{{text}}}}}")


def sentence_or_result(text: str, **variables: object) -> bool:
    """Renders the text; true for a result, and for a refusal that says where and why."""
    try:
        return isinstance(CONTEXT.render(text, **variables), str)
    except InterpolationError as error:
        return error.line > 0 and len(error.problem) > 10 and error.problem in str(error)


@given(TEXTS | st.text())
def test_any_text_is_rendered_or_refused_with_a_sentence(text: str) -> None:
    assert sentence_or_result(text)


@given(st.lists(st.sampled_from([*WORDS, "1", ".s", ".l", "print", "upper"]), max_size=8))
def test_any_action_is_rendered_or_refused_with_a_sentence(words: list[str]) -> None:
    assert sentence_or_result("{{ " + " ".join(words) + " }}x{{ end }}")
    assert sentence_or_result("{{ range $x := .l }}{{ " + " ".join(words) + " }}{{ end }}")


@given(st.text(), st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text()))
def test_printf_takes_any_layout_and_values(layout: str, values: list[object]) -> None:
    arguments = {f"v{index}": value for index, value in enumerate(values)}
    names = " ".join(f".{name}" for name in arguments)
    text = f"{{{{ printf .layout {names} }}}}"
    assert sentence_or_result(text, layout=layout, **arguments)


@given(st.integers(0, 1 << 40), st.floats(allow_nan=False, allow_infinity=False), st.text())
def test_numbers_and_text_survive_their_verbs(number: int, fraction: float, text: str) -> None:
    assert int(CONTEXT.render("{{ printf `%d` .x }}", x=number)) == number
    assert int(CONTEXT.render("{{ printf `%#x` .x }}", x=number), 16) == number
    assert float(CONTEXT.render("{{ .x }}", x=fraction)) == fraction
    assert bytes.fromhex(CONTEXT.render("{{ printf `%x` .x }}", x=text)).decode() == text


@given(st.text(), st.text(min_size=1), st.text())
def test_split_and_replace_agree(text: str, old: str, new: str) -> None:
    parts = text.split(old)
    given_ = {"text": text, "old": old, "new": new}
    rendered = CONTEXT.render("{{ replace_all .old .new .text }}", **given_)
    assert rendered == new.join(parts)
    last = len(parts) - 1
    assert CONTEXT.render(f"{{{{ split .text .old {last} }}}}", **given_) == parts[-1]
