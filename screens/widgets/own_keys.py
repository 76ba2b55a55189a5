"""Editing keys in turn with the characters that are typed between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.widget import Widget as Field
else:  # a widget among the bases would decide what can have the focus
    Field = object


class OwnKeys(Field):
    """Mixed into a text field, first of its bases.

    Textual carries out a key that a widget has bound, such as backspace, once it has gone up to the app, but a
    character at once: on a busy machine keys that are typed fast would be carried out in another order.
    """

    async def _on_key(self, event: events.Key) -> None:
        """One of the field's own keys is carried out before the next key is looked at."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return
