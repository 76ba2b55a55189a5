"""Under the step rail: the temporary instance, and how it can be reached."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from oxtui.build.state import BuildState
from oxtui.logs.sanitise import plain
from screens.widgets.top_line import TONES
from screens.wording import state


class InstanceCard(Static):
    """Name, state and address, as far as they are known."""

    DEFAULT_CSS = """
    InstanceCard {
        height: auto;
        display: none;
        padding: 0 1;
        border-top: solid $panel;
        background: $surface;
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._drawn: tuple[object, ...] = ()

    def show(self, build: BuildState) -> None:
        """Tell of a build's instance; hidden while it has none."""
        named = (each.name for each in build.resources.values() if each.id == build.instance)
        name = next(named, build.instance)
        width = self.content_size.width
        drawn = (name, build.instance_state, build.address, width)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.display = bool(build.instance)
        lines = [Content(plain(name))]
        if build.instance_state:
            cell = state(build.instance_state)
            lines.append(Content.styled(cell.text, TONES[cell.tone]))
        place = "" if build.address is None else build.address.place
        if place not in ("", name) and build.instance_state == "running":
            if 0 < width < len(place):  # the address is what is needed, in one piece
                place = place.rpartition("@")[2]
            lines.append(Content.styled(plain(place), "$text-muted"))
        self.update(Content("\n").join(lines))
