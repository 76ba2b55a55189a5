"""A text field of one line whose enter belongs to what surrounds it."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from screens.tables.cell import printable
from screens.widgets.own_keys import OwnKeys


class TextLine(OwnKeys, Input, inherit_bindings=False):
    """Textual's field with its editing keys; enter is an action of the dialog or screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in Input.BINDINGS
        if not (isinstance(binding, Binding) and binding.key == "enter")
    ]

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """A longer value scrolls; it does not lay out the screen anew."""

    @property
    def _value(self) -> Text:
        """What is drawn of the value, which may be of a template that others wrote."""
        drawn = super()._value
        drawn.plain = printable(drawn.plain)
        return drawn
