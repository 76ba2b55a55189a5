"""Which key does what: the table's own keys, changed by the operator's `[keys]` settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from screens.actions.action import Action, Context

UNBINDABLE = {
    "ctrl+h": "backspace",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+[": "escape",
}
"""Terminals send the same byte for both (ECMA-48 C0), so one of them can never be told apart."""

_NAMES = {
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def key_label(key: str) -> str:
    """A key as it is shown to people."""
    return _NAMES.get(key, key)


def contexts_with(context: str, contexts: Mapping[str, Context]) -> Iterator[str]:
    """A context and all that are active with it, nearest first, each once."""
    seen: dict[str, None] = {}
    queue = [context]
    while queue:
        name = queue.pop(0)
        if name not in seen:
            seen[name] = None
            queue.extend(contexts[name].within)
    return iter(seen)


class Keymap:
    """The keys in force.

    A setting that cannot hold is left out and told in `problems`; its action keeps the table's keys,
    so a slip in a settings file never locks anybody out.
    """

    def __init__(
        self,
        actions: Mapping[str, Action],
        contexts: Mapping[str, Context],
        chosen: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._actions = actions
        self._contexts = contexts
        self._keys = {action.id: action.keys for action in actions.values()}
        self.problems = tuple(self._choose(chosen or {}))

    def keys(self, action: str) -> tuple[str, ...]:
        """Keys of an action, by its id."""
        return self._keys[action]

    def label(self, action: str) -> str:
        """First key of an action as shown to people; empty if it has none."""
        keys = self._keys[action]
        return key_label(keys[0]) if keys else ""

    def action(self, key: str, contexts: Iterable[str]) -> tuple[str, Action] | None:
        """The action that a key sets off, with the context that has it; contexts nearest first."""
        for context in contexts:
            for action in self._actions.values():
                if context in action.contexts and key in self._keys[action.id]:
                    return context, action
        return None

    def clashes(self) -> Iterator[tuple[str, str, str]]:
        """Each key that means two things in one place: key, id of one action, id of the other."""
        told = set()
        for context in self._contexts:
            together = set(contexts_with(context, self._contexts))
            taken: dict[str, str] = {}
            for action in self._actions.values():
                if together.isdisjoint(action.contexts):
                    continue
                for key in self._keys[action.id]:
                    other = taken.setdefault(key, action.id)
                    if other != action.id and (key, other, action.id) not in told:
                        told.add((key, other, action.id))
                        yield key, other, action.id

    def _choose(self, chosen: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        accepted: dict[str, tuple[str, ...]] = {}
        for action, keys in chosen.items():
            if problem := self._wrong(action, keys):
                yield problem
            else:
                accepted[action] = keys
        self._keys.update(accepted)
        while clash := next(self.clashes(), None):
            key, *pair = clash
            guilty = pair[1] if pair[1] in accepted else pair[0]
            pair.remove(guilty)
            yield (
                f'keys.{guilty}: "{key}" is already "{self._actions[pair[0]].text}" ({pair[0]}) '
                "in the same place; choose another key, or give that one another key too"
            )
            del accepted[guilty]
            self._keys[guilty] = self._actions[guilty].keys

    def _wrong(self, action: str, keys: tuple[str, ...]) -> str:
        if action not in self._actions:
            from difflib import get_close_matches

            close = get_close_matches(action, self._actions, n=1)
            hint = f'did you mean "{close[0]}"?' if close else "`oxtui keys` lists all actions"
            return f'keys: there is no action "{action}"; {hint}'
        for key in keys:
            if same := UNBINDABLE.get(key):
                return f"keys.{action}: terminals send {key} as {same}, so it cannot be bound"
        return ""
