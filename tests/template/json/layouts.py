"""Generated JSON in all kinds of layouts."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from oxtui.template.json.strings import write_string

texts = st.text(st.characters(codec="utf-8"), max_size=12)
keys = st.sampled_from(("a", "b", "type", "inline", "é", "with space", 'quo"te', "//", ""))


@dataclass(frozen=True)
class Raw:
    """A number with the text that it is written as."""

    text: str


numbers = st.sampled_from(("0", "-7", "1.50", "2e3", "1E+400", "12345678901234567890", "-0.0")).map(
    Raw
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
data = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=10,
)
objects = st.dictionaries(keys, data, max_size=5)


@dataclass(frozen=True)
class Layout:
    """How a text is laid out. Without `indent` it is on one line."""

    indent: str | None
    newline: str = "\n"
    colon: str = ": "
    comma: str = ", "
    hugging: bool = False
    """Objects in a list begin on the line of its bracket."""


layouts = st.one_of(
    st.builds(
        Layout,
        st.sampled_from(("", " ", "  ", "    ", "\t")),
        st.sampled_from(("\n", "\r\n")),
        st.sampled_from((": ", ":", " : ", ":  ")),
        st.sampled_from((", ", ",")),
        st.booleans(),
    ),
    st.builds(
        Layout,
        st.none(),
        st.just("\n"),
        st.sampled_from((": ", ":")),
        st.sampled_from((", ", ",", " ,  ")),
    ),
)


def render(value: object, layout: Layout, level: int = 0) -> str:
    """Data in a layout."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, str):
        return write_string(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        brackets, items = "{}", [
            write_string(key) + layout.colon + render(item, layout, level + 1)
            for key, item in value.items()
        ]  # fmt: skip
    else:
        assert isinstance(value, list)
        hugs = layout.hugging and value and all(isinstance(item, dict) for item in value)
        if hugs:
            return f"[{layout.comma.join(render(item, layout, level) for item in value)}]"
        brackets, items = "[]", [render(item, layout, level + 1) for item in value]
    if layout.indent is None or not items:
        return brackets[0] + layout.comma.join(items) + brackets[1]
    inner = layout.newline + layout.indent * (level + 1)
    outer = layout.newline + layout.indent * level
    return brackets[0] + inner + ("," + inner).join(items) + outer + brackets[1]


@st.composite
def odd(draw: st.DrawFn, value: object) -> str:
    """Data with any white space wherever there may be some."""
    blank = st.sampled_from(("", " ", "\n", "\t ", "\r\n  ", "\n\n  "))

    def spaced(*parts: str) -> str:
        return "".join(part + draw(blank) for part in parts)

    def write(item: object) -> str:
        if isinstance(item, dict):
            members = [spaced(write_string(key), ":") + write(each) for key, each in item.items()]
            return joined("{", members, "}")
        if isinstance(item, list):
            return joined("[", [write(each) for each in item], "]")
        return render(item, Layout(None))

    def joined(opener: str, items: list[str], closer: str) -> str:
        made = spaced(opener)
        for number, item in enumerate(items):
            made += (spaced(",") if number else "") + spaced(item)
        return made + closer

    return draw(blank) + write(value) + draw(blank)


def written(value: object) -> st.SearchStrategy[str]:
    """Data in any layout; with or without a byte order mark."""
    regular = st.tuples(st.sampled_from(("", "\ufeff")), layouts, st.sampled_from(("", "\n")))
    return st.one_of(regular.map(lambda p: p[0] + render(value, p[1]) + p[2]), odd(value))
