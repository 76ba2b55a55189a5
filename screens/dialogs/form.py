"""Asks for a few values at once; each says what is wrong with it while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Select, Static

from screens.dialogs.dialog import Dialog
from screens.tables.cell import clean
from screens.widgets.text_line import TextLine

Check = Callable[[str], str | None]
"""A sentence about what is wrong with a text, or None."""


def anything(_text: str) -> str | None:
    """Every text will do."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value."""

    name: str
    label: str
    value: str = ""
    help: str = ""
    """Shown while the field has the focus."""
    check: Check = anything
    choices: Sequence[tuple[str, str]] = ()
    """Pairs of key and label, where it is one of several; the value is a key."""
    secret: bool = False
    """Shown as dots while it is typed."""


class FormDialog(Dialog[Mapping[str, str]]):
    """Fields; enter answers with their values by name, once all are right."""

    CONTEXTS = ("form", "dialog")
    DEFAULT_CSS = """
    FormDialog {
        & .form--text { color: $text-muted; margin-bottom: 1; }
        & .form--row { height: 1; margin-bottom: 1; }
        & .form--row Label { width: 14; color: $text-muted; }
        & .form--row Input { width: 1fr; background: $panel; }
        & .form--row Select { width: 1fr; height: 1; }
        & .form--help { height: 2; color: $text-muted; }
        & .form--help.-wrong { color: $text-error; }
    }
    """

    def __init__(self, title: str, fields: Sequence[Field], *, text: str = "") -> None:
        super().__init__(title)
        self._fields = {field.name: field for field in fields}
        self._text = text
        self._touched: set[str] = set()
        """Fields that the operator has typed into; of others nothing is said to be wrong yet."""

    def body(self) -> ComposeResult:
        """A row for each field."""
        if self._text:
            yield Static(clean(self._text), classes="form--text", markup=False)
        for field in self._fields.values():
            with Horizontal(classes="form--row"):
                yield Label(field.label)
                if field.choices:
                    yield Select(
                        [(clean(label), key) for key, label in field.choices],
                        value=field.value or field.choices[0][0],
                        allow_blank=False,
                        compact=True,
                        id=field.name,
                    )
                else:
                    yield TextLine(field.value, password=field.secret, compact=True, id=field.name)

    def below(self) -> ComposeResult:
        """Help of the focused field, or what is wrong with it."""
        yield Static("", classes="form--help", markup=False)

    def on_descendant_focus(self) -> None:
        """Another field: its help."""
        self._tell()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        name = event.input.id or ""
        if event.value != self._fields[name].value:
            self._touched.add(name)
        self._tell()

    def do_accept(self) -> None:
        """Answer, or go to the first field that is wrong."""
        values = self._values()
        for name, field in self._fields.items():
            if field.check(values[name]):
                self._touched.add(name)
                self.query_one(f"#{name}").focus()
                self._tell()
                return
        self.dismiss(values)

    def _values(self) -> dict[str, str]:
        texts = {each.id: each.value for each in self.query(Input) if each.id}
        chosen = {each.id: str(each.value) for each in self.query(Select) if each.id}
        return {name: (texts | chosen)[name].strip() for name in self._fields}

    def _tell(self) -> None:
        focused = self.focused
        field = self._fields.get(focused.id or "") if focused is not None else None
        if field is None:
            return
        touched = field.name in self._touched
        problem = field.check(self._values()[field.name]) if touched else None
        line = self.query_one(".form--help", Static)
        line.update(f"✗ {problem}" if problem else field.help)
        line.set_class(bool(problem), "-wrong")
