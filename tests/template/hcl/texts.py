"""Generated HCL: configurations that are valid, with comments and layouts of all kinds."""

from __future__ import annotations

from hypothesis import strategies as st

names = st.sampled_from(("a", "b_2", "project", "boot-disk", "for_each", "if", "名", "x1"))
_chars = st.characters(codec="utf-8", exclude_characters='"\\\n\r$%')
plain_texts = st.text(_chars, max_size=12)
numbers = st.sampled_from(("0", "7", "1.5", "2e3", "12345678901234567890"))
escapes = st.sampled_from(("\\n", '\\"', "\\\\", "\\u00e9", "$${x}", "%%{y}", "$", "50%", "$5"))


@st.composite
def _strings(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    parts = st.one_of(plain_texts, escapes, inner.map(lambda e: "${" + e + "}"))
    text = ""
    for part in draw(st.lists(parts, max_size=3)):
        # A sign that ends one part must not make a sequence with the brace that begins the next.
        text += (" " if text.endswith(("$", "%")) else "") + part
    return f'"{text}"'


def _joined(opener: str, closer: str, items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(items, max_size=3).map(lambda found: opener + ", ".join(found) + closer)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(names, inner).map(lambda pair: f"{pair[0]} = {pair[1]}")
    pairs = pairs.filter(lambda pair: not pair.startswith("for "))
    operators = st.sampled_from((" + ", " - ", "*", " && ", "==", " ? 1 : "))
    return st.one_of(
        _strings(inner),
        _joined("[", "]", inner),
        _joined("{", "}", pairs),
        _joined("{ ", " }", pairs),
        _joined("f(", ")", inner),
        inner.map(lambda e: f"({e})"),
        inner.map(lambda e: f"-{e}" if not e.startswith("-") else e),
        st.tuples(inner, operators, inner).map("".join),
        inner.map(lambda e: f"[for x in {e} : x if x != null]"),
        inner.map(lambda e: f"[\n  {e}, # why\n  // more\n]"),
        inner.map(lambda e: f"{{\n    k = {e}\n\n}}"),
        st.tuples(names, inner).map(lambda pair: f"x.y[*].z[{pair[1]}]"),
    )


expressions = st.recursive(
    st.one_of(
        numbers,
        st.sampled_from(("true", "null", "var.x", "local.a.b", "data.t.n.id")),
        plain_texts.map(lambda text: f'"{text}"'),
    ),
    _compound,
    max_leaves=6,
)
heredocs = st.sampled_from(
    (
        "<<EOT\nplain ${var.x}\n  more\nEOT",
        "<<-EOT\n    one\n      two %{ if a }x%{ endif }\n    EOT",
        "<<E\nE",
    )
)
comments = st.sampled_from(("", "", "", " # note", "  // other", " /* here */"))
own_lines = st.sampled_from(("", "\n", "# above\n", "  // above\n", "/* two\n   lines */\n"))


@st.composite
def _attributes(draw: st.DrawFn, taken: set[str]) -> str:
    name = draw(names.filter(lambda n: n not in taken))
    taken.add(name)
    blank = draw(st.sampled_from((" ", "", "   ", "\t")))
    above = draw(own_lines)
    if draw(st.booleans()):
        return f"{above}{name}{blank}={blank}{draw(expressions)}{draw(comments)}\n"
    return f"{above}{name} = {draw(heredocs)}\n"


@st.composite
def bodies(draw: st.DrawFn, depth: int = 2) -> str:
    """The inside of a block or file; every line ends with a line break."""
    taken: set[str] = set()
    lines = [draw(_attributes(taken)) for _ in range(draw(st.integers(0, 3)))]
    if depth:
        for _ in range(draw(st.integers(0, 2))):
            header = draw(st.sampled_from(("block", 'b "label"', 'source "a" "b"', "q w")))
            inside = draw(bodies(depth - 1))
            lines.append(f"{draw(own_lines)}{header} {{{draw(comments)}\n{inside}}}\n")
    return "".join(lines)


def configurations() -> st.SearchStrategy[str]:
    """Whole files that are valid HCL."""
    return bodies()
