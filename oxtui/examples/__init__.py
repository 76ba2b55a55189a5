"""Templates that come with oxtui."""

from __future__ import annotations

from importlib.resources import files


def example(name: str) -> str:
    """The text of an example, such as `demo.pkr.hcl`."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
