"""Made-up values of the API's schemas."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.rack.outscale.description import schemas as described

WORDS = ("", "x", "2026-01-02T03:04:05Z", "eA==", "uefi", "stop", "a@b.example")


def values(
    schema: dict[str, Any], words: tuple[str, ...] = WORDS, depth: int = 0
) -> st.SearchStrategy[Any]:
    """Values that are mostly of a schema, and sometimes not quite; texts are of these words."""
    if "$ref" in schema:
        return values(described()[schema["$ref"].rpartition("/")[2]], words, depth)
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return st.one_of([values(each, words, depth) for each in schema[word]])
    odd = st.sampled_from([None, True, 3, 1.5, "x", [], {}])
    if "enum" in schema:
        return st.one_of(st.sampled_from(schema["enum"]), odd)
    simple = {
        "string": st.sampled_from(words),
        "integer": st.integers(-1, 9),
        "number": st.floats(0, 9),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    kind = schema.get("type")
    if kind in simple:
        return simple[kind] if depth % 2 else st.one_of(simple[kind], odd)
    if kind == "array":
        return st.lists(values(schema["items"], words, depth + 1), max_size=2)
    known = schema.get("properties", {})
    if depth > 4 or not known:
        return st.just({})
    fields = {
        name: st.deferred(lambda each=each: values(each, words, depth + 1))
        for name, each in known.items()
    }
    few = st.lists(st.sampled_from(sorted(known)), max_size=3, unique=True)
    whole = few.flatmap(
        lambda names: st.fixed_dictionaries(
            {name: fields[name] for name in {*names, *schema.get("required", ())}}
        )
    )
    stray = st.sampled_from([{}, {}, {}, {"Stray": 1}])
    return st.tuples(whole, stray).map(lambda pair: {**pair[0], **pair[1]})
