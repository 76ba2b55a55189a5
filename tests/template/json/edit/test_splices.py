"""Laws of the changes of JSON text: what is not touched keeps every byte, what is set reads back."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.edit.json_text import JsonText
from oxtui.template.json.edit.pieces import Pieces
from oxtui.template.json.edit.style import entries, style_of, values
from oxtui.template.json.edit.tree import Dialect, Tree, same, tree_of, tree_of_node
from oxtui.template.json.nodes import Array, Node, Number, Object, String, Word
from oxtui.template.json.reader import parse_json
from tests.template.json.layouts import Layout, Raw, data, keys, objects, render, scalars, written

PLAIN = Dialect(str, lambda code: code)


def node_of(text: str) -> Node:
    node, problems = parse_json(SourceFile("t.json", text))
    assert problems == []
    assert node is not None
    return node


def plain(node: Node) -> object:
    """The data of a node, numbers by their text."""
    match node:
        case String():
            return node.text
        case Number():
            return Raw(node.text)
        case Word():
            return {"null": None, "true": True, "false": False}[node.name]
        case Array():
            return [plain(item) for item in node.items]
        case Object():
            return {member.name: plain(member.value) for member in node.members}


def tree(value: object) -> Tree:
    """Data as it is given to a change."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, list):
        return [tree(item) for item in value]
    if isinstance(value, dict):
        return {key: tree(item) for key, item in value.items()}
    return tree_of(value, PLAIN)  # type: ignore[arg-type]


def containers(node: Node) -> list[Array | Object]:
    found = [node] if isinstance(node, Array | Object) else []
    return [*found, *(inner for each in values(node) for inner in containers(each))]


def texts_of(text: str, node: Array | Object) -> list[str]:
    return [text[start:end] for start, end in entries(node)]


@given(data.flatmap(lambda value: st.tuples(st.just(value), written(value))))
def test_reading_and_writing_is_the_identity(case: tuple[object, str]) -> None:
    value, text = case
    root = node_of(text)
    assert plain(root) == value
    for node in containers(root):
        start, end = node.span
        assert str(Pieces(text, node, style_of(text, root))) == text[start:end]
    assert JsonText("t", text).set_value(root, tree_of_node(text, root)).text == text


@given(data.flatmap(written), st.data())
def test_a_value_that_is_set_reads_back_and_all_around_it_stays(
    text: str, choose: st.DataObject
) -> None:
    json = JsonText("t.json", text)
    holders = [node for node in containers(json.root) if values(node)]
    target: Node = json.root
    if holders:
        holder = choose.draw(st.sampled_from(holders))
        target = choose.draw(st.sampled_from(values(holder)))
    value = choose.draw(data)
    after = json.set_value(target, tree(value))
    start, end = target.span
    assert after.text.startswith(text[:start])
    assert after.text.endswith(text[end:])
    assert same(after.at(start), tree(value))


@given(objects.flatmap(lambda value: st.tuples(st.just(value), written(value))), keys, st.data())
def test_members_are_set_added_removed_and_renamed(
    case: tuple[dict[str, object], str], name: str, choose: st.DataObject
) -> None:
    value, text = case
    json = JsonText("t.json", text)
    root = json.root
    assert isinstance(root, Object)
    before = dict(zip(value, texts_of(text, root), strict=True))
    new = choose.draw(data)
    after = json.set_member(root, name, tree(new))
    assert isinstance(after.root, Object)
    assert same(after.root, tree({**value, name: new}))
    now = texts_of(after.text, after.root)
    names = [member.name for member in after.root.members]
    assert names == list({**value, name: new})
    kept = {key: now[i] for i, key in enumerate(names) if key != name}
    assert kept == {key: part for key, part in before.items() if key != name}

    place = choose.draw(st.integers(0, len(value)))
    added = json.add_member(root, place, "new", tree(new))
    assert isinstance(added.root, Object)
    names = list(value)
    names.insert(place, "new")
    assert [member.name for member in added.root.members] == names
    parts = texts_of(added.text, added.root)
    del parts[place]
    assert parts == list(before.values())
    if value:
        gone = added.remove_entry(added.root, place)
        assert gone.text == text

    if name in value:
        number = list(value).index(name)
        left = json.remove_entry(root, number)
        assert isinstance(left.root, Object)
        assert texts_of(left.text, left.root) == [t for k, t in before.items() if k != name]
        renamed = json.rename_key(root.members[number], "other")
        assert isinstance(renamed.root, Object)
        assert renamed.root.members[number].name == "other"
        assert plain(renamed.root.members[number].value) == value[name]


@given(st.lists(data, max_size=4).flatmap(lambda v: st.tuples(st.just(v), written(v))), st.data())
def test_items_are_inserted_moved_and_removed(
    case: tuple[list[object], str], choose: st.DataObject
) -> None:
    value, text = case
    json = JsonText("t.json", text)
    root = json.root
    assert isinstance(root, Array)
    before = texts_of(text, root)
    place, new = choose.draw(st.integers(0, len(value))), choose.draw(data)
    after = json.insert_item(root, place, tree(new))
    assert isinstance(after.root, Array)
    assert same(after.root.items[place], tree(new))
    parts = texts_of(after.text, after.root)
    del parts[place]
    assert parts == before
    if not value:
        return
    assert after.remove_entry(after.root, place).text == text
    old, goal = (choose.draw(st.integers(0, len(value) - 1)) for _ in range(2))
    moved = json.move_entry(root, old, goal)
    assert isinstance(moved.root, Array)
    order = list(before)
    order.insert(goal, order.pop(old))
    assert texts_of(moved.text, moved.root) == order
    assert moved.move_entry(moved.root, goal, old).text == text
    left = json.remove_entry(root, old)
    assert isinstance(left.root, Array)
    assert texts_of(left.text, left.root) == before[:old] + before[old + 1 :]


usual = st.builds(
    Layout,
    st.sampled_from((None, "", " ", "  ", "    ", "\t")),
    st.sampled_from(("\n", "\r\n")),
    hugging=st.booleans(),
) | st.builds(Layout, st.none(), colon=st.just(":"), comma=st.just(","))
compounds = st.one_of(
    st.lists(data, min_size=1, max_size=4), st.dictionaries(keys, data, min_size=1, max_size=4)
)


@given(data, compounds, usual, scalars, st.data())
def test_what_is_laid_out_alike_stays_so(
    before: object, value: object, layout: Layout, new: object, choose: st.DataObject
) -> None:
    json = JsonText("t.json", render({"x": before, "y": value}, layout))
    assert isinstance(json.root, Object)
    target = json.root.members[1].value
    place = choose.draw(st.integers(0, len(values(target))))
    if isinstance(target, Array):
        assert isinstance(value, list)
        hugged = layout.hugging and all(isinstance(item, Object) for item in target.items)
        assume(not hugged)
        after = json.insert_item(target, place, tree(new))
        value = [*value[:place], new, *value[place:]]
    else:
        assert isinstance(value, dict)
        assert isinstance(target, Object)
        after = json.add_member(target, place, "new", tree(new))
        members = list(value.items())
        value = dict([*members[:place], ("new", new), *members[place:]])
    assert after.text == render({"x": before, "y": value}, layout)
